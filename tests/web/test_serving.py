"""How gunicorn serves the desk, by what the environment says."""

import runpy
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import make_web

SETTINGS = Path(make_web.__file__)
DATABASE, STREAMS, THREADS = (
    "FLASK_SQLALCHEMY_DATABASE_URI",
    "FLASK_LIVE_MAX_STREAMS",
    "FLASK_WEB_THREADS",
)


@pytest.fixture(autouse=True)
def _without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the machine that runs the tests have no settings of its own."""
    for name in (DATABASE, STREAMS, THREADS):
        monkeypatch.delenv(name, raising=False)


def served(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    """Give gunicorn's settings for an environment."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(SETTINGS))


@pytest.mark.parametrize("url", [{}, {DATABASE: ""}, {DATABASE: "sqlite:////srv/ledger.db"}])
def test_on_sqlite_each_stream_has_a_thread_and_forty_are_left(
    monkeypatch: pytest.MonkeyPatch, url: dict[str, str]
) -> None:
    settings = served(monkeypatch, **url)

    assert (settings["worker_class"], settings["threads"]) == ("gthread", 190)


@pytest.mark.parametrize(
    ("environment", "threads"),
    [
        ({STREAMS: "10"}, 50),
        ({STREAMS: "10", THREADS: "0"}, 50),
        ({STREAMS: "10", THREADS: "7"}, 7),
        ({STREAMS: "", THREADS: ""}, 190),
    ],
)
def test_the_number_of_threads_follows_the_settings(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], threads: int
) -> None:
    assert served(monkeypatch, **environment)["threads"] == threads


def test_on_postgresql_streams_need_no_threads_where_gevent_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = served(monkeypatch, **{DATABASE: "postgresql://desk@/desk", STREAMS: "2000"})

    if find_spec("gevent") is None:
        assert settings["threads"] == 2040
    else:
        assert settings["worker_connections"] > 2000


def test_a_stop_is_short() -> None:
    assert runpy.run_path(str(SETTINGS))["graceful_timeout"] <= 3


def test_the_settings_bring_nothing_along_that_must_come_after_gevent() -> None:
    told = "import make_web, sys; print(*sorted(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", told],
        cwd=SETTINGS.parent,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "make_web" in run.stdout.split()
    assert not {"dashboard", "psycopg", "redis", "sqlalchemy"} & set(run.stdout.split())
