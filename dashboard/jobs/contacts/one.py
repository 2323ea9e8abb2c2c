"""Adds, changes and removes one contact of a list."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dashboard.jobs import audit
from dashboard.jobs.contacts.address import normal_form
from dashboard.jobs.contacts.fields import kept
from dashboard.jobs.contacts.lists import Gone, Stale
from dashboard.models import Contact, ContactList, User, clock, transaction


class Taken(Exception):
    """Another contact of the list has this address."""


def add_contact(
    found: ContactList,
    email: str,
    values: Mapping[str, object],
    *,
    by: User | None,
    address: str | None = None,
) -> int:
    """Add a contact to a list; give its number.

    Raises NotAnAddress, and Taken where the list has the address already.
    """
    list_id = found.id
    try:
        with transaction() as session:
            contact = Contact(list_id=list_id, added_at=clock(), **_given(email, values))
            session.add(contact)
            session.flush()
            _record("contact.add", contact, by, address)
            return contact.id
    except IntegrityError as error:
        raise Taken from error


def change_contact(
    contact_id: int,
    email: str,
    values: Mapping[str, object],
    *,
    seen: datetime,
    by: User | None,
    address: str | None = None,
) -> None:
    """Change a contact that was as *seen*. Raises NotAnAddress, Taken, Gone and Stale."""
    try:
        with transaction() as session:
            contact = _locked(session, contact_id, seen)
            for attribute, value in _given(email, values).items():
                setattr(contact, attribute, value)
            session.flush()
            _record("contact.change", contact, by, address)
    except IntegrityError as error:
        raise Taken from error


def remove_contact(
    contact_id: int, *, seen: datetime, by: User | None, address: str | None = None
) -> None:
    """Remove a contact that was as *seen*. Raises Gone and Stale."""
    with transaction() as session:
        contact = _locked(session, contact_id, seen)
        _record("contact.remove", contact, by, address)
        session.delete(contact)


def _given(email: str, values: Mapping[str, object]) -> dict[str, Any]:
    return {
        "address": normal_form(email),
        "email": email.strip(),
        "values": {name: kept(value) for name, value in values.items() if value is not None},
        "changed_at": clock(),
    }


def _locked(session: Session, contact_id: int, seen: datetime) -> Contact:
    query = select(Contact).where(Contact.id == contact_id).with_for_update()
    contact = session.scalars(query.execution_options(populate_existing=True)).first()
    if contact is None:
        raise Gone
    if contact.changed_at != seen:
        raise Stale
    return contact


def _record(action: str, contact: Contact, by: User | None, address: str | None) -> None:
    # The address itself is not written down: it goes with the contact.
    detail = {"list": contact.list_id, "contact": contact.id}
    audit.record(action, by=by, address=address, detail=detail)
