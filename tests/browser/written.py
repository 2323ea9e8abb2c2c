"""Jobs that are only written into the ledger: nobody works on them."""

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.models import Job, User
from tests.browser.conftest import EMAIL


def written(session: Session, **values: Any) -> Job:
    """Add a job with *values*, inside the caller's transaction."""
    job = Job(
        id=uuid.uuid4(),
        prefix="R",
        kind="counting",
        family="reports",
        params={"rows": 3, "formats": ["csv"]},
        choices=[["Rows", "3"]],
        choice_hash="",
        idempotency_key=uuid.uuid4().hex,
        requested_by_id=session.scalars(select(User.id).where(User.email == EMAIL)).one(),
        queue="reports",
        **values,
    )
    session.add(job)
    session.flush()
    return job
