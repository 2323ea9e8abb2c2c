"""Puts addresses on the list, and takes them off; each act is written down."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from sqlalchemy import delete
from sqlalchemy.orm import Session

from dashboard.jobs import audit
from dashboard.jobs.contacts.address import compared, normal_form
from dashboard.models import Cause, Suppression, User, clock, transaction
from dashboard.models.inserting import insert_new

CHUNK: Final = 100  # rows of one statement


class Entry(NamedTuple):
    """What is put on the list; *address* is in its normal form."""

    address: str
    cause: Cause
    note: str = ""
    mailing_id: int | None = None


def suppress(
    email: str,
    cause: Cause,
    *,
    note: str = "",
    mailing_id: int | None = None,
    by: User | None = None,
) -> bool:
    """Send nothing more to *email*; False where it stands there already, for whatever cause.

    Raises NotAnAddress.
    """
    address = normal_form(email)
    with transaction() as session:
        return put(session, [Entry(address, cause, note, mailing_id)], by=by) > 0


def suppress_all(
    addresses: Iterable[str], *, note: str, by: User, caller: str | None = None
) -> int:
    """Send nothing more to *addresses*, in their normal form; give how many are new there.

    *caller* is the network address of whoever adds them.
    """
    entries = [Entry(address, Cause.BY_HAND, note) for address in addresses]
    with transaction() as session:
        return put(session, entries, by=by, caller=caller)


def put(
    session: Session, entries: Iterable[Entry], *, by: User | None = None, caller: str | None = None
) -> int:
    """Put *entries* on the list in the caller's transaction; give how many are new there.

    Somebody else may put the same ones there at this moment: with a slow mail server people press
    twice. They go in the order of their addresses, so that no two wait for one another.
    """
    now = clock()
    first: dict[str, Entry] = {}
    for entry in entries:
        first.setdefault(entry.address, entry)
    rows = [
        {**first[address]._asdict(), "added_by_id": by.id if by else None, "added_at": now}
        for address in sorted(first)
    ]
    new: set[str] = set()
    for at in range(0, len(rows), CHUNK):
        given = insert_new(session, Suppression, rows[at : at + CHUNK], key="address")
        new |= set(session.scalars(given.returning(Suppression.address)))
    for address in sorted(new):
        detail = {"address": address, "cause": first[address].cause}
        audit.record("suppression.add", by=by, address=caller, detail=detail, at=now)
    return len(new)


def let_off(email: str, *, by: User, reason: str, caller: str | None = None) -> bool:
    """Let mailings go to *email* again; False where it does not stand there."""
    address = compared(email)
    with transaction() as session:
        gone = session.execute(delete(Suppression).where(Suppression.address == address))
        if not gone.rowcount:  # type: ignore[attr-defined]  # A delete gives a CursorResult.
            return False
        detail = {"address": address, "reason": reason}
        audit.record("suppression.remove", by=by, address=caller, detail=detail)
    return True
