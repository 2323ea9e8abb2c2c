"""Reads facts from the ledger, with a constant number of queries however many jobs there are."""

import uuid
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload

from dashboard.extensions import db
from dashboard.formats import FORMATS
from dashboard.jobs.fact import Fact
from dashboard.jobs.parts import Attention, File, Line, Note, Person, Step, Try, Words
from dashboard.jobs.progress import Progress, percent
from dashboard.models import (
    Artifact,
    Attempt,
    DeadLetter,
    Follower,
    Job,
    LogLine,
    Note as NoteRow,
    Outcome,
    State,
    User,
)

SHOWN_NOTES = 30  # the newest; the story of a job tells all of them
LIVE_LINES = 200  # log lines on the live page; all of them are in the text file
SHOWN_TRIES = 20  # the newest of them: handed-back attempts are not counted, so there may be many


def fact_of(job: Job, *, lines: list[Line] | None = None, beat: int = 0) -> Fact:
    """Give the fact of *job* from the ledger; *beat* orders facts of one version."""
    return facts_of([job], lines=lines, beat=beat)[0]


def facts_of(
    jobs: list[Job],
    *,
    lines: list[Line] | None = None,
    beat: int = 0,
    detail: bool = True,
    tries: bool = False,
) -> list[Fact]:
    """Give the facts of *jobs* with a constant number of queries; lists leave out the *detail*.

    Of it they may have the *tries* and what needs attention.
    """
    ids = [job.id for job in jobs]
    tried = tries_of([job for job in jobs if _was_tried(job)]) if detail or tries else {}
    failed = [job.id for job in jobs if job.state == State.FAILED]
    attention = attention_of(failed) if detail or tries else {}
    files: dict[uuid.UUID, list[File]] = {job_id: [] for job_id in ids}
    ready = [job.id for job in jobs if job.state == State.SUCCEEDED]
    if ready:
        query = select(Artifact).where(Artifact.job_id.in_(ready)).order_by(Artifact.position)
        for artifact in db.session.scalars(query):
            files[artifact.job_id].append(_file_of(artifact))
    people = followers_of(ids)
    notes = {job_id: newest_notes(job_id) if detail else ([], 0) for job_id in ids}
    return [
        Fact(
            id=str(job.id),
            number=job.number,
            kind=job.kind,
            family=job.family,
            title=job.title,
            state=job.state,
            order=(job.version, beat),
            attempt=job.attempts_used,
            max_attempts=job.max_attempts,
            queue=job.queue,
            worker=job.worker,
            progress=progress_of(job),
            requested_by=Person(job.requested_by.id, job.requested_by.name),
            started_by=Person(job.started_by.id, job.started_by.name) if job.started_by else None,
            relative=job.relative,
            followers=[person.id for person in people[job.id]],
            people=people[job.id] if detail else [],
            notes=notes[job.id][0],
            older_notes=notes[job.id][1],
            params=job.params,
            choices=job.choices,
            formats=list(job.params.get("formats", [])),
            steps=[Step(**step) for step in job.steps],
            lines=(latest_lines(job.id) if lines is None else lines) if detail else [],
            files=files[job.id],
            error=Words(**job.error) if job.error else None,
            result=job.result,
            notify=job.notify,
            created_at=job.created_at,
            due_at=job.due_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
            cancel_requested_at=job.cancel_requested_at,
            seen_at=job.seen_at,
            tries=tried.get(job.id, []),
            attention=attention.get(job.id),
        )
        for job in jobs
    ]


def progress_of(job: Job) -> Progress:
    """Give the progress in the row; 100 only when the job has succeeded."""
    return Progress(
        done=job.progress_done,
        total=job.progress_total,
        phase=job.progress_phase,
        unit=job.progress_unit,
        percent=percent(job.state, job.progress_done, job.progress_total),
        since=job.progress_since,
        at=job.progress_at,
        left=job.progress_left if job.state == State.RUNNING else None,
    )


def latest_lines(job_id: uuid.UUID, limit: int = LIVE_LINES) -> list[Line]:
    """Give the newest *limit* log lines of a job, oldest first."""
    query = select(LogLine).where(LogLine.job_id == job_id).order_by(LogLine.id.desc())
    rows = list(db.session.scalars(query.limit(limit)))
    return [Line(row.at, row.level, row.text) for row in reversed(rows)]


def followers_of(job_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Person]]:
    """Give who follows each of the jobs, by name, in one query."""
    found: dict[uuid.UUID, list[Person]] = {job_id: [] for job_id in job_ids}
    query = (
        select(Follower.job_id, User.id, User.name)
        .join(User, User.id == Follower.user_id)
        .where(Follower.job_id.in_(found))
        .order_by(User.name, User.id)
    )
    for job_id, user_id, name in db.session.execute(query):
        found[job_id].append(Person(user_id, name))
    return found


def newest_notes(job_id: uuid.UUID) -> tuple[list[Note], int]:
    """Give the newest notes at a job, oldest first, and how many there are beside them."""
    query = select(NoteRow).where(NoteRow.job_id == job_id).order_by(NoteRow.id.desc())
    rows = list(db.session.scalars(query.limit(SHOWN_NOTES + 1)))
    older = 0
    if len(rows) > SHOWN_NOTES:
        counted = select(func.count()).where(NoteRow.job_id == job_id)
        older = db.session.execute(counted).scalar_one() - SHOWN_NOTES
    shown = reversed(rows[:SHOWN_NOTES])
    return [
        Note(row.id, Person(row.user.id, row.user.name), row.at, row.text) for row in shown
    ], older


def tries_of(jobs: Collection[Job]) -> dict[uuid.UUID, list[Try]]:
    """Give the newest attempts at each of *jobs*, oldest first, in one query.

    Those that were put off are no attempts to anybody who looks at a page.
    """
    if not jobs:
        return {}
    found: dict[uuid.UUID, list[Try]] = {job.id: [] for job in jobs}
    query = (
        select(Attempt)
        .where(Attempt.job_id.in_(found), Attempt.outcome.is_distinct_from(Outcome.PUT_OFF))
        .order_by(Attempt.fence)
    )
    for row in db.session.scalars(query):
        one = Try(row.number, row.worker, row.started_at, row.ended_at, row.outcome, row.cause)
        found[row.job_id].append(one)
    return {job_id: all_of[-SHOWN_TRIES:] for job_id, all_of in found.items()}


def attention_of(job_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Attention]:
    """Give which of the jobs need or needed attention, in one query."""
    if not job_ids:
        return {}
    query = (
        select(DeadLetter, User.name)
        .outerjoin(User, User.id == DeadLetter.dismissed_by_id)
        .where(DeadLetter.job_id.in_(job_ids))
        .options(lazyload(DeadLetter.job))
    )
    return {
        letter.job_id: Attention(
            letter.since,
            letter.dismissed_at,
            Person(letter.dismissed_by_id, name) if letter.dismissed_by_id else None,
            letter.reason,
        )
        for letter, name in db.session.execute(query)
    }


def _was_tried(job: Job) -> bool:
    """Whether its attempts tell more than the job: a first one that goes well does not."""
    again = job.state in (State.WAITING, State.QUEUED, State.FAILED)
    return job.fence > 1 or (job.fence == 1 and again)


def _file_of(artifact: Artifact) -> File:
    known = FORMATS.get(artifact.format)
    return File(
        id=str(artifact.id),
        name=artifact.name,
        format=artifact.format,
        label=known.label if known else artifact.format.upper(),
        media_type=artifact.media_type,
        size=artifact.size,
        sha256=artifact.sha256,
        rows=artifact.rows,
        pages=artifact.pages,
        warnings=artifact.warnings,
        expires_at=artifact.expires_at,
        deleted_at=artifact.deleted_at,
        damaged_at=artifact.damaged_at,
    )
