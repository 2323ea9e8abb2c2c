"""What targets keep of rows as they were before imports is forgotten when its time is over."""

import logging
import time
import uuid
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from flask import current_app
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.models import ACTIVE, Attachment, Job
from dashboard.sources import SourceError
from dashboard.sources.writing import Target

logger = logging.getLogger(__name__)

AGAIN: Final = 3600.0
"""Seconds after which a target is looked at once more, or is tried again."""

AT_ONCE: Final = 50_000
"""Images that one look forgets; the scheduler has other things to do meanwhile."""


class OldImages:
    """Remembers when which target is to be looked at."""

    def __init__(self) -> None:
        self._due: dict[str, float] = {}

    def forget(self) -> int:
        """Forget in each target what is old; gives how many images.

        A target that cannot be reached is left for the next time.
        """
        targets: dict[str, Target] = current_app.extensions["targets"]
        due = [name for name in targets if time.monotonic() >= self._due.get(name, 0.0)]
        if not due:
            return 0
        days = current_app.config["KEEP_IMAGES_DAYS"]
        before = datetime.now(UTC) - timedelta(days=days)
        keep, busy = runs_that_may_go_on(), runs_of_active_jobs()
        db.session.rollback()  # Forgetting takes long; no snapshot is held meanwhile.
        return sum(self._forget(targets[name], before, keep, busy) for name in due)

    def _forget(
        self, target: Target, before: datetime, keep: Collection[str], busy: Collection[str]
    ) -> int:
        try:
            gone = target.forget(before, keep=keep, busy=busy, limit=AT_ONCE)
        except SourceError as error:
            logger.warning("Old imports of %s cannot be forgotten: %s", target.name, error)
            self._due[target.name] = time.monotonic() + AGAIN
            return 0
        self._due[target.name] = time.monotonic() + (0.0 if gone.more else AGAIN)
        if gone.images or gone.marks:
            logger.info(
                "Forgot %d images and %d marks of old imports in %s",
                *(gone.images, gone.marks, target.name),
            )
        return gone.images


def runs_that_may_go_on() -> set[str]:
    """Give the runs whose marks must stay, or a later attempt would write rows twice.

    A run is named after a job, and can go on while something of that is still stored: a check can
    be imported for as long as its findings are there.
    """
    stored = select(Attachment.job_id).where(Attachment.deleted_at.is_(None)).distinct()
    return {job_id.hex for job_id in db.session.scalars(stored)}


def runs_of_active_jobs() -> set[str]:
    """Give the runs that jobs which are not over name: they go on, or are being taken back."""
    found = set()
    named = select(Job.params["check"].as_string(), Job.params["run"].as_string())
    for texts in db.session.execute(named.where(Job.state.in_(ACTIVE))):
        for text in texts:
            with suppress(ValueError):
                found.add(uuid.UUID(text or "").hex)
    return found
