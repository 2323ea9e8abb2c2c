"""Asking for a job: from the press of the button to the answer, by form and by API."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from bench.desk import Desk
from bench.measure import Line, Setting, at_most
from bench.numbers import numbers_desk
from bench.spread import middle, tail
from bench.staff import Answer, Staff

MOST_MIDDLE = 30.0  # milliseconds
MOST_TAIL = 80.0
CLIENTS = 5
LOOK_SECONDS = 0.2
PAUSE = 0.25  # seconds between two presses of one client
WARM_UP = 10
ACCEPTED = frozenset({202, 303})

Ask = Callable[[Staff, int], Answer]


def take(setting: Setting) -> Iterator[Line]:
    """Ask one after the other, then as five people at once, while a worker does the jobs."""
    runs = count(1)
    with numbers_desk(setting) as desk:
        for name, ask in (("form", _press), ("API", _call)):
            _ask(desk, ask, runs, WARM_UP)
            alone = _ask(desk, ask, runs, setting.times(150, 40))
            yield from _lines(f"{name}, one after the other", alone)
            times = setting.times(60, 20)
            together = _together(desk, ask, runs, times, PAUSE)
            yield from _lines(f"{name}, {CLIENTS} people, 4 a second each", together)
            hurried = _together(desk, ask, runs, times, 0.0)
            told = f"{middle(hurried):.0f} ms, {tail(hurried, 95):.0f} ms"
            yield Line(f"{name}, {CLIENTS} without a pause, half and 95 of 100", told)


def _together(desk: Desk, ask: Ask, runs: Iterator[int], times: int, pause: float) -> list[float]:
    """Ask as all clients at once; gives the milliseconds of each answer."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        asked = [pool.submit(_ask, desk, ask, runs, times, pause) for _ in range(CLIENTS)]
    return [took for future in asked for took in future.result()]


def _ask(desk: Desk, ask: Ask, runs: Iterator[int], times: int, pause: float = 0.0) -> list[float]:
    """Ask for *times* jobs, each with choices of its own; gives the milliseconds of each."""
    staff = Staff.signed_in(desk)
    staff.opens_form("numbers")
    took = []
    for _ in range(times):
        answer = ask(staff, next(runs))
        assert answer.status in ACCEPTED, answer
        took.append(answer.seconds * 1000)
        time.sleep(pause)
    _wait_for_worker(staff)
    staff.close()
    return took


def _wait_for_worker(staff: Staff) -> None:
    """Wait until the worker has done all jobs: the next figures must not pay for these."""
    while json.loads(staff.calls("GET", "/jobs?state=waiting").text)["items"]:
        time.sleep(LOOK_SECONDS)


def _press(staff: Staff, run: int) -> Answer:
    return staff.presses("numbers", rows=10, run=run, formats="csv")


def _call(staff: Staff, run: int) -> Answer:
    body = {"params": {"rows": 10, "run": run}, "formats": ["csv"]}
    return staff.calls("POST", "/jobs/numbers", body)


def _lines(what: str, took: list[float]) -> Iterator[Line]:
    yield at_most(f"{what}, half of all", middle(took), MOST_MIDDLE, "ms")
    yield at_most(f"{what}, 95 of 100", tail(took, 95), MOST_TAIL, "ms")
