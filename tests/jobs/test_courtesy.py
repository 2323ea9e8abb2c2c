"""Work that gives way to whoever opens a page."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from dashboard.jobs import courtesy
from dashboard.jobs.courtesy import LONG, REST, SHARE, STALE, Courtesy, Served, served

PATIENCE = 30.0  # seconds; the machine may be busy
COMES = """
import sys, time
from pathlib import Path
from dashboard.jobs import courtesy
from dashboard.jobs.courtesy import Served
Served(Path(sys.argv[1])).come()
print("came", flush=True)
sys.stdin.read()
"""


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def work(clock: Clock) -> Callable[[Callable[[], bool]], Courtesy]:
    def make(is_any: Callable[[], bool]) -> Courtesy:
        return Courtesy(is_any, clock=clock, sleep=clock.sleep)

    return make


def test_short_work_never_rests(
    clock: Clock, work: Callable[[Callable[[], bool]], Courtesy]
) -> None:
    giving = work(lambda: True)
    clock.now += LONG * 0.9
    giving.give_way()
    assert clock.slept == 0


def test_long_work_rests_while_a_page_is_made_and_no_longer(
    clock: Clock, work: Callable[[Callable[[], bool]], Courtesy]
) -> None:
    giving = work(lambda: clock.now < 100 + 2 * LONG + 0.03)
    clock.now += 2 * LONG
    giving.give_way()
    assert clock.slept == pytest.approx(0.03, abs=0.002)


def test_one_rest_is_short_and_all_together_leave_time_to_work(
    clock: Clock, work: Callable[[Callable[[], bool]], Courtesy]
) -> None:
    giving = work(lambda: True)
    clock.now += 2 * LONG
    giving.give_way()
    assert clock.slept == pytest.approx(REST, abs=0.002)
    worked = 2 * LONG
    for _ in range(2000):
        clock.now += 0.005
        worked += 0.005
        giving.give_way()
    assert clock.slept == pytest.approx(SHARE * worked, rel=0.01)


@pytest.fixture
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no request become stale, however busy the machine is."""
    monkeypatch.setattr(courtesy, "STALE", 3600.0)


@pytest.mark.usefixtures("_patient")
def test_another_process_sees_a_request_until_it_is_answered(tmp_path: Path) -> None:
    here, there = Served(tmp_path / "served"), Served(tmp_path / "served")
    assert not there.is_any()
    here.come()
    here.come()
    assert there.is_any()
    here.go()
    assert there.is_any()
    here.go()
    assert not there.is_any()


def test_a_process_that_was_killed_is_waited_for_no_longer_than_a_moment(tmp_path: Path) -> None:
    path = tmp_path / "served"
    child = subprocess.Popen(
        [sys.executable, "-c", COMES, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"came\n"
    came = time.monotonic()
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    seen = Served(path)
    while seen.is_any():
        assert time.monotonic() - came < PATIENCE
    assert time.monotonic() - came >= STALE / 2


def test_where_nothing_can_be_shared_nobody_rests(tmp_path: Path) -> None:
    alone = Served(tmp_path / "missing" / "served")
    alone.come()
    assert not alone.is_any()
    alone.go()


@pytest.mark.usefixtures("_patient")
def test_a_page_is_served_while_it_is_made_and_not_behind_it(app: Flask) -> None:
    seen = []

    @app.get("/look")
    def look() -> str:
        seen.append(served().is_any())
        return ""

    assert app.test_client().get("/look").status_code == 200
    with app.app_context():
        assert seen == [True]
        assert not served().is_any()
