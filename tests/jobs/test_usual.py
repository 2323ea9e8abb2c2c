"""What a kind usually takes, on each database: from its own past, in one query."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from dashboard.extensions import db
from dashboard.jobs import usual as module
from dashboard.jobs.usual import RUNS, Run, Usual, kept, read_usual, usual
from dashboard.models import Artifact, Job, State, clock, transaction

MB = 1_000_000


def past(
    user_id: int,
    kind: str = "count",
    *,
    seconds: float = 8.0,
    rows: int | None = 1000,
    sizes: Mapping[str, int] | None = None,
    state: State = State.SUCCEEDED,
    result: Mapping[str, Any] | None = None,
) -> None:
    """Write an ended job into the ledger as a worker leaves it."""
    with transaction() as session:
        now = clock()
        job = Job(
            id=uuid.uuid4(),
            prefix="C",
            kind=kind,
            family="counts",
            title="Count",
            params={},
            choice_hash="x",
            idempotency_key=uuid.uuid4().hex,
            requested_by_id=user_id,
            state=state,
            queue="reports",
            result={"rows": rows} if result is None else dict(result),
            created_at=now,
            started_at=now - timedelta(seconds=seconds),
            finished_at=now,
        )
        session.add(job)
        session.flush()
        for position, (name, size) in enumerate((sizes or {}).items()):
            session.add(
                Artifact(
                    job_id=job.id,
                    position=position,
                    name=f"a.{name}",
                    format=name,
                    media_type="x/y",
                    key=uuid.uuid4().hex,
                    size=size,
                    sha256="0" * 64,
                    rows=rows,
                    created_at=now,
                    expires_at=now,
                )
            )


def selects(statements: list[str]) -> list[str]:
    """Leave out how a transaction begins."""
    return [statement for statement in statements if statement.startswith("SELECT")]


def test_a_kind_without_a_past_has_no_usual(desk: Flask) -> None:
    with desk.app_context():
        found = usual(["count"])["count"]

    assert (found.runs, found.seconds, found.rows, found.size) == (0, None, None, None)
    assert found.seconds_for(10, ["csv"]) is None
    assert found.size_for("csv", 10) is None


def test_the_median_of_the_past_is_usual(desk: Flask, mara: int) -> None:
    with desk.app_context():
        for seconds, rows, size in ((2, 100, 1 * MB), (8, 1000, 14 * MB), (90, 5000, 70 * MB)):
            past(mara, seconds=seconds, rows=rows, sizes={"csv": size, "pdf": 1000})
        found = usual(["count"])["count"]

    assert found.runs == 3
    assert found.seconds == pytest.approx(8, abs=0.01)
    assert (found.rows, found.size) == (1000, 14 * MB + 1000)
    assert [dict(run.sizes)["pdf"] for run in found.past] == [1000, 1000, 1000]


def test_only_what_finished_of_late_counts(desk: Flask, mara: int) -> None:
    with desk.app_context():
        past(mara, seconds=500)
        for _ in range(RUNS):
            past(mara, seconds=3)
        for state in (State.FAILED, State.CANCELLED):
            past(mara, seconds=900, state=state)
        past(mara, "other", seconds=70)
        found = read_usual(["count", "other", "never"])

    assert found["count"].runs == RUNS
    assert max(run.seconds for run in found["count"].past) == pytest.approx(3, abs=0.01)
    assert found["other"].seconds == pytest.approx(70, abs=0.01)
    assert found["never"].runs == 0


def test_a_job_without_files_says_its_rows_in_its_result(desk: Flask, mara: int) -> None:
    with desk.app_context():
        past(mara, rows=42)
        past(mara, result={"chart": None})
        found = usual(["count"])["count"]

    assert found.rows == 42
    assert [run.rows for run in found.past] == [None, 42]


def test_every_kind_is_read_in_one_query_that_is_not_asked_twice_in_a_moment(
    desk: Flask, mara: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.jobs.usual.FEW_KEPT_SECONDS", 600.0)
    names = [f"kind-{number}" for number in range(30)]
    asked: list[str] = []
    with desk.app_context():
        past(mara, "kind-7", seconds=5)
        event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        first = usual(names)
        again = usual(names[:10])
        assert len(selects(asked)) == 1
        kept().forget()
        usual(names)

    assert len(selects(asked)) == 2
    assert first["kind-7"] is again["kind-7"]
    assert first["kind-7"].runs == 1


@pytest.mark.parametrize(("runs", "setting"), [(0, "FEW_KEPT_SECONDS"), (3, "KEPT_SECONDS")])
def test_what_is_kept_is_read_anew_after_a_while(
    desk: Flask, mara: int, monkeypatch: pytest.MonkeyPatch, runs: int, setting: str
) -> None:
    with desk.app_context():
        for _ in range(runs):
            past(mara)
        assert usual(["count"])["count"].runs == runs
        past(mara)
        assert usual(["count"])["count"].runs == runs
        monkeypatch.setattr(module, setting, 0.0)
        assert usual(["count"])["count"].runs == runs + 1


def test_more_kinds_than_one_statement_holds_are_read_all_the_same(desk: Flask, mara: int) -> None:
    with desk.app_context():
        past(mara, "kind-0")
        past(mara, "kind-449")
        found = read_usual(f"kind-{number}" for number in range(450))

    assert len(found) == 450
    assert [name for name, one in found.items() if one.runs] == ["kind-0", "kind-449"]


def test_the_past_is_found_along_the_index_of_kinds(app: Flask) -> None:
    with app.app_context():
        query = module._query(["count", "other"])
        literal = query.compile(db.engine, compile_kwargs={"literal_binds": True})
        plan = [row[-1] for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {literal}"))]

    assert sum("ix_jobs_kind" in step for step in plan) == 2, plan
    assert not [step for step in plan if step.startswith("SCAN jobs")], plan
    assert not [step for step in plan if step.startswith("SCAN artifacts")], plan


RUN = Run(seconds=60.0, rows=300_000, sizes={"csv": 14 * MB})


@pytest.mark.parametrize(
    ("rows", "seconds", "size"),
    [
        (None, 60.0, 14 * MB),
        (300_000, 60.0, 14 * MB),
        (450_000, 60.0, 14 * MB),
        (30_000, 6.0, 1_400_000),
        (1_500_000, 300.0, 70 * MB),
        (3_000_001, None, None),
    ],
)
def test_time_and_size_follow_the_rows_as_far_as_the_past_reaches(
    rows: int | None, seconds: float | None, size: int | None
) -> None:
    found = Usual((RUN,))

    assert found.seconds_for(rows, ["csv"]) == seconds
    assert found.size_for("csv", rows) == size


def test_jobs_of_the_same_formats_say_how_long_it_takes() -> None:
    quick = Run(2.0, 1000, {"csv": 10})
    slow = Run(40.0, 1000, {"csv": 10, "pdf": 90})
    found = Usual((quick, slow, slow))

    assert found.seconds_for(1000, ["csv"]) == 2.0
    assert found.seconds_for(1000, ["pdf", "csv"]) == 40.0
    assert found.seconds_for(1000, ["xlsx"]) == 40.0
    assert found.seconds_for(None, ["csv"]) == 2.0


def test_a_report_that_is_always_empty_has_a_usual_time() -> None:
    found = Usual((Run(0.4, 0, {"csv": 12}),))

    assert found.seconds_for(0, ["csv"]) == 0.4
    assert found.seconds_for(5, ["csv"]) is None
