"""Whether a worker's child grows: its memory after 20 jobs and after 200."""

import json
from collections.abc import Iterator
from itertools import count

from bench import resident
from bench.measure import Line, Setting, at_most
from bench.numbers import numbers_desk
from bench.staff import Staff

FIRST, LAST = 20, 200
MOST = 5.0  # percent
ROWS = 1000
FORMATS = ("csv", "xlsx", "pdf")


def take(setting: Setting) -> Iterator[Line]:
    """Let one child do all the jobs, each of which makes three files."""
    with numbers_desk(setting, FLASK_CELERY__worker_concurrency="1") as desk:
        staff = Staff.signed_in(desk)
        runs = count(1)
        _do(staff, runs, FIRST)
        child = desk.child_of_worker()
        before = child.memory_info().rss
        _do(staff, runs, LAST - FIRST)
        assert desk.child_of_worker().pid == child.pid
        after = child.memory_info().rss
    growth = (after / before - 1) * 100
    told = (
        f"({after / resident.MIB:.0f} MiB after {LAST}, {before / resident.MIB:.0f} after {FIRST})"
    )
    yield at_most(f"growth of a worker's child over {LAST} jobs", growth, MOST, "%", told)


def _do(staff: Staff, runs: Iterator[int], times: int) -> None:
    """Ask for *times* jobs and wait for the last, which is done last."""
    job_id = ""
    for _ in range(times):
        body = {"params": {"rows": ROWS, "run": next(runs)}, "formats": FORMATS}
        job_id = json.loads(staff.calls("POST", "/jobs/numbers", body).text)["id"]
    staff.ends(job_id)
