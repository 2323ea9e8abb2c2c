"""The story of a job: its whole life from the click to the file, an event a line."""

import re
import uuid
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs.dead_letters import AGAIN
from dashboard.jobs.parts import OUTCOMES
from dashboard.models import (
    Artifact,
    Attempt,
    AuditEntry,
    DeadLetter,
    Job,
    LogLine,
    Note,
    Notice,
    NoticeState,
    State,
    User,
    clock,
)

Event = tuple[datetime, str]

NUMBER = re.compile(r"([A-Za-z]{1,2})-([0-9]{1,9})")
ENDS = {State.SUCCEEDED: "Finished", State.FAILED: "Failed", State.CANCELLED: "Cancelled"}
WAYS = {
    "form": "on the page",
    "api": "by the API",
    "retry": "by the API, as a retry",
    "import": "on the page",
}
# What people did, beside what is told from the rows themselves.
ACTS = {
    "job.join": "{who} joined",
    "job.cancel": "{who} cancelled it",
    "file.download": "{who} downloaded {file}",
    "files.zip": "{who} downloaded all files as a ZIP",
    "job.leave": "{who} stopped following it",
    "job.hand_over": "{who} handed it to {other}",
    "job.mail": "{who} chose anew whether to get an e-mail",
    "job.support": "{who} downloaded the support bundle",
    "import.commit": "{who} let the database keep all rows at once",
}
# What one person did to another's part in the job.
DONE_TO = {
    "job.join": "{who} let {other} follow it",
    "job.leave": "{who} lets {other} follow it no longer",
}
TOLD_ELSEWHERE = {"job.start", "job.dismiss", "job.note"}
LETTERS = {
    NoticeState.PENDING: "is to be sent",
    NoticeState.SENDING: "is being sent",
    NoticeState.SENT: "was sent",
    NoticeState.FAILED: "could not be sent",
    NoticeState.UNCERTAIN: "may have been sent: nobody can know, so it is not sent again",
}


def find_job(text: str) -> Job | None:
    """Give the job with the id or the number (R-4821, in any case), or None."""
    number = NUMBER.fullmatch(text.strip())
    if number:
        job = db.session.get(Job, int(number[2]))
        return job if job is not None and job.prefix == number[1].upper() else None
    try:
        wanted = uuid.UUID(text.strip())
    except ValueError:
        return None
    return db.session.scalars(select(Job).where(Job.id == wanted)).one_or_none()


def story(job: Job, *, inside: bool = True, lines: int | None = None) -> list[Event]:
    """Give what happened to *job*, oldest first: the time in UTC and one line of plain words.

    Network addresses and the key of its request are told to the *inside* only: to those who look
    after the desk. Of its log the newest *lines*, or all.
    """
    people = {row.id: row.name for row in db.session.execute(select(User.id, User.name))}
    parts = (
        _start(job, inside),
        _acts(job, people, inside),
        _notes(job),
        _attempts(job),
        _log(job, lines),
        _end(job),
        _files(job),
        _attention(job, people),
        _letters(job),
    )
    events = [event for part in parts for event in part]
    # What happened at one moment stays in the order of the parts.
    told = sorted(events, key=lambda event: event[0])
    return [(at, " ".join(text.split())) for at, text in told]


def _start(job: Job, inside: bool) -> Iterator[Event]:
    way, _, _ = job.idempotency_key.partition(":")
    how = WAYS.get(way, "by the desk itself")
    entry = select(AuditEntry.address).where(
        AuditEntry.job_id == job.id, AuditEntry.action == "job.start"
    )
    address = db.session.scalars(entry.limit(1)).first()
    asker = job.started_by or job.requested_by
    yield (
        job.created_at,
        f"{asker.name} <{asker.email}> asked for “{job.title}” {how}"
        + (f" from {address}" if address and inside else "")
        + (f", request {job.request_id}" if job.request_id else "")
        + (f", key {job.idempotency_key}" if inside else ""),
    )
    choices = "; ".join(f"{label}: {value}" for label, value in job.choices)
    yield job.created_at, f"Kind {job.kind}, queue {job.queue}" + (f"; {choices}" * bool(choices))
    if job.again_of_id is not None:
        old = db.session.scalars(select(Job).where(Job.id == job.again_of_id)).one_or_none()
        yield job.created_at, f"It does the work of {old.number if old else job.again_of_id} again"
    for new in db.session.scalars(select(Job).where(Job.again_of_id == job.id)):
        yield new.created_at, f"{new.requested_by.name} ran it again as {new.number}"


def _attempts(job: Job) -> Iterator[Event]:
    query = select(Attempt).where(Attempt.job_id == job.id).order_by(Attempt.fence)
    for row in db.session.scalars(query):
        name = f"Attempt {row.number} (fence {row.fence})"
        yield row.started_at, f"{name} began on {row.worker}"
        if row.ended_at is not None:
            took = f"after {(row.ended_at - row.started_at).total_seconds():.1f} s"
            ended = f"{name} ended {took}: {OUTCOMES.get(row.outcome or '', row.outcome)}"
            yield row.ended_at, f"{ended}. {row.cause or ''}"


def _log(job: Job, lines: int | None) -> Iterator[Event]:
    query = select(LogLine).where(LogLine.job_id == job.id).order_by(LogLine.id.desc())
    for line in reversed(db.session.scalars(query.limit(lines)).all()):
        level = "" if line.level == "info" else f", {line.level}"
        yield line.at, f"Log{level}: {line.text}"


def _end(job: Job) -> Iterator[Event]:
    if job.finished_at is not None:
        error = job.error or {}
        words = f"{ENDS[State(job.state)]}. {error.get('what', '')} {error.get('next', '')}"
        yield job.finished_at, words
    if job.seen_at is not None:
        yield job.seen_at, f"{job.requested_by.name} opened the page of the ended job"
    if not job.is_final:
        stopping = ", asked to stop" if job.cancel_requested_at else ""
        due = f", due {stamp(job.due_at)}" if job.due_at else ""
        yield clock(), f"Now it is {job.state}{stopping}{due}"


def _files(job: Job) -> Iterator[Event]:
    query = select(Artifact).where(Artifact.job_id == job.id).order_by(Artifact.position)
    for file in db.session.scalars(query):
        rows = "" if file.rows is None else f", {file.rows:,} rows"
        kept = f"kept until {stamp(file.expires_at)}"
        words = f"{file.name}: {file.size:,} bytes{rows}, SHA-256 {file.sha256}, {kept}"
        yield file.created_at, f"File {words}"
        if file.damaged_at is not None:
            yield file.damaged_at, f"File {file.name} was found damaged or missing"
        if file.deleted_at is not None:
            yield file.deleted_at, f"File {file.name} was deleted"


def _acts(job: Job, people: dict[int, str], inside: bool) -> Iterator[Event]:
    files = select(Artifact.id, Artifact.name).where(Artifact.job_id == job.id)
    names = {row.id: row.name for row in db.session.execute(files)}
    query = select(AuditEntry).where(AuditEntry.job_id == job.id).order_by(AuditEntry.id)
    for entry in db.session.scalars(query):
        if entry.action in TOLD_ELSEWHERE:
            continue
        who = people.get(entry.user_id or 0, "The desk")
        file = names.get(entry.artifact_id, "a file") if entry.artifact_id else "a file"
        other = people.get(entry.detail.get("user", 0))
        known = DONE_TO.get(entry.action) if other else None
        known = known or ACTS.get(entry.action, f"{{who}}: {entry.action}")
        words = known.format(who=who, file=file, other=other)
        yield entry.at, words + (f" from {entry.address}" if entry.address and inside else "")


def _notes(job: Job) -> Iterator[Event]:
    query = select(Note).where(Note.job_id == job.id).order_by(Note.id)
    for note in db.session.scalars(query):
        yield note.at, f"{note.user.name} noted: {note.text}"


def _attention(job: Job, people: dict[int, str]) -> Iterator[Event]:
    letter = db.session.get(DeadLetter, job.id)
    if letter is None:
        return
    yield letter.since, "It needs attention"
    if letter.told_at is not None:
        yield letter.told_at, "An e-mail to the administrators names it"
    if letter.dismissed_at is not None:
        who = people.get(letter.dismissed_by_id or 0, "Somebody")
        is_again = (letter.reason or "").startswith(AGAIN)
        words = "With that it is settled" if is_again else f"{who} dismissed it: {letter.reason}"
        yield letter.dismissed_at, words


def _letters(job: Job) -> Iterator[Event]:
    query = (
        select(Notice, User.email)
        .join(User, User.id == Notice.user_id)
        .where(Notice.job_id == job.id)
        .order_by(Notice.id)
    )
    for notice, email in db.session.execute(query):
        state = LETTERS[NoticeState(notice.state)]
        tries = f", tries so far: {notice.tries}" if notice.tries > 1 else ""
        error = f". {notice.error}" if notice.error else ""
        yield notice.changed_at, f"The e-mail to {email} {state}{tries}{error}"


def stamp(at: datetime) -> str:
    """Give a moment in UTC: 2026-11-20 09:41:07.123Z."""
    return at.isoformat(sep=" ", timespec="milliseconds").replace("+00:00", "Z")
