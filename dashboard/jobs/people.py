"""People at a job: who follows it, who hears of its end, whose it is."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.jobs import audit, hints
from dashboard.jobs.events import tell_of
from dashboard.jobs.kind import find
from dashboard.jobs.manner import manner_of
from dashboard.jobs.start import has_room
from dashboard.jobs.subject import named
from dashboard.models import DeadLetter, Follower, Job, Notice, User, clock, transaction
from dashboard.words import gettext as _, ngettext, speaking_to


class Refused(Exception):
    """What was asked for cannot be done now; the message tells whoever reads why."""


def follow(job_id: uuid.UUID, *, person: User, by: User, address: str | None = None) -> bool:
    """Let *person* follow the job: they see it and its files. False when they did already.

    Raises Refused for its owner, and for somebody who may not sign in any more.
    """
    with _changing(job_id) as (session, job):
        if job.requested_by_id == person.id:
            raise Refused(_("It is the job of %(name)s already.", name=person.name))
        if not person.active:
            raise Refused(_("%(name)s may not sign in any more.", name=person.name))
        if session.get(Follower, (job.id, person.id)) is not None:
            return False
        session.add(Follower.of(job, person.id))
        detail = {"user": person.id} if by.id != person.id else {}
        audit.record("job.join", by=by, job=job, address=address, detail=detail)
    return True


def unfollow(job_id: uuid.UUID, *, person: User, by: User, address: str | None = None) -> bool:
    """Let *person* follow the job no longer. False when they did not."""
    with _changing(job_id) as (session, job):
        follower = session.get(Follower, (job.id, person.id))
        if follower is None:
            return False
        session.delete(follower)
        detail = {"user": person.id} if by.id != person.id else {}
        audit.record("job.leave", by=by, job=job, address=address, detail=detail)
    return True


def wish_for_mail(
    job_id: uuid.UUID, *, person: User, wanted: bool, address: str | None = None
) -> None:
    """Write down whether *person*, whose job it is or who follows it, gets an e-mail at its end."""
    with _changing(job_id) as (session, job):
        follower = session.get(Follower, (job.id, person.id))
        if job.requested_by_id == person.id:
            job.notify = wanted
        elif follower is not None:
            follower.notify = wanted
        else:
            raise Refused(_("Follow the job first."))
        detail = {"wanted": wanted}
        audit.record("job.mail", by=person, job=job, address=address, detail=detail)


def hand_over(job_id: uuid.UUID, *, to: User, by: User, address: str | None = None) -> Job:
    """Make the job that of *to*; whose it was follows it from now on.

    Raises Refused when it is theirs already, when they may not have it or have no room for it, and
    when it is not the job of *by* any more.
    """
    with transaction() as session:
        # As at a start: of what one person is given, one thing at a time.
        session.refresh(to, with_for_update={"of": User, "key_share": True})
        job = _locked(session, job_id)
        _check(job, to, by)
        former = job.requested_by
        first = job.started_by or former
        own = session.get(Follower, (job.id, to.id))
        session.add(Follower.of(job, former.id, notify=job.notify))
        job.requested_by = to
        job.started_by = None if first.id == to.id else first
        job.notify = own.notify if own else to.notify
        if own is not None:
            session.delete(own)
        if job.is_final:
            job.seen_at = None  # Its end is news to whose it is now.
        if (letter := session.get(DeadLetter, job.id)) is not None:
            letter.requested_by_id = to.id
        job.version += 1
        detail = {"user": to.id, "from": former.id}
        audit.record("job.hand_over", by=by, job=job, address=address, detail=detail)
        written = to.notify and to.id != by.id
        if written:
            session.add(_letter(job, to, by))
    tell_of(job)
    if written:
        hints.deliver()
    return job


def _check(job: Job, to: User, by: User) -> None:
    if job.requested_by_id == to.id:
        raise Refused(_("It is the job of %(name)s already.", name=to.name))
    if not by.is_admin and job.requested_by_id != by.id:
        owner = job.requested_by.name
        raise Refused(_("It has been handed to %(name)s meanwhile.", name=owner))
    kind = find(job.kind)
    if not to.active or not to.may_start or (kind is not None and to.role not in kind.roles):
        raise Refused(_("%(name)s may not run such a job.", name=to.name))
    if not job.is_final and not has_room(to.id):
        raise Refused(
            ngettext(
                "%(name)s has %(num)s job that is not finished, which is the most for one person. "
                "Wait until some of them have ended.",
                "%(name)s has %(num)s jobs that are not finished, which is the most for one "
                "person. Wait until some of them have ended.",
                current_app.config["MAX_ACTIVE_JOBS"],
                name=to.name,
            )
        )


def _letter(job: Job, to: User, by: User) -> Notice:
    now = clock()
    with speaking_to(manner_of(to)):
        subject, text = _subject(job), _text(job, by)
    return Notice(user_id=to.id, subject=subject, text=text, due_at=now, changed_at=now)


def _subject(job: Job) -> str:
    return _("%(title)s is yours now (%(number)s)", title=named(job.title), number=job.number)


def _text(job: Job, by: User) -> str:
    base = (current_app.config["PUBLIC_URL"] or "").rstrip("/")
    look = _("Open the desk and look for %(number)s.", number=job.number)
    where = f"{base}/jobs/{job.id}" if base else look
    news = _("%(name)s has handed “%(title)s” over to you.", name=by.name, title=job.title)
    return f"{news}\n\n{where}\n"


def _locked(session: Session, job_id: uuid.UUID) -> Job:
    query = select(Job).where(Job.id == job_id).with_for_update(of=Job)
    return session.scalars(query).one()


@contextmanager
def _changing(job_id: uuid.UUID) -> Iterator[tuple[Session, Job]]:
    """Change the job in one transaction, then tell of it."""
    with transaction() as session:
        job = _locked(session, job_id)
        yield session, job
        job.version += 1
    tell_of(job)
