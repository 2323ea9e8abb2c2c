"""One attempt at a claimed job: its work beside its keeper, and the end in the ledger."""

import logging
import time
from collections.abc import Callable

from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from dashboard.extensions import db
from dashboard.jobs import ending
from dashboard.jobs.claim import Claim
from dashboard.jobs.errors import Cancelled, Later, LeaseLost, Stop, UnknownKind, judge, technical
from dashboard.jobs.events import tell
from dashboard.jobs.keeper import Keeper
from dashboard.jobs.kind import find
from dashboard.jobs.past import PACE, past_runs
from dashboard.jobs.running import Running, Tell
from dashboard.jobs.snapshot import fact_of
from dashboard.jobs.telling import Telling
from dashboard.models import Artifact, Attachment, Job, State
from dashboard.words import marked

logger = logging.getLogger(__name__)

KIND_GONE = marked("This kind of job does not exist any more.")
# A ledger that is locked or away when the work ends is asked again this often ...
ASK_AGAIN_SECONDS = 0.5
# ... for this part of the lease, which nobody renews any more.
PART_OF_LEASE = 0.5


def attempt(claimed: Claim, begin: Callable[[Telling], Tell]) -> str:
    """Do the work of a claimed job and end the attempt in the ledger; gives the job's state.

    *begin* takes what will be told and gives how the work says its progress.
    """
    job, fence = claimed.job, claimed.fence
    job_id = job.id
    fact = fact_of(job)
    tell(fact)
    kind = find(job.kind)
    if kind is None:
        verdict = judge(UnknownKind(KIND_GONE, attention=True))
        return ending.fail(job_id, fence, verdict).state
    telling = Telling(job_id, fence, fact, past_runs(job.kind, fact.formats))
    running = Running(job, kind, fence, telling, begin(telling))
    db.session.rollback()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    logger.info("%s begins, attempt %d", running.number, running.attempt)
    try:
        with Keeper(app, running):
            kind.work(running)
            running.check()
            telling.flush(final=True)
        running.result[PACE] = telling.pace()
        return _succeeded(running)
    except SystemExit:
        # A worker's stop and a revoke look alike: the hand-back reads the cancel request first.
        db.session.rollback()
        _end(running, lambda: ending.hand_back(job_id, fence))
        raise
    except LeaseLost:
        return _lost(running)
    except Later as later:
        return _put_off(running, later)
    except Exception as error:  # Every failure of the work ends in the ledger.
        return _failed(running, running.stop or error)


def _succeeded(running: Running) -> str:
    job = _patiently(
        lambda: ending.succeed(
            running.id, running.fence, running.artifacts, running.result, running.attachments
        )
    )
    if job.state != State.SUCCEEDED:
        discard(running)
    logger.info("%s %s after %.1f s", running.number, job.state, running.elapsed)
    return job.state


def _put_off(running: Running, later: Later) -> str:
    db.session.rollback()
    logger.info("%s goes on later: %s", running.number, later.why)
    return _end(running, lambda: ending.put_off(running.id, running.fence, later))


def _failed(running: Running, error: BaseException) -> str:
    db.session.rollback()
    if isinstance(error, LeaseLost):
        return _lost(running)
    if isinstance(error, Cancelled):
        logger.info("%s is cancelled", running.number)
        return _end(running, lambda: ending.cancelled(running.id, running.fence))
    verdict = judge(error).saying(running.unchanged)
    log = logger.warning if isinstance(error, Stop) else logger.exception
    log("%s did not succeed: %s", running.number, verdict.failure.what)
    detail = technical(error)
    return _end(running, lambda: ending.fail(running.id, running.fence, verdict, detail))


def _end(running: Running, end: Callable[[], Job]) -> str:
    def end_with_last_words() -> Job:
        # What the work said last tells most of why it ended; a ledger that is away takes neither.
        running.telling.flush(final=True)
        return end()

    try:
        state = _patiently(end_with_last_words).state
    except LeaseLost:
        return _lost(running)
    except DBAPIError:
        # The lease runs out and the scheduler takes the job back: nothing is lost.
        logger.exception("%s could not be ended in the ledger", running.number)
        return State.RUNNING
    discard(running)
    return state


def _patiently(end: Callable[[], Job]) -> Job:
    """End the attempt as soon as the ledger can; raises DBAPIError when it could not for long."""
    deadline = time.monotonic() + current_app.config["LEASE_SECONDS"] * PART_OF_LEASE
    while True:
        try:
            return end()
        except (OperationalError, InterfaceError) as error:
            db.session.rollback()
            if time.monotonic() > deadline:
                raise
            logger.warning("The ledger did not take a job's end and is asked again: %s", error)
            time.sleep(ASK_AGAIN_SECONDS)


def _lost(running: Running) -> str:
    """Leave the job to whoever owns it now; the files of this attempt go."""
    db.session.rollback()
    logger.warning("%s lost its lease; this attempt writes nothing more", running.number)
    discard(running)
    return State.RUNNING


def discard(running: Running) -> None:
    """Delete the stored files of an attempt that no row names.

    A commit whose answer was lost may have named them after all, so the ledger is asked.
    """
    for made, kept in ((running.artifacts, Artifact), (running.attachments, Attachment)):
        keys = {each.key for each in made}
        named = set(db.session.scalars(select(kept.key).where(kept.key.in_(keys))))
        running.delete(keys - named)
