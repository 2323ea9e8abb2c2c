"""An export of contacts in words: its title and the choices that were made."""

from collections.abc import Mapping
from typing import Any

from dashboard.extensions import db
from dashboard.jobs.document import formats_choice
from dashboard.kinds.desk.contacts.work import SPREADSHEET
from dashboard.models import ContactList


def title_of(params: Mapping[str, Any]) -> str:
    """Give the title of a job, as in “Contacts of Newsletter readers”."""
    found = _list(params)
    return f"Contacts of {found.title}" if found else "Contacts of a list that is gone"


def describe(params: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Give label and value of each choice, the formats last."""
    found = _list(params)
    is_plain = params.get("manner") != SPREADSHEET
    return (
        ("List", found.title if found else "gone"),
        ("Made for", "importing again" if is_plain else "a spreadsheet"),
        formats_choice(params),
    )


def _list(params: Mapping[str, Any]) -> ContactList | None:
    return db.session.get(ContactList, params["list"]) if params["list"] else None
