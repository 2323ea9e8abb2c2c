"""Writes the contacts of a list in the order of their addresses, a batch at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.formats import Column
from dashboard.jobs.contacts.fields import EMAIL, NATIVE, natural
from dashboard.jobs.contacts.find import count_of, list_of
from dashboard.jobs.errors import Permanent
from dashboard.jobs.ledger_rows import LedgerRows, Rows
from dashboard.jobs.running import Running
from dashboard.models import Contact, ContactList, Job, User
from dashboard.words import marked

FORMATS: Final = ("csv", "xlsx")
SPREADSHEET: Final = "spreadsheet"
BATCH: Final = 2000  # contacts
NAME: Final = "contacts"
GONE: Final = marked("This list is not there any more, or you may not see it.")


def run(running: Running) -> None:
    """Do the work of one job. Raises FormatError, StorageError, Permanent or Stop."""
    rows = LedgerRows(running)
    found = _list(running)
    types = {each["name"]: each["type"] for each in found.fields}
    columns = [
        Column(EMAIL, "E-mail"),
        *(Column(each["name"], each["label"], NATIVE[each["type"]][0]) for each in found.fields),
    ]
    list_id, total = found.id, count_of(found)
    db.session.rollback()
    is_safe = running.params.get("manner") == SPREADSHEET
    rows.write(
        _batches(running, list_id, types),
        columns,
        name=NAME,
        noun="contacts",
        total=total,
        document=replace(rows.document, formula_safe=is_safe),
    )


def count(params: Mapping[str, Any]) -> int | None:
    """Count the contacts of the list that *params* name."""
    found = db.session.get(ContactList, params["list"]) if params["list"] else None
    return count_of(found) if found is not None else 0


def _batches(running: Running, list_id: int, types: Mapping[str, str]) -> Iterator[Rows]:
    """Give the rows; between two batches the ledger is let go."""
    query = select(Contact.address, Contact.email, Contact.values)
    query = query.where(Contact.list_id == list_id).order_by(Contact.address).limit(BATCH)
    after = ""
    while True:
        running.check()
        found = db.session.execute(query.where(Contact.address > after)).all()
        db.session.rollback()
        if found:
            yield [
                (email, *(natural(values.get(name), type_) for name, type_ in types.items()))
                for _, email, values in found
            ]
        if len(found) < BATCH:
            return
        after = found[-1][0]


def _list(running: Running) -> ContactList:
    """Give the list, where the person whose the job is now may see it."""
    query = select(User).join(Job, Job.requested_by_id == User.id).where(Job.id == running.id)
    found = list_of(running.params["list"] or 0, db.session.scalars(query).one())
    if found is None:
        raise Permanent(GONE)
    return found
