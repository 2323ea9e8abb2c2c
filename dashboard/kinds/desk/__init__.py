"""The desk itself: what it knows, as files."""

from dataclasses import replace

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs.kind import Family, Kind
from dashboard.kinds.desk.contacts import contacts
from dashboard.kinds.desk.job_list import job_list
from dashboard.models import ContactList
from dashboard.words import marked

KINDS = {kind.name: kind for kind in (job_list, contacts)}
UNLISTED = replace(contacts, listed=False)


def kinds() -> dict[str, Kind]:
    """Give each kind by its name; the export of contacts is offered once there is a list."""
    has_lists = db.session.execute(select(ContactList.id).limit(1)).first() is not None
    return KINDS if has_lists else {**KINDS, contacts.name: UNLISTED}


family = Family(
    name="desk",
    title=marked("Desk"),
    prefix="D",
    icon="concierge-bell",
    kinds=kinds,
    find=KINDS.get,
)
