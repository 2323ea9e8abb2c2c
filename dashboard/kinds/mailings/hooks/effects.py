"""What follows from what mail services tell: all of one call, or nothing of it.

Told twice, in another order or too late, it changes nothing more.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.kinds.mailings.hooks.event import Event, Sort
from dashboard.kinds.mailings.suppressions import Entry, put
from dashboard.models import Cause, Delivery, Fate, clock, transaction

Item = TypeVar("Item")

CHUNK: Final = 200  # addresses or deliveries of one question
BOUNCED: Final = "bounced"
RETURNED: Final = "returned"
SOFT_BOUNCE: Final = "soft-bounce"
COMPLAINED: Final = "complained"
"""The reasons that a delivery has from here; with the last two it stays sent."""

CAUSES: Final = {
    Sort.BOUNCE: Cause.BOUNCED,
    Sort.COMPLAINT: Cause.COMPLAINED,
    Sort.UNSUBSCRIBE: Cause.UNSUBSCRIBED,
}


class Done(NamedTuple):
    """How many addresses are new on the list, and how many deliveries are marked.

    *known* are the places of the events that are about deliveries of the desk's.
    """

    suppressed: int = 0
    marked: int = 0
    known: frozenset[int] = frozenset()


def follow(events: Sequence[Event]) -> Done:
    """Do in one transaction what follows from *events*."""
    if not events:
        return Done()
    with transaction() as session:
        return follow_in(session, events)


def follow_in(session: Session, events: Sequence[Event]) -> Done:
    """Do what follows from *events* in the caller's transaction."""
    now = clock()
    found = _found(session, events)
    entries = [
        entry
        for at, event in enumerate(events)
        if (entry := _entry(event, found.get(at))) is not None
    ]
    marks = [_marks(found[at], event, now) for at, event in enumerate(events) if at in found]
    return Done(put(session, entries), sum(marks), frozenset(found))


def _entry(event: Event, delivery: Delivery | None) -> Entry | None:
    """Give what is put on the list because of *event*, if anything."""
    if event.sort == Sort.DELIVERED or (event.sort == Sort.BOUNCE and not event.permanent):
        return None
    if event.needs_delivery and (delivery is None or delivery.reason == BOUNCED):
        # An old report may be read once more: by now somebody may have let the address off.
        return None
    entry = Entry(event.address, CAUSES[event.sort], event.detail)
    if delivery is None:
        return entry
    address = delivery.address if event.needs_delivery else event.address
    return entry._replace(address=address, mailing_id=delivery.mailing_id)


def _marks(delivery: Delivery, event: Event, now: Any) -> bool:
    """Mark a delivery that is sent with what is told of it; others are none of our business."""
    if delivery.state != Fate.SENT:
        return False
    fate, reason = Fate.SENT, COMPLAINED
    match event.sort:
        case Sort.BOUNCE if event.permanent:
            fate, reason = Fate.FAILED, BOUNCED
        case Sort.BOUNCE if event.is_lost:
            fate, reason = Fate.FAILED, RETURNED
        case Sort.BOUNCE if delivery.reason is None:
            reason = SOFT_BOUNCE
        case Sort.COMPLAINT if delivery.reason != COMPLAINED:
            pass
        case _:
            return False
    when = delivery.changed_at.isoformat() if delivery.changed_at else None
    delivery.past = [*(delivery.past or []), [when, delivery.state, delivery.code, delivery.words]]
    delivery.state, delivery.reason = fate, reason
    delivery.code, delivery.words = None, event.detail
    delivery.changed_at = now
    return True


def _found(session: Session, events: Sequence[Event]) -> dict[int, Delivery]:
    """Give the deliveries that *events* are about, by the places of these; nobody changes them."""
    ids = dict(_matches(session, events))
    query = select(Delivery).order_by(Delivery.id).with_for_update(of=Delivery)
    locked: dict[int, Delivery] = {}
    for some in _chunks(sorted(set(ids.values()))):  # In order: nobody waits for us then.
        chosen = query.where(Delivery.id.in_(some)).execution_options(populate_existing=True)
        locked |= {delivery.id: delivery for delivery in session.scalars(chosen)}
    return {at: locked[number] for at, number in ids.items() if number in locked}


def _matches(session: Session, events: Sequence[Event]) -> Iterator[tuple[int, int]]:
    """Give the places of events and the ids of their deliveries, found by address and Message-ID.

    Some services tell only the id that they have named in their answer, which is kept.
    """
    told = [(at, event) for at, event in enumerate(events) if event.message_id or event.service_id]
    by_address: dict[str, list[Any]] = {}
    addresses = sorted({address for _, event in told for address in _addresses(event)})
    query = select(
        Delivery.id, Delivery.address, Delivery.message_id, Delivery.words, Delivery.past
    )
    for some in _chunks(addresses):
        rows = session.execute(query.where(Delivery.address.in_(some)).order_by(Delivery.id))
        for row in rows:
            by_address.setdefault(row.address, []).append(row)
    for at, event in told:
        for row in chain.from_iterable(by_address.get(each, ()) for each in _addresses(event)):
            if row.message_id == event.message_id or _is_named(row, event.service_id):
                yield at, row.id
                break


def _addresses(event: Event) -> tuple[str, ...]:
    return event.address, *event.others


def _chunks(wanted: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (wanted[at : at + CHUNK] for at in range(0, len(wanted), CHUNK))


def _is_named(row: Any, service_id: str) -> bool:
    answers = [row.words, *(words for *_, words in row.past or ())]
    return bool(service_id) and any(service_id in (words or "") for words in answers)
