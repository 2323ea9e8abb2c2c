"""Dead letters: failed jobs that need attention, and how administrators hear of them."""

import uuid
from collections.abc import Iterable
from datetime import timedelta

from flask import current_app
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, lazyload

from dashboard.extensions import db
from dashboard.jobs import audit
from dashboard.jobs.manner import manner_of
from dashboard.jobs.subject import named
from dashboard.models import DeadLetter, Job, Notice, Role, User, clock, transaction
from dashboard.words import gettext as _, ngettext, speaking_to, told

TELL_EVERY = timedelta(minutes=15)
NAMED = 10  # jobs that one letter names
REASON_LIMIT = 500  # characters
AGAIN = "Run again as"  # The reason of what was not dismissed but done once more.


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
        # The order keeps two people who dismiss the same jobs from waiting for one another.
        query = _open().where(DeadLetter.job_id.in_(list(job_ids)))
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
        _close(letter, by, f"{AGAIN} {new.number}")


def tell_admins() -> int:
    """Write to every administrator of what is new; gives how many jobs the letter is about.

    However many jobs fail, there is at most one letter in TELL_EVERY.
    """
    news = DeadLetter.told_at.is_(None)
    if db.session.execute(_open().where(news).limit(1)).first() is None:
        return 0
    with transaction() as session:
        # Locked before the last time is looked at: of two schedulers the second one waits here,
        # and then sees what the first has told.
        query = _open().where(news).options(lazyload(DeadLetter.job))
        letters = list(session.scalars(query.with_for_update(of=DeadLetter)))
        told_at = session.scalars(select(func.max(DeadLetter.told_at))).one()
        now = clock()
        admins = list(session.scalars(select(User).where(User.role == Role.ADMIN, User.active)))
        is_early = told_at is not None and told_at > now - TELL_EVERY
        if is_early or not letters or not admins:
            return 0
        for letter in letters:
            letter.told_at = now
        few = [letter.job for letter in letters[:NAMED]]
        for admin in admins:
            with speaking_to(manner_of(admin)):
                subject, text = _subject(few, len(letters)), _text(few, len(letters))
            session.add(
                Notice(user_id=admin.id, subject=subject, text=text, due_at=now, changed_at=now)
            )
    return len(letters)


def _open() -> Select[DeadLetter]:
    return select(DeadLetter).where(DeadLetter.dismissed_at.is_(None)).order_by(DeadLetter.since)


def _close(letter: DeadLetter, by: User, reason: str) -> None:
    letter.dismissed_at = clock()
    letter.dismissed_by_id = by.id
    letter.reason = reason[:REASON_LIMIT]
    letter.job.version += 1  # Its page says so.


def _subject(few: list[Job], total: int) -> str:
    if total == 1:
        title, number = named(few[0].title), few[0].number
        return _("%(title)s needs attention (%(number)s)", title=title, number=number)
    return ngettext("%(num)s job needs attention", "%(num)s jobs need attention", total)


def _text(few: list[Job], total: int) -> str:
    head = ngettext(
        "This job failed and needs somebody’s attention:",
        "These jobs failed and need somebody’s attention:",
        total,
    )
    lines = [_line(job) for job in few]
    if total > len(few):
        lines.append(ngettext("and %(num)s more", "and %(num)s more", total - len(few)))
    listed = "\n\n".join(lines)
    base = (current_app.config["PUBLIC_URL"] or "").rstrip("/")
    where = f"{base}/attention" if base else _("Open the desk and look under “Needs attention”.")
    return f"{head}\n\n{listed}\n\n{where}\n"


def _line(job: Job) -> str:
    by = _("asked for by %(name)s", name=job.requested_by.name)
    what = told((job.error or {}).get("what", ""))
    return f"{job.number}  {job.title}\n    {by}\n    {what}"
