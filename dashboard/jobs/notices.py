"""Tells people by e-mail that their job has ended: each at most once."""

import logging
from datetime import datetime, timedelta
from email.utils import make_msgid
from typing import Any

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dashboard.extensions import db
from dashboard.jobs.manner import manner_of
from dashboard.jobs.sight import seen_by
from dashboard.jobs.subject import named
from dashboard.mail import Letter, Mailer, MailError, MailRefused, MailUncertain
from dashboard.models import Job, Notice, NoticeState, State, User, clock, transaction
from dashboard.words import gettext as _, ngettext, speaking_to, told

logger = logging.getLogger(__name__)

# After these pauses (seconds) a notice is tried again; then it has failed.
PAUSES = (60, 300, 900, 3600)
# A notice that is being sent for longer was cut off by a crash: nobody knows if it left.
SENDING_LIMIT = timedelta(minutes=5)


def deliver(limit: int = 100) -> int:
    """Send the notices that are due, at most *limit*; gives how many were sent."""
    sent = 0
    for _turn in range(limit):
        letter = _claim()
        if letter is None:
            break
        sent += _send(*letter)
    return sent


def is_due() -> bool:
    """Whether a notice is waiting to be sent."""
    query = select(Notice.id).where(Notice.state == NoticeState.PENDING, Notice.due_at <= clock())
    return db.session.execute(query.limit(1)).first() is not None


def give_up_cut_off() -> int:
    """Mark notices whose sending was cut off as uncertain; gives how many."""
    with transaction() as session:
        result: Any = session.execute(
            update(Notice)
            .where(Notice.state == NoticeState.SENDING, Notice.changed_at < clock() - SENDING_LIMIT)
            .values(state=NoticeState.UNCERTAIN, changed_at=clock())
        )
        return int(result.rowcount)


def _claim() -> tuple[int, Letter] | None:
    """Commit one due notice as SENDING, with its Message-ID, before anything is sent."""
    with transaction() as session:
        now = clock()
        notice = _next_due(session, now)
        if notice is None:
            return None
        person = session.get_one(User, notice.user_id)
        with speaking_to(manner_of(person)):
            subject, text, origin = _written(session, notice, person)
        notice.state = NoticeState.SENDING
        notice.tries += 1
        notice.changed_at = now
        notice.message_id = notice.message_id or make_msgid(origin, "bellhop.invalid")
        return notice.id, Letter(
            to=person.email,
            to_name=person.name,
            subject=subject,
            text=text,
            message_id=notice.message_id,
            date=now,
        )


def _next_due(session: Session, now: datetime) -> Notice | None:
    """Give a due notice to somebody whom it still concerns; the others before it have failed."""
    query = (
        select(Notice)
        .where(Notice.state == NoticeState.PENDING, Notice.due_at <= now)
        .order_by(Notice.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    while (notice := session.scalars(query).first()) is not None:
        why = _withheld(session, notice)
        if why is None:
            return notice
        notice.state, notice.error, notice.changed_at = NoticeState.FAILED, why, now
        session.flush()
    return None


def _withheld(session: Session, notice: Notice) -> str | None:
    """Say why nothing is written to the person any more, or None."""
    person = session.get_one(User, notice.user_id)
    if not person.active:
        return "The person is switched off."
    if notice.job_id is None:
        return None
    seen = select(Job.id).where(Job.id == notice.job_id, seen_by(person))
    return None if session.scalars(seen).first() else "The person may not see the job any more."


def _send(notice_id: int, letter: Letter) -> bool:
    mailer: Mailer = current_app.extensions["mailer"]
    try:
        mailer.send(letter)
    except MailUncertain as error:
        _mark(notice_id, NoticeState.UNCERTAIN, str(error))
    except MailRefused as error:
        _mark(notice_id, NoticeState.FAILED, str(error))
    except MailError as error:
        _again(notice_id, str(error))
    else:
        _mark(notice_id, NoticeState.SENT)
        return True
    return False


def _mark(notice_id: int, state: NoticeState, error: str | None = None) -> None:
    with transaction() as session:
        notice = session.get_one(Notice, notice_id)
        notice.state = state
        notice.error = error
        notice.changed_at = clock()
    if error:
        logger.warning("The notice %d is %s: %s", notice_id, state, error)


def _again(notice_id: int, error: str) -> None:
    with transaction() as session:
        notice = session.get_one(Notice, notice_id)
        notice.error = error
        notice.changed_at = clock()
        if notice.tries > len(PAUSES):
            notice.state = NoticeState.FAILED
        else:
            notice.state = NoticeState.PENDING
            notice.due_at = clock() + timedelta(seconds=PAUSES[notice.tries - 1])


def _written(session: Session, notice: Notice, person: User) -> tuple[str, str, str]:
    """Give subject, text, and what the Message-ID begins with."""
    hello = _("Hello %(name)s,", name=person.name)
    if notice.job_id is None:
        return notice.subject or "", f"{hello}\n\n{notice.text}", f"notice-{notice.id}"
    job = session.scalars(select(Job).where(Job.id == notice.job_id)).one()
    return _subject(job), f"{hello}\n\n{_text(job)}", job.number.lower()


def _subject(job: Job) -> str:
    names = {"title": named(job.title), "number": job.number}
    if job.state == State.SUCCEEDED and (own := (job.result or {}).get("news")):
        return f"{_(own, title=names['title']).rstrip('.')} ({job.number})"
    if job.state == State.SUCCEEDED:
        return _("%(title)s is ready (%(number)s)", **names)
    if job.state == State.FAILED:
        return _("%(title)s failed (%(number)s)", **names)
    return _("%(title)s has ended (%(number)s)", **names)


def _text(job: Job) -> str:
    base = (current_app.config["PUBLIC_URL"] or "").rstrip("/")
    look = _("Open the desk and look for %(number)s.", number=job.number)
    result = job.result or {}
    where = f"{base}{result.get('place') or f'/jobs/{job.id}'}" if base else look
    if job.state == State.SUCCEEDED and (own := result.get("news")):
        news = _(own, title=f"“{job.title}”")
    elif job.state == State.SUCCEEDED:
        days = current_app.config["KEEP_FILES_DAYS"]
        news = ngettext(
            "“%(title)s” is ready. Its files are kept for %(num)s day.",
            "“%(title)s” is ready. Its files are kept for %(num)s days.",
            days,
            title=job.title,
        )
    else:
        what = (job.error or {}).get("what", "")
        news = _("“%(title)s” failed. %(what)s", title=job.title, what=told(what))
    why = _("You asked %(brand)s to tell you.", brand=current_app.config["BRAND"])
    return f"{news}\n\n{where}\n\n{why}\n"
