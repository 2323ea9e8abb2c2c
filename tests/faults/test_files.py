"""Workers killed at every step of writing files: what can be downloaded is whole, or not there."""

import csv
import hashlib
import json
import signal
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import psutil
import pytest
from flask import Flask
from sqlalchemy import select

from dashboard import create_app, jobs
from dashboard.extensions import db
from dashboard.jobs import Fact, fact_of, find, leftovers
from dashboard.models import Artifact, Job, User, clock
from tests.faults.holding_worker import FOLDER, HELD, POINTS
from tests.parts import ROOT, Parts, ends, parts_of, until
from tests.people import Person

pytestmark = pytest.mark.faults

ROWS = 2_500
FORMATS = ["csv", "xlsx", "pdf"]
HOLDING = "tests.faults.holding_worker"
Worker = Popen[bytes]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, sqlite_ledger: Path, valkey_url: str) -> Flask:
    """Give a desk whose report makes some files."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "ledger.db").write_bytes(sqlite_ledger.read_bytes())
    sqlite3.connect(folder / "numbers.db").execute("CREATE TABLE unused (x)").connection.close()
    (folder / "hold").mkdir()
    return create_app(
        INSTANCE_PATH=folder,
        REDIS_URL=valkey_url,
        SOURCES={"numbers": f"sqlite:///{folder / 'numbers.db'}"},
        REPORTS_DIR=str(ROOT / "tests" / "reports_slow"),
        LEASE_SECONDS=60,  # It is not over while a child that stands still is looked at.
        TICK_SECONDS=1,
        TESTING=True,
    )


@pytest.fixture(scope="module")
def mara(desk: Flask) -> Person:
    """Give somebody who has signed in."""
    return Person.joins(desk, "Mara Keller")


@pytest.fixture(scope="module")
def parts(desk: Flask) -> Iterator[Parts]:
    """Give the means to start workers and a scheduler."""
    with parts_of(desk, Path(desk.instance_path)) as parts:
        yield parts


@pytest.fixture(scope="module")
def worker(desk: Flask, parts: Parts) -> Worker:
    """Give a worker with one slot, which stands still where it is told to."""
    return holding(parts, "holding")


def holding(parts: Parts, name: str) -> Worker:
    """Start such a worker."""
    return parts.worker(name, 1, program=HOLDING, **{FOLDER: str(hold_folder(parts.app))})


def hold_folder(desk: Flask) -> Path:
    """Give the folder of orders."""
    return Path(desk.instance_path) / "hold"


def start(desk: Flask, by: Person) -> uuid.UUID:
    """Start a job that makes a file of each format; gives its id."""
    with desk.app_context():
        kind = find("counting")
        assert kind is not None
        user = db.session.get_one(User, by.id)
        choices = {"formats": FORMATS, "rows": ROWS}
        return jobs.start(kind, choices, by=user, key=uuid.uuid4().hex).job.id


def start_and_hold(desk: Flask, parts: Parts, by: Person, point: str) -> tuple[uuid.UUID, int]:
    """Start a job whose child stands still at *point*; gives the job's id and the child's."""
    (hold_folder(desk) / point).touch()
    job_id = start(desk, by)
    found = hold_folder(desk) / HELD
    until(desk, found.exists, 60, log=parts.log)
    child = int(found.read_text())
    found.unlink()
    return job_id, child


def kill(child: int) -> None:
    """Stop the process dead, and see that it is."""
    process = psutil.Process(child)
    process.kill()
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        pass


def freeze(desk: Flask, worker: Worker, *, writing: bool) -> None:
    """Stop the worker, but not in the midst of a write; *writing* says that its child is in one."""
    is_free = False
    while not is_free:
        worker.send_signal(signal.SIGSTOP)
        ledger = sqlite3.connect(Path(desk.instance_path) / "ledger.db", timeout=0.5)
        try:
            ledger.execute("BEGIN IMMEDIATE").connection.rollback()
            is_free = True
        except sqlite3.OperationalError:
            if writing:
                return
            worker.send_signal(signal.SIGCONT)
        finally:
            ledger.close()


def fact(desk: Flask, job_id: uuid.UUID) -> Fact:
    """Give the job as it stands."""
    with desk.app_context():
        return fact_of(db.session.scalars(select(Job).where(Job.id == job_id)).one())


def nothing_is_served(by: Person, job_id: uuid.UUID) -> None:
    """See that no page, no list and no address gives a file of the job."""
    page = by.opens(f"/jobs/{job_id}")
    assert page.status_code == 200
    assert "/files/" not in page.text
    assert by.opens(f"/jobs/{job_id}/files.zip").status_code == 404
    assert str(job_id) not in by.opens("/files").text


def the_api_tells_of_none(by: Person, job_id: uuid.UUID) -> None:
    """See that programs hear of no file either."""
    assert json.loads(by.calls("GET", f"/jobs/{job_id}").text)["files"] == []


def files_are_whole(desk: Flask, by: Person, job_id: uuid.UUID) -> None:
    """See that every file can be downloaded and is what the ledger says."""
    files = fact(desk, job_id).files
    assert [file.format for file in files] == FORMATS
    for file in files:
        with by.opens(f"/files/{file.id}") as answer:
            assert answer.status_code == 200
            data = answer.data
        assert len(data) == file.size
        assert hashlib.sha256(data).hexdigest() == file.sha256
        assert file.rows == ROWS
        if file.format == "csv":
            rows = list(csv.reader(data.decode().splitlines()))
            assert len(rows) == ROWS + 1
            assert rows[-1] == [str(ROWS), f"row {ROWS}", f"{ROWS * 1.5:g}"]


def stored(desk: Flask) -> set[str]:
    """Give everything that lies in the storage, drafts included."""
    root = Path(desk.extensions["storage"].root)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def named(desk: Flask) -> set[str]:
    """Give the keys that the ledger names."""
    with desk.app_context():
        return set(db.session.scalars(select(Artifact.key)))


def sweep(desk: Flask) -> int:
    """Do what the scheduler does about leftovers."""
    with desk.app_context():
        return leftovers.sweep_files() + leftovers.sweep_drafts()


@pytest.mark.parametrize("point", POINTS)
def test_a_child_killed_while(
    desk: Flask, parts: Parts, worker: Worker, mara: Person, point: str
) -> None:
    job_id, child = start_and_hold(desk, parts, mara, point)
    committed = point == "committed"

    def see() -> None:
        if committed:
            files_are_whole(desk, mara, job_id)
        else:
            nothing_is_served(mara, job_id)

    try:
        see()
        lying = stored(desk)
        assert committed or lying - named(desk)
        freeze(desk, worker, writing=point == "commit")  # So that nobody takes the job back.
        kill(child)
        see()
        if not committed:
            the_api_tells_of_none(mara, job_id)
        assert sweep(desk) == 0  # As far as the ledger knows the attempt still runs.
        assert stored(desk) == lying
    finally:
        kill(child)
        worker.send_signal(signal.SIGCONT)
    ended = ends(desk, job_id, log=parts.log)
    assert (ended.state, ended.attempt) == ("succeeded", 1 if committed else 2)
    files_are_whole(desk, mara, job_id)
    assert sweep(desk) > 0 or committed
    assert stored(desk) == named(desk)


def test_the_scheduler_sweeps_what_a_killed_worker_left(
    desk: Flask, parts: Parts, mara: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(desk.config, "LEASE_SECONDS", 8)
    parts.end()  # Nobody else may take the job.
    dying = holding(parts, "dying")
    job_id, child = start_and_hold(desk, parts, mara, "moved")
    parts.stop(dying, signal.SIGKILL)
    kill(child)
    left = stored(desk) - named(desk)
    assert len([key for key in left if key.startswith(f"{job_id}/")]) == 1

    def lease_is_over() -> bool:
        lease = db.session.scalars(select(Job.lease_until).where(Job.id == job_id)).one()
        return lease is not None and lease < clock()

    until(desk, lease_is_over, 60, log=parts.log)
    nothing_is_served(mara, job_id)
    scheduler = parts.scheduler()
    until(desk, lambda: not left & stored(desk), 60, alive=scheduler, log=parts.log)
    nothing_is_served(mara, job_id)
    parts.worker("second", 1)
    ended = ends(desk, job_id, log=parts.log)
    assert (ended.state, ended.attempt) == ("succeeded", 2)
    files_are_whole(desk, mara, job_id)
    assert stored(desk) == named(desk)
    parts.stop(scheduler)
