"""The same job again and again, telling its progress and keeping silent by turns."""

import time
import timeit
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from bench.fresh import arguments, tell
from dashboard import create_app, jobs
from dashboard.cli import prepare
from dashboard.extensions import db
from dashboard.jobs import Family, Kind, Running, task
from dashboard.models import Job, State, User

BATCHES = 1000  # as many as an export of a million rows has
NAME = "count"

given = arguments()
app = create_app(**given["settings"])
prepare(app)


def batch(size: int) -> int:
    """Do a thousandth of the work."""
    return len("\n".join(map(str, range(size))))


def calibrated() -> int:
    """Give the size of a batch that makes the whole work last about a second.

    Whatever else the machine does only ever adds, so the quickest of many batches is the truth.
    """
    size = 1000
    quickest = min(timeit.repeat(lambda: batch(size), number=10, repeat=50)) / 10
    return int(size / (BATCHES * quickest))


def work(running: Running) -> None:
    """Do all of the work, and tell of each batch where the job was asked to.

    The result says how many seconds the telling took; without it nothing is timed.
    """
    if not running.params["tells"]:
        for _ in range(BATCHES):
            batch(size)
        return
    spent = 0.0
    for done in range(BATCHES):
        batch(size)
        began = time.perf_counter()
        running.progress(done + 1, BATCHES, "Count")
        spent += time.perf_counter() - began
    began = time.perf_counter()
    running.telling.flush(final=True)  # What the task would do next.
    running.result["spent"] = spent + time.perf_counter() - began


def kind() -> Kind:
    """Give the one kind of this desk, which is started by the bench only."""

    def form(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("Nobody opens this form.")

    return Kind(
        name=NAME,
        title="Count",
        family=NAME,
        summary="Counts.",
        work=work,
        form=form,
        title_of=lambda params: "Count",
        describe=lambda params: (),
    )


def job(*, tells: bool) -> tuple[float, float]:
    """Do one job, from the claim to the end; gives its seconds, and those of the telling."""
    with app.app_context():
        found = jobs.find(NAME)
        assert found is not None
        person = db.session.scalars(select(User)).one()
        jobs.start(found, {"tells": tells}, by=person, key=f"bench:{uuid.uuid4()}")
    began = time.perf_counter()
    task.run.apply(args=("reports",), throw=True)
    seconds = time.perf_counter() - began
    with app.app_context():
        done = db.session.scalars(select(Job).order_by(Job.serial.desc()).limit(1)).one()
        assert done.state == State.SUCCEEDED, done.error
        return seconds, done.result.get("spent", 0.0)


def by_turns() -> Mapping[str, Any]:
    """Do the jobs; gives the seconds of silent and of telling ones, and of the telling itself."""
    job(tells=True)
    silent: list[tuple[float, float]] = []
    telling: list[tuple[float, float]] = []
    for turn in range(given["times"]):
        for tells in (turn % 2 == 0, turn % 2 == 1):
            (telling if tells else silent).append(job(tells=tells))
    return {
        "silent": [seconds for seconds, _ in silent],
        "telling": [seconds for seconds, _ in telling],
        "spent": [spent for _, spent in telling],
    }


size = calibrated()
app.extensions["families"] = (Family(NAME, "Counts", "C", "hash", lambda: {NAME: kind()}),)
tell(by_turns)
