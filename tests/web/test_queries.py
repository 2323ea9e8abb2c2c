"""Every page asks the ledger as often for many jobs as for a few."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from dashboard.extensions import db
from dashboard.jobs import usual
from dashboard.models import (
    Artifact,
    Attempt,
    AuditEntry,
    DeadLetter,
    Follower,
    Job,
    LogLine,
    Note,
    Outcome,
    Preset,
    State,
    clock,
    transaction,
)
from tests.people import Person
from tests.web.desk import Desk

FEW, MANY = 3, 300
MOST = 30  # statements of any page

LIST = "<int(max=2147483647):list_id>"
CONTACT = "<int(max=2147483647):contact_id>"
MAILING = "<int(max=2147483647):mailing_id>"

PAGES = """
/
/?q=totals
/jobs
/jobs?q=totals
/jobs?q=R-1
/jobs?q=nothing
/jobs?kind=totals
/jobs?state=failed
/jobs?state=waiting
/jobs?state=deleted
/jobs?person={person}
/jobs?period=7
/jobs?kind=totals&state=succeeded&q=totals
/jobs?before={first}
/jobs/{finished}
/jobs/{failed}
/jobs/{running}
/jobs/{queued}
/jobs/{finished}/notes
/jobs/{finished}/people
/jobs/{finished}/log.txt
/files
/files?q=umsätze
/attention
/attention?state=dismissed
/attention/dismiss?job={failed}
/workers
/account
/users
/tables
/outbox
/new/totals
/new/job-list
/live/summary
/api/v1/jobs
/api/v1/jobs/{finished}
/api/v1/kinds
/contacts
/contacts/new
/senders
/suppressions
/mailings
/letters
/api/v1/contact-lists
/mailings/recipient?address=ada@example.org
/api/v1/presets?kind=totals
"""

# What shows no jobs at all, one check alone, is no page, or hands out bytes.
OTHERS = {
    *("/imports/<uuid:job_id>", "/imports/example/<name>.csv"),
    *(f"/mailings/{MAILING}{page}" for page in ("/edit", "/letter", "/letter/use")),
    "/letters/<int(max=2147483647):letter_id>",
    *("/imports/<uuid:job_id>/undo", "/imports/undo/<uuid:job_id>"),
    *("/sign-in", "/healthz", "/readyz", "/metrics", "/live", "/static/<path:filename>"),
    *("/icon.svg", "/outbox/<letter_id>", "/api/v1/openapi.json", "/api/v1/kinds/<name>"),
    *("/files/<uuid:artifact_id>", "/files/<uuid:artifact_id>/provenance.json"),
    *("/tables/open", "/tables/<slug>/close", "/unsubscribe/<token>"),
    *("/senders/<int(max=2147483647):sender_id>", "/suppressions/add", "/suppressions/let-off"),
    *(f"/mailings/<int(max=2147483647):mailing_id>/{page}" for page in ("send", "reopen")),
    *(f"/contacts/{LIST}{page}" for page in ("", "/add", "/edit", "/delete")),
    *(f"/contacts/{LIST}/{CONTACT}{page}" for page in ("", "/remove")),
    *(f"/mailings/{MAILING}/recipients{page}" for page in ("", "/example.csv")),
    f"/api/v1/contact-lists/{LIST}/contacts",
    *(f"/mailings/{MAILING}{page}" for page in ("", "/stop", "/resend")),
    f"/mailings/{MAILING}/people/<int(max=2147483647):delivery_id>",
    *("/jobs/<uuid:job_id>/files.zip", "/api/v1/files/<uuid:artifact_id>"),
    *("/api/v1/jobs/<job_id>/events", "/jobs/<uuid:job_id>/support.zip"),
    "/mailings/<int(max=2147483647):mailing_id>/deliverability",
}


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Give the statements that the ledger is asked while the block runs."""
    asked: list[str] = []

    def ask(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", ask)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", ask)


@pytest.fixture(autouse=True)
def _nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is usual be read each time, as after a while."""
    monkeypatch.setattr(usual, "KEPT_SECONDS", 0.0)
    monkeypatch.setattr(usual, "FEW_KEPT_SECONDS", 0.0)


def fill(app: Flask, owner: Person, follower: Person, count: int) -> None:
    """Write *count* jobs in each state into the ledger, with all that may belong to a job."""
    with app.app_context(), transaction() as session:
        now = clock()
        for number, state in ((number, state) for number in range(count) for state in State):
            has_begun = state not in (State.WAITING, State.QUEUED)
            job = Job(
                id=uuid.uuid4(),
                prefix="R",
                kind="totals",
                family="reports",
                title=f"Totals {number}",
                params={"formats": ["csv"]},
                choices=[["Formats", "CSV"]],
                choice_hash=str(number),
                idempotency_key=uuid.uuid4().hex,
                requested_by_id=owner.id,
                queue="reports",
                created_at=now - timedelta(minutes=number),
                started_at=now if has_begun else None,
                finished_at=now if has_begun and state != State.RUNNING else None,
                state=state,
                fence=1 if has_begun else 0,
                error={"what": "No."} if state == State.FAILED else None,
                result={"rows": 2} if state == State.SUCCEEDED else {},
            )
            session.add(job)
            session.flush()
            session.add(Follower.of(job, follower.id))
            session.add(preset_of(owner, f"{state} {count} {number}", now))
            session.add(Note(job_id=job.id, user_id=owner.id, at=now, text="Look."))
            session.add(LogLine(job_id=job.id, attempt=1, at=now, text="Begun"))
            if has_begun:
                session.add(attempt_at(job))
            if state == State.FAILED:
                letter = DeadLetter.of(job, now)
                if number % 2:
                    letter.dismissed_at, letter.dismissed_by_id = now, owner.id
                    letter.reason = "Known."
                session.add(letter)
            if state == State.SUCCEEDED:
                file = file_of(job, number)
                session.add(file)
                session.add(downloaded(file, owner))


def preset_of(owner: Person, name: str, now: datetime) -> Preset:
    """Give saved choices that everybody may use."""
    return Preset(
        owner_id=owner.id,
        kind="totals",
        name=name,
        params={"formats": ["csv"]},
        relative={},
        shared=True,
        saved_at=now,
    )


def attempt_at(job: Job) -> Attempt:
    """Give an attempt at *job*."""
    ended = {"ended_at": job.finished_at, "outcome": Outcome.SUCCEEDED} if job.finished_at else {}
    return Attempt(job_id=job.id, number=1, fence=1, worker="w", started_at=job.started_at, **ended)


def file_of(job: Job, number: int) -> Artifact:
    """Give a file of *job*; each third one is deleted."""
    now = job.finished_at or clock()
    return Artifact(
        id=uuid.uuid4(),
        job_id=job.id,
        position=0,
        name=f"umsätze-{number}.csv",
        format="csv",
        media_type="text/csv",
        key=uuid.uuid4().hex,
        size=1,
        sha256="0" * 64,
        created_at=now,
        expires_at=now + timedelta(days=7),
        deleted_at=None if number % 3 else now,
    )


def downloaded(file: Artifact, person: Person) -> AuditEntry:
    """Give the record of a download."""
    return AuditEntry(
        at=file.created_at,
        user_id=person.id,
        action="file.download",
        job_id=file.job_id,
        artifact_id=file.id,
    )


@pytest.mark.parametrize("who", ["admin", "staff", "follower"])
def test_no_page_asks_more_often_the_more_jobs_there_are(
    app: Flask, desk: Desk, admin: Person, staff: Person, colleague: Person, who: str
) -> None:
    reader = {"admin": admin, "staff": staff, "follower": colleague}[who]
    jobs = {
        "finished": desk.succeeded(staff),
        "failed": desk.needing(staff),
        "running": desk.running(staff, "orders", name=None, region="North", least=0.0),
        "queued": desk.queued(staff),
    }
    for job in jobs.values():
        desk.joined(job, colleague)
    fill(app, staff, colleague, FEW)
    given = {**jobs, "person": staff.id, "first": int(desk.fact(jobs["finished"]).number[2:])}
    token = reader.token()
    headers = {"Authorization": f"Bearer {token}"}

    def asks() -> dict[str, int]:
        found = {}
        for page in PAGES.split():
            path = page.format(**given)
            reader.client.get(path, headers=headers).close()
            with counted(app) as asked, reader.client.get(path, headers=headers) as answer:
                assert answer.status_code in (200, 303, 403, 404), (path, answer.status_code)
            found[page] = len(asked)
        return found

    few = asks()
    fill(app, staff, colleague, MANY)
    many = asks()

    assert {page: (few[page], many[page]) for page in few if few[page] != many[page]} == {}
    assert max(many.values()) < MOST, many


def test_no_page_is_forgotten_here(app: Flask) -> None:
    parts = {"<uuid:job_id>": "{job}", "<job_id>": "{job}", "<name>": "totals"}
    asked = set()
    for page in PAGES.split():
        path = page.partition("?")[0]
        for state in ("finished", "failed", "running", "queued"):
            path = path.replace(f"{{{state}}}", "{job}")
        asked.add(path)
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.rule in OTHERS:
            continue
        path = rule.rule
        for part, value in parts.items():
            path = path.replace(part, value)
        assert path in asked, f"{rule.rule} is not looked at here"
