"""Starts the check of a mailing's recipients."""

from typing import Any

from dashboard import jobs
from dashboard.jobs.kind import find
from dashboard.kinds.mailings.audience.kind import NAME
from dashboard.kinds.mailings.audience.needs import needs_of
from dashboard.kinds.mailings.drafts import Changed, content_digest, save
from dashboard.models import Job, Mailing, MailingState, User


def params_of(mailing: Mailing) -> dict[str, Any]:
    """Give the choices of a job that checks the recipients that *mailing* has now."""
    needs = needs_of(mailing)
    return {
        "mailing": mailing.id,
        "title": mailing.title,
        "audience": mailing.audience,
        "fields": list(needs.fields),
        "subject": list(needs.subject),
        "content": content_digest(mailing),
    }


def start_check(mailing: Mailing, version: int, *, by: User, **more: Any) -> Job:
    """Check the recipients of *mailing* as its *version* has them; pressing twice starts one job.

    *more* goes to jobs.start. Raises Changed where the mailing was saved meanwhile, TooManyJobs.
    """
    key = f"{NAME}:{mailing.id}:{version}"
    begun = jobs.by_key(key)
    if begun is not None and mailing.check_id == begun.id:
        return begun
    if mailing.version != version or mailing.state != MailingState.DRAFT:
        raise Changed(mailing)
    kind = find(NAME)
    assert kind is not None
    job = jobs.start(kind, params_of(mailing), by=by, key=key, **more).job
    try:
        save(mailing.id, version, by=by, check_id=job.id)
    except Changed as error:
        if error.mailing.check_id != job.id:  # Else the other press was quicker.
            raise
    return job
