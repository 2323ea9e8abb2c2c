"""The scheduler: lives in the beat process and works straight on the ledger, without a broker."""

import logging
import platform
import time
from collections.abc import Callable
from typing import Any

from celery.beat import Scheduler
from flask import Flask

from dashboard.extensions import db
from dashboard.jobs import leftovers, old_uploads, sweep
from dashboard.jobs.damage import Round
from dashboard.jobs.kind import families
from dashboard.jobs.old_images import OldImages

logger = logging.getLogger(__name__)

SELDOM_SECONDS = 60.0
EVERY_TICK: tuple[Callable[[], Any], ...] = (
    sweep.take_back_expired,
    sweep.release_due,
    sweep.hint_again,
    sweep.send_notices,
)
SELDOM: tuple[Callable[[], Any], ...] = (
    sweep.delete_expired_files,
    sweep.delete_expired_attachments,
    old_uploads.delete_expired_uploads,
    leftovers.sweep_drafts,
    leftovers.sweep_files,
    sweep.forget_processes,
)


class LedgerScheduler(Scheduler):  # type: ignore[misc]  # Celery is not typed.
    """Celery's beat with a tick of its own; two of them do no harm."""

    def __init__(self, app: Any, **kwargs: Any) -> None:
        super().__init__(app, **kwargs)
        self.flask_app: Flask = app.flask_app
        self.name = f"scheduler@{platform.node()}"
        self._seldom_at = 0.0
        self._first = True
        self._round = Round()
        self._images = OldImages()

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Do what is due; gives the seconds until the next tick."""
        with self.flask_app.app_context():
            self._do(lambda: sweep.heard(self.name, started=self._first))
            self._first = False
            acts = EVERY_TICK
            if time.monotonic() - self._seldom_at >= SELDOM_SECONDS or not self._seldom_at:
                self._seldom_at = time.monotonic()
                acts += (*SELDOM, self._images.forget, self._round.go_on)
            for act in (*acts, *(family.mend for family in families())):
                self._do(act)
        return float(self.flask_app.config["TICK_SECONDS"])

    def _do(self, act: Callable[[], Any]) -> None:
        """One act that fails must not keep the others from being done."""
        try:
            act()
        except Exception:
            logger.exception("A scheduler's act failed: %s", act)
            db.session.rollback()
