"""In which manner a person reads pages and letters."""

import uuid

from flask import current_app
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.models import Job, User
from dashboard.words import LOCALES, Manner
from dashboard.words.manner import zone_of


def manner_of(person: User) -> Manner:
    """Give the manner of *person*; the desk's where they chose none, or one not known here."""
    locale, zone = person.locale, person.time_zone
    return Manner(
        locale if locale in LOCALES else current_app.config["LOCALE"],
        zone if zone and zone_of(zone) else current_app.config["TIME_ZONE"],
    )


def asker_of(job_id: uuid.UUID) -> Manner:
    """Give the manner in which whoever asked for the job reads."""
    query = select(User).join(Job, Job.requested_by_id == User.id).where(Job.id == job_id)
    manner = manner_of(db.session.scalars(query).one())
    db.session.rollback()
    return manner
