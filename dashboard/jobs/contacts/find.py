"""Finds contact lists that a person may see, and contacts in them a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import func, select

from dashboard.extensions import db
from dashboard.models import Contact, ContactList, User

PAGE: Final = 50  # contacts
LOOKED_THROUGH: Final = 20_000
"""Contacts that a search for any text looks at: well under a second; it can go on from there."""

LAST: Final = chr(0x10FFFF)  # Comes after whatever an address can go on with.


class Summed(NamedTuple):
    """A list, how many contacts it has, and when one of them or the list itself changed last."""

    list: ContactList
    contacts: int
    changed_at: datetime


@dataclass(frozen=True)
class ContactPage:
    """Contacts in the order of their addresses; *newer* and *older* are addresses to go on from.

    A search for any text that did not come to its end has looked at no more than up to *reached*.
    """

    contacts: Sequence[Contact]
    before: str | None = None
    after: str | None = None
    reached: str | None = None


def lists_of(user: User) -> list[Summed]:
    """Give the lists that a person may see, by title."""
    lists = [one for one in db.session.scalars(select(ContactList)) if user.role in one.roles]
    ids = [one.id for one in lists]
    counted = _counted(ids)
    return sorted(
        (
            Summed(one, counts, max(at, one.changed_at) if at else one.changed_at)
            for one in lists
            for counts, at in [counted.get(one.id, (0, None))]
        ),
        key=lambda summed: (summed.list.title.casefold(), summed.list.id),
    )


def list_of(list_id: int, user: User) -> ContactList | None:
    """Give the list, or None where there is none or the person may not see it."""
    found = db.session.get(ContactList, list_id)
    return found if found is not None and user.role in found.roles else None


def count_of(found: ContactList) -> int:
    """Give how many contacts a list has."""
    return _counted([found.id]).get(found.id, (0, None))[0]


def contact_of(found: ContactList, contact_id: int) -> Contact | None:
    """Give a contact of the list, or None."""
    contact = db.session.get(Contact, contact_id)
    return contact if contact is not None and contact.list_id == found.id else None


def page_of(
    found: ContactList,
    q: str = "",
    *,
    anywhere: bool = False,
    after: str | None = None,
    before: str | None = None,
    limit: int = PAGE,
) -> ContactPage:
    """Give contacts whose address begins with *q*, or that have it *anywhere* in them.

    They lie behind the address *after* or ahead of *before*, whether there is such a one or not.
    """
    # No address has such a character, and PostgreSQL takes none.
    after, before = (each and each.replace("\0", "") for each in (after, before))
    q = q.replace("\0", "").strip().casefold()
    if anywhere and q:
        return _searched(found, q, after or "", limit)
    query = select(Contact).where(Contact.list_id == found.id)
    if q:
        query = query.where(Contact.address >= q, Contact.address < q + LAST)
    if before is not None:
        upwards = query.where(Contact.address < before).order_by(Contact.address.desc())
        rows = list(db.session.scalars(upwards.limit(limit + 1)))
        if len(rows) > limit:
            shown = rows[limit - 1 :: -1]
            return ContactPage(shown, shown[0].address, shown[-1].address)
        after = None  # There is no full page ahead: the first one is shown.
    if after is not None:
        query = query.where(Contact.address > after)
    rows = list(db.session.scalars(query.order_by(Contact.address).limit(limit + 1)))
    shown = rows[:limit]
    return ContactPage(
        shown,
        shown[0].address if shown and after is not None else None,
        shown[-1].address if len(rows) > limit else None,
    )


def _searched(found: ContactList, q: str, after: str, limit: int) -> ContactPage:
    """Look through some contacts for a text in them."""
    query = select(Contact.id, Contact.address, Contact.email, Contact.values)
    query = query.where(Contact.list_id == found.id, Contact.address > after)
    ids: list[int] = []
    reached: str | None = after
    looked = 0
    for id_, address, email, values in db.session.execute(
        query.order_by(Contact.address).limit(LOOKED_THROUGH)
    ):
        looked += 1
        reached = address
        if q in email.casefold() or any(q in str(each).casefold() for each in values.values()):
            ids.append(id_)
            if len(ids) == limit:
                break
    is_whole = looked < LOOKED_THROUGH and len(ids) < limit
    rows = db.session.scalars(select(Contact).where(Contact.id.in_(ids)).order_by(Contact.address))
    more = reached if len(ids) == limit else None
    return ContactPage(
        list(rows), after=more, reached=None if is_whole or more is not None else reached
    )


def _counted(ids: Sequence[int]) -> Mapping[int, tuple[int, datetime | None]]:
    """Give number and last change of the contacts of each list."""
    query = select(Contact.list_id, func.count(), func.max(Contact.changed_at))
    query = query.where(Contact.list_id.in_(ids)).group_by(Contact.list_id)
    return {list_id: (counts, at) for list_id, counts, at in db.session.execute(query)}
