"""Makes, changes and deletes contact lists, each open for import under its own name."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from dashboard.extensions import db
from dashboard.jobs import audit
from dashboard.jobs.contacts import NAME
from dashboard.jobs.contacts.fields import checks_of, name_of
from dashboard.jobs.tables import slug_of
from dashboard.jobs.targets import MODES
from dashboard.models import Contact, ContactList, ImportTarget, User, clock, transaction

NAME_LIMIT: Final = 20  # characters of a list's name, before its number
AT_ONCE: Final = 5000
"""Contacts that are deleted in one transaction, for which others wait less than a second."""

Field = Mapping[str, Any]


class Stale(Exception):
    """Somebody else has changed it since it was looked at."""


class Gone(Exception):
    """It was deleted meanwhile."""


class FieldInUse(Exception):
    """A field that holds values would be dropped: its *label*, and how many *contacts* have one."""

    def __init__(self, label: str, contacts: int) -> None:
        super().__init__(label)
        self.label = label
        self.contacts = contacts


def make_list(
    title: str,
    *,
    summary: str = "",
    roles: Collection[str],
    fields: Sequence[Field] = (),
    by: User | None,
    address: str | None = None,
) -> ContactList:
    """Make a list whose *fields* are {"label": …, "type": …}; *roles* may see and import."""
    with transaction() as session:
        now = clock()
        found = ContactList(
            name="",
            title=_line(title),
            summary=_line(summary),
            roles=sorted(roles),
            fields=_named(fields),
            made_by_id=by.id if by else None,
            made_at=now,
            changed_at=now,
        )
        session.add(found)
        session.flush()
        found.name = _name_of(found.title, found.id)
        target = ImportTarget(
            source=NAME,
            name=found.name,
            slug=slug_of(NAME, found.name),
            modes=list(MODES),
            opened_by_id=found.made_by_id,
            opened_at=now,
            **_opened(found),
        )
        session.add(target)
        detail = {"list": found.id, "name": found.name}
        audit.record("contact-list.make", by=by, address=address, detail=detail)
    return found


def change_list(
    list_id: int,
    *,
    seen: datetime,
    title: str,
    summary: str,
    roles: Collection[str],
    fields: Sequence[Field],
    by: User | None,
    address: str | None = None,
) -> ContactList:
    """Change a list that was as *seen*; of *fields*, those with a name are there already.

    Raises Gone, Stale, and FieldInUse where a field would be dropped that holds values.
    """
    with transaction() as session:
        found = _locked(session, list_id)
        if found.changed_at != seen:
            raise Stale
        stays = {field["name"] for field in fields if field.get("name")}
        for field in found.fields:
            if field["name"] not in stays and (used := _used(found.id, field["name"])):
                raise FieldInUse(field["label"], used)
        types = {field["name"]: field["type"] for field in found.fields}
        # The type of a field that is there stays: its values are of that type.
        kept = [{**field, "type": types.get(field.get("name"), field["type"])} for field in fields]
        found.title, found.summary = _line(title), _line(summary)
        found.roles, found.fields = sorted(roles), _named(kept, set(types))
        found.changed_at = clock()
        if (target := import_of(found)) is not None:
            for attribute, value in _opened(found).items():
                setattr(target, attribute, value)
        detail = {"list": found.id, "name": found.name}
        audit.record("contact-list.change", by=by, address=address, detail=detail)
    return found


def delete_list(list_id: int, *, by: User | None, address: str | None = None) -> int:
    """Delete a list with all its contacts; give how many these were. Raises Gone.

    Part by part, so that nobody waits; what was begun can be ended by deleting it again.
    """
    with transaction() as session:
        found = _locked(session, list_id)
        if (target := import_of(found)) is not None:
            session.delete(target)
    deleted = 0
    some = select(Contact.id).where(Contact.list_id == list_id).limit(AT_ONCE)
    while True:
        with transaction() as session:
            ids = session.scalars(some).all()
            if not ids:
                found = _locked(session, list_id)
                ids = session.scalars(some).all()  # An import may just have ended.
            if ids:
                session.execute(
                    delete(Contact)
                    .where(Contact.id.in_(ids))
                    .execution_options(synchronize_session=False)
                )
                deleted += len(ids)
                continue
            detail = {"list": found.id, "name": found.name, "contacts": deleted}
            session.delete(found)
            audit.record("contact-list.delete", by=by, address=address, detail=detail)
            return deleted


def imports() -> dict[str, str]:
    """Give the slugs of the imports into lists, by the names of the lists."""
    query = select(ImportTarget.name, ImportTarget.slug).where(ImportTarget.source == NAME)
    return {row.name: row.slug for row in db.session.execute(query)}


def import_of(found: ContactList) -> ImportTarget | None:
    """Give what lets people import into the list; None where an administrator has closed it."""
    query = select(ImportTarget).where(ImportTarget.source == NAME, ImportTarget.name == found.name)
    return db.session.scalars(query).first()


def _locked(session: Session, list_id: int) -> ContactList:
    query = select(ContactList).where(ContactList.id == list_id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).first()
    if found is None:
        raise Gone
    return found


def _opened(found: ContactList) -> dict[str, Any]:
    """Give what the import of a list shows of it."""
    return {
        "title": f"Import contacts into {found.title}",
        "summary": found.summary,
        "roles": found.roles,
        "checks": checks_of(found.fields),
    }


def _used(list_id: int, name: str) -> int:
    """Give how many contacts of a list have a value in the field *name*."""
    has_value = Contact.values[name].as_string().is_not(None)
    query = select(func.count()).where(Contact.list_id == list_id, has_value)
    return db.session.execute(query).scalar_one()


def _named(fields: Sequence[Field], taken: Collection[str] = ()) -> list[dict[str, Any]]:
    """Give *fields* with a name each; a dropped one's, among *taken*, is not given again."""
    names = set(taken) | {field["name"] for field in fields if field.get("name")}
    found = []
    for field in fields:
        name = field.get("name") or name_of(field["label"], names)
        names.add(name)
        found.append({"name": name, "label": _line(field["label"]), "type": field["type"]})
    return found


def _name_of(title: str, number: int) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", title.casefold())[:NAME_LIMIT].strip("_")
    return f"{words or 'list'}_{number}"


def _line(text: str) -> str:
    """Give *text* in one line, without what no database takes."""
    return " ".join(text.replace("\0", "").split())
