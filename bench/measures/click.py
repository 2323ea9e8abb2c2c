"""From the press of the button to the first sign of the job on an open page."""

import re
import time
from collections.abc import Iterator
from itertools import count

from bench.measure import Line, Setting, at_most
from bench.numbers import numbers_desk
from bench.spread import middle
from bench.staff import Staff
from bench.streams import Streams

MOST = 300.0  # milliseconds, half of all
ROWS = 150_000  # a job of about half a second, which is seen at work
HEAR_SECONDS = 20.0
JOB = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def take(setting: Setting) -> Iterator[Line]:
    """Press when the worker is idle, and listen as a browser does."""
    times = setting.times(15, 5)
    runs = count(1)
    with numbers_desk(setting) as desk:
        staff = Staff.signed_in(desk)
        staff.opens_form("numbers")
        _press_and_follow(staff, next(runs))
        followed = [_press_and_follow(staff, next(runs)) for _ in range(times)]
        shown, began = ([one[place] * 1000 for one in followed] for place in (0, 1))
        yield at_most("the job's page shows it", middle(shown), MOST, "ms")
        yield at_most("the job's page shows that it runs", middle(began), MOST, "ms")
        waiting = [_press_and_wait(staff, next(runs)) * 1000 for _ in range(times)]
        yield at_most("home, open before, shows it", middle(waiting), MOST, "ms")


def _press_and_follow(staff: Staff, run: int) -> tuple[float, float]:
    """Press, go where the answer points, listen there; gives the seconds until the job is shown
    and until it runs."""
    began = time.monotonic()
    answer = staff.presses("numbers", rows=ROWS, run=run, formats="csv")
    assert answer.status == 303, answer
    page = staff.asks("GET", answer.location, None, {})
    assert page.status == 200, page
    job_id = _job(answer.location)
    moments: dict[str, float] = {}

    def heard(_: int, event: bytes, moment: float) -> None:
        if f'id="job-page-{job_id}"'.encode() in event:
            moments.setdefault("shown", moment)
            if b'data-state="running"' in event or b'data-state="succeeded"' in event:
                moments.setdefault("began", moment)

    with Streams(heard) as streams:
        streams.open(staff, f"view=job&id={job_id}")
        streams.listen(lambda: "began" in moments, HEAR_SECONDS)
    staff.ends(job_id)
    return moments["shown"] - began, moments["began"] - began


def _press_and_wait(staff: Staff, run: int) -> float:
    """Press while a page of home is open; gives the seconds until that page hears of the job."""
    state: dict[str, float] = {}
    job_id = ""

    def heard(_: int, event: bytes, moment: float) -> None:
        if b"event: live" in event:
            state["live"] = moment
        elif job_id and f"job-card-{job_id}".encode() in event:
            state.setdefault("shown", moment)

    with Streams(heard) as streams:
        streams.open(staff, "view=home")
        streams.listen(lambda: "live" in state, HEAR_SECONDS)
        began = time.monotonic()
        answer = staff.presses("numbers", rows=ROWS, run=run, formats="csv")
        job_id = _job(answer.location)
        streams.listen(lambda: "shown" in state, HEAR_SECONDS)
    staff.ends(job_id)
    return state["shown"] - began


def _job(location: str) -> str:
    found = JOB.search(location)
    assert found is not None, location
    return found[0]
