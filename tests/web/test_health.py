"""Health: alive, ready, and the figures."""

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis

from dashboard.models import Process, clock, transaction
from tests.people import Person
from tests.web.browsers import anybody
from tests.web.desk import Desk
from tests.web.streams import Streams


def heard(app: Flask, *parts: str) -> None:
    """Let processes have been heard of just now."""
    with app.app_context(), transaction() as session:
        for part in parts:
            process = Process(name=f"{part}@here", part=part, host="here", pid=1)
            process.slots, process.queues = 2, ["reports"]
            process.started_at = process.heard_at = clock()
            session.add(process)


def figures(app: Flask, **headers: str) -> dict[tuple[str, ...], float]:
    """Give the figures by name and labels, as Prometheus reads them."""
    answer = anybody(app).get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer.mimetype == "text/plain"
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_a_process_that_answers_is_alive(app: Flask) -> None:
    answer = anybody(app).get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_a_desk_is_ready_when_all_its_parts_are_there(app: Flask) -> None:
    heard(app, "worker", "scheduler")

    answer = anybody(app).get("/readyz")

    assert answer.status_code == 200
    checks = {"database": True, "redis": True, "worker": True, "scheduler": True}
    assert answer.json == {"status": "ok", "checks": checks}


@pytest.mark.parametrize("missing", ["worker", "scheduler"])
def test_what_is_missing_is_named(app: Flask, missing: str) -> None:
    heard(app, *{"worker", "scheduler"} - {missing})

    answer = anybody(app).get("/readyz")

    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["status"] == "not ready"
    assert [name for name, there in answer.json["checks"].items() if not there] == [missing]


def test_redis_that_is_away_is_named(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    heard(app, "worker", "scheduler")
    app.config["REDIS_URL"] = "redis://127.0.0.1:1/0"

    answer = anybody(app).get("/readyz")

    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["checks"]["redis"] is False


def test_a_worker_that_stopped_or_fell_silent_does_not_count(app: Flask) -> None:
    heard(app, "worker", "scheduler")
    with app.app_context(), transaction() as session:
        session.get_one(Process, "worker@here").stopped_at = clock()

    assert anybody(app).get("/readyz").status_code == 503


def test_the_figures_are_those_of_the_ledger(
    app: Flask, desk: Desk, staff: Person, streams: Streams
) -> None:
    heard(app, "worker")
    desk.succeeded(staff)
    desk.failed(staff)
    for _ in range(2):
        desk.queued(staff)
    streams.page(staff).until("live")

    found = figures(app)

    assert found["bellhop_jobs", "reports", "queued"] == 2
    assert found["bellhop_jobs", "reports", "succeeded"] == 1
    assert found["bellhop_jobs", "reports", "failed"] == 1
    assert 0 <= found["bellhop_longest_wait_seconds", "reports"] < 60
    assert found["bellhop_processes", "worker"] == 1
    assert found["bellhop_processes", "scheduler"] == 0
    assert found["bellhop_live_streams",] == 1


def test_the_figures_name_no_person_and_no_report(app: Flask, desk: Desk, staff: Person) -> None:
    desk.queued(staff, "orders", name="Åsa")

    text = anybody(app).get("/metrics").text

    for secret in ("Mara", staff.email, "Åsa", "orders"):
        assert secret not in text


@pytest.mark.parametrize("given", [None, "", "Bearer", "Bearer wrong", "Bearer ü", "Basic geheim"])
def test_figures_with_a_token_are_for_those_who_have_it(app: Flask, given: str | None) -> None:
    app.config["METRICS_TOKEN"] = "geheim"
    headers = {"Authorization": given} if given is not None else {}

    assert anybody(app).get("/metrics", headers=headers).status_code == 401
    assert figures(app, Authorization="Bearer geheim")


def test_the_token_may_have_any_letters(app: Flask) -> None:
    app.config["METRICS_TOKEN"] = "gehéim"

    answer = anybody(app).get("/metrics", headers={"Authorization": "Bearer x"})

    assert answer.status_code == 401


def test_the_tests_talk_to_a_real_valkey(valkey_url: str) -> None:
    with Redis.from_url(valkey_url) as client:
        assert "valkey" in client.info("server")["server_name"]
