"""Dead letters: failed jobs that need attention, and how administrators hear of them."""

import uuid
from collections.abc import Iterable
from datetime import timedelta

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dashboard.extensions import db
from dashboard.jobs import audit
from dashboard.models import DeadLetter, Job, Notice, Role, User, clock, transaction

TELL_EVERY = timedelta(minutes=15)
NAMED = 10  # jobs that one letter names
REASON_LIMIT = 500  # characters


def count() -> int:
    """Give how many dead letters nobody has dismissed yet."""
    query = select(func.count()).where(DeadLetter.dismissed_at.is_(None))
    counted: int = db.session.execute(query).scalar_one()
    return counted


def dismiss(
    job_ids: Iterable[uuid.UUID], *, by: User, reason: str, address: str | None = None
) -> int:
    """Take jobs off the list, with who, when and why; gives how many were still on it."""
    with transaction() as session:
        query = select(DeadLetter).where(
            DeadLetter.job_id.in_(list(job_ids)), DeadLetter.dismissed_at.is_(None)
        )
        letters = list(session.scalars(query.with_for_update(of=DeadLetter)))
        for letter in letters:
            _close(letter, by, reason)
            detail = {"reason": letter.reason}
            audit.record("job.dismiss", by=by, job=letter.job, address=address, detail=detail)
    return len(letters)


def settle(session: Session, job: Job, *, by: User, new: Job) -> None:
    """Take *job* off the list because *new* does its work again, in the caller's transaction."""
    letter = session.get(DeadLetter, job.id)
    if letter is not None and letter.dismissed_at is None:
        _close(letter, by, f"Run again as {new.number}")


def tell_admins() -> int:
    """Write to every administrator of what is new; gives how many jobs the letter is about.

    However many jobs fail, there is at most one letter in TELL_EVERY.
    """
    with transaction() as session:
        now = clock()
        told_at = session.scalars(select(func.max(DeadLetter.told_at))).one()
        if told_at is not None and told_at > now - TELL_EVERY:
            return 0
        query = (
            select(DeadLetter)
            .where(DeadLetter.told_at.is_(None), DeadLetter.dismissed_at.is_(None))
            .order_by(DeadLetter.since)
            .with_for_update(of=DeadLetter, skip_locked=True)
        )
        letters = list(session.scalars(query))
        if not letters:
            return 0
        for letter in letters:
            letter.told_at = now
        subject = _subject([letter.job for letter in letters])
        text = _text([letter.job for letter in letters])
        admins = select(User.id).where(User.role == Role.ADMIN, User.active)
        session.add_all(
            Notice(user_id=admin, subject=subject, text=text, due_at=now, changed_at=now)
            for admin in session.scalars(admins)
        )
    return len(letters)


def _close(letter: DeadLetter, by: User, reason: str) -> None:
    letter.dismissed_at = clock()
    letter.dismissed_by_id = by.id
    letter.reason = reason[:REASON_LIMIT]


def _subject(jobs: list[Job]) -> str:
    if len(jobs) == 1:
        return f"{jobs[0].title} needs attention ({jobs[0].number})"
    return f"{len(jobs):,} jobs need attention"


def _text(jobs: list[Job]) -> str:
    lines = [
        f"{job.number}  {job.title}\n        {(job.error or {}).get('what', '')}"
        for job in jobs[:NAMED]
    ]
    if len(jobs) > NAMED:
        lines.append(f"and {len(jobs) - NAMED:,} more")
    base = (current_app.config["PUBLIC_URL"] or "").rstrip("/")
    where = f"{base}/attention" if base else "Open the desk and look under “Needs attention”."
    listed = "\n".join(lines)
    return f"These jobs failed and need somebody's attention:\n\n{listed}\n\n{where}\n"
