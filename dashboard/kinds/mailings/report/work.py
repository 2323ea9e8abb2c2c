"""Writes the recipients of a mailing: a batch at a time, so that a million take no more room."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, func, or_, select, true

from dashboard.extensions import db
from dashboard.formats import Column
from dashboard.jobs.errors import Permanent
from dashboard.jobs.ledger_rows import LedgerRows, Rows
from dashboard.jobs.running import Running
from dashboard.kinds.mailings.sight import find_mailing
from dashboard.kinds.mailings.watch.audience import left_out
from dashboard.kinds.mailings.watch.lines import plain_reason, tries
from dashboard.kinds.mailings.watch.sorts import BY_NAME, sort_of
from dashboard.models import Delivery, Fate, Job, Mailing, User
from dashboard.words import marked

FORMATS: Final = ("csv",)
BATCH: Final = 2_000
GONE: Final = marked("This mailing does not exist any more, or is not for you to see.")
COLUMNS: Final = (
    Column("recipient", "Recipient"),
    Column("state", "State"),
    Column("at", "When", "datetime"),
    Column("tries", "Tries", "integer"),
    Column("code", "Code", "integer"),
    Column("words", "The mail server said"),
    Column("reason", "What it means"),
    Column("message_id", "Message-ID"),
)
READ: Final = (
    Delivery.id,
    Delivery.email,
    Delivery.state,
    Delivery.changed_at,
    Delivery.tries,
    Delivery.past,
    Delivery.code,
    Delivery.words,
    Delivery.reason,
    Delivery.message_id,
    Delivery.values,
)


def run(running: Running) -> None:
    """Do the work of one job. Raises FormatError, StorageError, Permanent or Stop."""
    rows = LedgerRows(running)
    mailing = _mailing(running)
    wanted = (Delivery.mailing_id == mailing.id) & _of_sort(running.params.get("show") or "")
    fields = _fields(mailing, wanted)
    total = db.session.execute(select(func.count()).where(wanted)).scalar_one()
    db.session.rollback()
    # While it is sent more may come to be of a sort, or fewer.
    rows.write(
        _batches(running, wanted, fields),
        (*COLUMNS, *(Column(f"field:{name}", name) for name in fields)),
        name=running.title,
        noun="recipients",
        total=total,
    )


def _mailing(running: Running) -> Mailing:
    """Give the mailing, where the person whose job it is may see it now."""
    query = select(User).join(Job, Job.requested_by_id == User.id).where(Job.id == running.id)
    reader = db.session.scalars(query).one()
    mailing = find_mailing(int(running.params["mailing"]), reader)
    if mailing is None:
        raise Permanent(GONE)
    return mailing


def _of_sort(show: str) -> ColumnElement[bool]:
    if show not in BY_NAME:
        return true()
    return or_(*(Delivery.state == fate for fate in BY_NAME[show].fates))


def _fields(mailing: Mailing, wanted: ColumnElement[bool]) -> Sequence[str]:
    """Give the names of the audience's fields: those that were checked, else of the first ones."""
    checked = left_out(mailing)
    query = select(Delivery.values).where(wanted).order_by(Delivery.id).limit(BATCH)
    found = dict.fromkeys(name for values in db.session.scalars(query) for name in values)
    return tuple(dict.fromkeys([*(checked.fields if checked else ()), *found]))


def _batches(
    running: Running, wanted: ColumnElement[bool], fields: Sequence[str]
) -> Iterator[Rows]:
    """Give the rows in the order of the audience; between two batches the ledger is let go."""
    after = 0
    while True:
        running.check()
        query = select(*READ).where(wanted, Delivery.id > after).order_by(Delivery.id).limit(BATCH)
        found = db.session.execute(query).all()
        db.session.rollback()
        if found:
            yield [_row(one, fields) for one in found]
        if len(found) < BATCH:
            return
        after = found[-1].id


def _row(one: Any, fields: Sequence[str]) -> tuple[object, ...]:
    is_new = one.state == Fate.QUEUED and not one.past
    return (
        one.email,
        sort_of(one.state).title,
        None if is_new else one.changed_at,
        tries(one),
        one.code or None,
        one.words if one.code else None,
        plain_reason(one.state, one.code, one.words, one.reason) or None,
        one.message_id,
        *(_text(one.values.get(name)) for name in fields),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
