"""A fact says what the ledger says, survives the wire, and guesses nothing."""

import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime

from flask import Flask

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import Fact, ending, find
from dashboard.jobs.claim import claim
from dashboard.jobs.errors import Failure, Verdict
from dashboard.jobs.parts import Person
from dashboard.jobs.progress import percent
from dashboard.models import User

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_fact_comes_through_json_unchanged(desk: Flask, mara: int) -> None:
    with desk.app_context():
        kind = find("count")
        assert kind is not None
        by = db.session.get_one(User, mara)
        job = jobs.start(kind, {"what": "sheep"}, by=by, key=uuid.uuid4().hex).job
        fact = jobs.fact_of(job)
    assert Fact.from_json(json.loads(json.dumps(fact.as_json()))) == fact
    assert fact.number.startswith("C-")


def test_attempts_and_attention_come_through_json_unchanged(desk: Flask, mara: int) -> None:
    with desk.app_context():
        fact = failed(mara)
    assert [each.number for each in fact.tries] == [1]
    assert fact.needs_attention
    later = fact.attention and replace(
        fact.attention, dismissed_at=NOON, dismissed_by=Person(mara, "Mara"), reason="Known."
    )
    for each in (fact, replace(fact, attention=later)):
        assert Fact.from_json(json.loads(json.dumps(each.as_json()))) == each


def test_facts_of_older_and_newer_processes_are_understood(desk: Flask, mara: int) -> None:
    with desk.app_context():
        fact = failed(mara)
    data = fact.as_json()
    newer = Fact.from_json(json.loads(json.dumps({**data, "mood": "bright"})))
    assert newer == fact
    older = {name: value for name, value in data.items() if name not in ("tries", "attention")}
    assert Fact.from_json(older) == replace(fact, tries=[], attention=None)


def failed(by: int) -> Fact:
    """Give a job that has failed and needs attention."""
    kind = find("count")
    assert kind is not None
    user = db.session.get_one(User, by)
    jobs.start(kind, {"what": "sheep"}, by=user, key=uuid.uuid4().hex)
    held = claim("reports", worker="one@here", task_id="t")
    assert held is not None
    verdict = Verdict(Failure("It cannot be read."), retry=False, attention=True)
    return jobs.fact_of(ending.fail(held.job.id, held.fence, verdict))


def test_a_bar_shows_100_only_when_the_job_has_succeeded() -> None:
    assert percent("running", 1000, 1000) == 99
    assert percent("running", 2000, 1000) == 99
    assert percent("succeeded", 10, 1000) == 100
    assert percent("running", 5, None) is None
    assert percent("running", 0, 0) is None
    assert percent("failed", 340, 1000) == 34
