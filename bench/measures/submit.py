"""Asking for a job: from the press of the button to the answer, by form and by API."""

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
WARM_UP = 10

Ask = Callable[[Staff, int], Answer]


def take(setting: Setting) -> Iterator[Line]:
    """Ask one after the other, then by five people at once, while a worker does the jobs."""
    runs = count(1)
    with numbers_desk(setting) as desk:
        for name, ask, status in (("form", _press, 303), ("API", _call, 202)):
            _ask(desk, ask, status, runs, WARM_UP)
            alone = _ask(desk, ask, status, runs, setting.times(150, 40))
            yield from _lines(f"{name}, one client", alone)
            each = setting.times(60, 20)
            with ThreadPoolExecutor(CLIENTS) as pool:
                asked = [pool.submit(_ask, desk, ask, status, runs, each) for _ in range(CLIENTS)]
            together = [seconds for future in asked for seconds in future.result()]
            yield from _lines(f"{name}, {CLIENTS} clients", together)


def _ask(desk: Desk, ask: Ask, status: int, runs: Iterator[int], times: int) -> list[float]:
    """Ask for *times* jobs, each with choices of its own; gives the milliseconds of each."""
    staff = Staff.signed_in(desk)
    staff.opens_form("numbers")
    took = []
    for _ in range(times):
        answer = ask(staff, next(runs))
        assert answer.status == status, answer
        took.append(answer.seconds * 1000)
    staff.close()
    return took


def _press(staff: Staff, run: int) -> Answer:
    return staff.presses("numbers", rows=10, run=run, formats="csv")


def _call(staff: Staff, run: int) -> Answer:
    body = {"params": {"rows": 10, "run": run}, "formats": ["csv"]}
    return staff.calls("POST", "/jobs/numbers", body)


def _lines(what: str, took: list[float]) -> Iterator[Line]:
    yield at_most(f"{what}, half of all", middle(took), MOST_MIDDLE, "ms")
    yield at_most(f"{what}, 95 of 100", tail(took, 95), MOST_TAIL, "ms")
