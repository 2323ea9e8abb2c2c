"""Whether the recipients of a mailing are checked, and whether that check still holds."""

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import Fact, fact_of
from dashboard.kinds.mailings.audience.kind import NAME
from dashboard.kinds.mailings.audience.needs import Needs, needs_of
from dashboard.models import Job, Mailing, State


def check_of(mailing: Mailing) -> Fact | None:
    """Give the newest check of the recipients of *mailing*, be it over or not; None without one."""
    if mailing.check_id is None:
        return None
    query = select(Job).where(Job.id == mailing.check_id, Job.kind == NAME)
    found = db.session.scalars(query).first()
    if found is None or found.params["mailing"] != mailing.id:
        return None
    return fact_of(found)


def is_current(mailing: Mailing, job: Fact) -> bool:
    """Whether *job* has checked the recipients that *mailing* has, for just what it says now.

    What it asks no longer does not matter as long as nobody was left out for it.
    """
    needs = needs_of(mailing)
    return (
        mailing.audience is not None
        and job.params["audience"] == mailing.audience
        and set(needs.fields) <= set(job.params["fields"])
        and set(needs.subject) <= set(job.params["subject"])
        and not _blames_the_past(job, needs)
    )


def _blames_the_past(job: Fact, needs: Needs) -> bool:
    """Whether rows were left out for what the message does not ask of them any more."""
    lacking, broken = (job.result.get(name, {}) for name in ("missing", "broken"))
    return bool(set(lacking) - set(needs.fields) or set(broken) - set(needs.subject))


def people(mailing: Mailing) -> int:
    """Give how many will get *mailing*; 0 as long as no check that holds says so."""
    job = check_of(mailing)
    if job is None or job.state != State.SUCCEEDED or not is_current(mailing, job):
        return 0
    return int(job.result["counts"]["good"])
