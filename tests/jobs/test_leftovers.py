"""What ended attempts left behind is swept; what an attempt may still name never is."""

import os
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from dashboard.extensions import db
from dashboard.jobs import ending, leftovers, sweep
from dashboard.jobs.claim import Claim
from dashboard.jobs.errors import Failure, LeaseLost, Transient, Verdict, judge
from dashboard.jobs.keys import Owner, key_of, name_of, owner_of
from dashboard.jobs.running import speaking
from dashboard.models import Artifact, Job, clock, transaction
from tests.jobs.attempts import start, store, take

FAILED = Verdict(Failure("It cannot be done."), retry=False)
RETRIED = judge(Transient("The line is busy."))


@pytest.fixture
def files(desk: Flask, mara: int) -> Iterator[Path]:
    """Give the folder of stored files, inside an app context; *mara* is there."""
    with desk.app_context():
        yield Path(desk.extensions["storage"].root)


def lies(files: Path) -> set[str]:
    """Give the keys of all stored files."""
    return {str(path.relative_to(files)) for path in files.glob("*/*") if path.is_file()}


@contextmanager
def half_written(desk: Flask, claimed: Claim) -> Iterator[Path]:
    """Leave a draft as a killed attempt does, for the time of the block."""
    with desk.extensions["storage"].draft(key_of(claimed.job.id, claimed.fence, "a.csv")) as draft:
        draft.path.write_bytes(b"1,")
        yield draft.path


def test_a_file_that_a_running_attempt_may_still_name_is_left(
    desk: Flask, mara: int, files: Path
) -> None:
    claimed = start(mara)
    artifact = store(desk, claimed)
    os.utime(files / artifact.key, (1, 1))
    assert leftovers.sweep_files() == 0
    ending.succeed(claimed.job.id, claimed.fence, [artifact], {})
    assert leftovers.sweep_files() == 0
    assert lies(files) == {artifact.key}


@pytest.mark.parametrize("end", ["failed", "waiting", "handed back", "taken back", "cancelled"])
def test_a_file_of_an_ended_attempt_is_swept_however_fresh(
    desk: Flask, mara: int, files: Path, end: str
) -> None:
    claimed = start(mara)
    store(desk, claimed)
    job_id, fence = claimed.job.id, claimed.fence
    match end:
        case "failed":
            ending.fail(job_id, fence, FAILED)
        case "waiting":
            ending.fail(job_id, fence, RETRIED)
        case "handed back":
            ending.hand_back(job_id, fence)
        case "taken back":
            ending.take_back(job_id, fence)
        case "cancelled":
            ending.cancelled(job_id, fence)
    assert leftovers.sweep_files() == 1
    assert leftovers.sweep_files() == 0
    assert lies(files) == set()


def test_only_the_old_attempts_file_goes_while_a_new_one_runs(
    desk: Flask, mara: int, files: Path
) -> None:
    first = start(mara)
    store(desk, first)
    ending.take_back(first.job.id, first.fence)
    second = take()
    assert second.job.id == first.job.id
    new = store(desk, second)
    assert leftovers.sweep_files() == 1
    ending.succeed(second.job.id, second.fence, [new], {})
    assert leftovers.sweep_files() == 0
    assert lies(files) == {new.key}


def test_a_late_file_of_an_attempt_that_lost_its_lease_is_swept_as_well(
    desk: Flask, mara: int, files: Path
) -> None:
    first = start(mara)
    ending.take_back(first.job.id, first.fence)
    second = take()
    new = store(desk, second)
    ending.succeed(second.job.id, second.fence, [new], {})
    late = store(desk, first, "late.csv")
    with pytest.raises(LeaseLost):
        ending.succeed(first.job.id, first.fence, [late], {})
    assert leftovers.sweep_files() == 1
    assert lies(files) == {new.key}


def test_bytes_that_a_crash_left_behind_a_deleted_row_are_swept(
    desk: Flask, mara: int, files: Path
) -> None:
    claimed = start(mara)
    artifact = store(desk, claimed)
    ending.succeed(claimed.job.id, claimed.fence, [artifact], {})
    with transaction() as session:
        session.execute(update(Artifact).values(deleted_at=clock()))
    assert leftovers.sweep_files() == 1
    assert lies(files) == set()


def test_what_the_ledger_never_heard_of_is_left_as_long_as_files_are_kept(
    desk: Flask, files: Path
) -> None:
    stranger = files / str(uuid.uuid4())
    stranger.mkdir(parents=True)
    for name in ("1-new.csv", "1-old.csv"):
        (stranger / name).touch()
    old = (
        clock().timestamp()
        - timedelta(days=desk.config["KEEP_FILES_DAYS"], hours=1).total_seconds()
    )
    os.utime(stranger / "1-old.csv", (old, old))
    (files / "lost+found").mkdir()
    (files / "lost+found" / "1-x").touch()
    os.utime(files / "lost+found" / "1-x", (1, 1))
    assert leftovers.sweep_files() == 1
    assert lies(files) == {f"{stranger.name}/1-new.csv", "lost+found/1-x"}


def test_a_ledger_that_was_put_back_to_an_older_day_costs_no_file(
    desk: Flask, mara: int, files: Path
) -> None:
    claimed = start(mara)
    artifact = store(desk, Claim(claimed.job, claimed.fence + 1))
    assert leftovers.sweep_files() == 0
    ending.fail(claimed.job.id, claimed.fence, FAILED)
    assert leftovers.sweep_files() == 0
    assert lies(files) == {artifact.key}


def test_thousands_of_files_are_looked_through_and_only_leftovers_go(
    desk: Flask, mara: int, files: Path
) -> None:
    named = start(mara)
    artifacts = [store(desk, named, f"{number}.csv") for number in range(20)]
    ending.succeed(named.job.id, named.fence, artifacts, {})
    over = start(mara)
    folder = files / str(over.job.id)
    folder.mkdir()
    for number in range(3 * leftovers.BATCH + 7):
        (folder / f"{over.fence}-{number}.csv").touch()
    ending.fail(over.job.id, over.fence, FAILED)
    assert leftovers.sweep_files() == 3 * leftovers.BATCH + 7
    assert lies(files) == {artifact.key for artifact in artifacts}


def test_drafts_go_with_their_attempt_and_not_before(desk: Flask, mara: int, files: Path) -> None:
    claimed = start(mara)
    with half_written(desk, claimed) as draft:
        assert leftovers.sweep_drafts() == 0
        assert draft.exists()
        ending.take_back(claimed.job.id, claimed.fence)
        second = take()
        with half_written(desk, second) as new:
            assert leftovers.sweep_drafts() == 1
            assert not draft.parent.exists()
            assert new.exists()
            ending.fail(second.job.id, second.fence, FAILED)
            assert leftovers.sweep_drafts() == 1
    assert list((files / ".drafts").iterdir()) == []


@pytest.mark.faults
def test_two_sweepers_beside_a_worker_never_take_a_file_that_is_named(
    desk: Flask, mara: int, files: Path
) -> None:
    ended = threading.Event()
    errors: list[Exception] = []

    def sweeps() -> None:
        with desk.app_context():
            while not ended.is_set():
                try:
                    leftovers.sweep_files()
                    leftovers.sweep_drafts()
                except Exception as error:  # It is looked at below.
                    errors.append(error)
                    return

    sweepers = [threading.Thread(target=sweeps) for _ in range(2)]
    for sweeper in sweepers:
        sweeper.start()
    try:
        for _ in range(25):
            lost = start(mara)
            store(desk, lost)
            ending.take_back(lost.job.id, lost.fence)
            claimed = take()
            stored = [store(desk, claimed, "a.csv"), store(desk, claimed, "b.csv")]
            ending.succeed(claimed.job.id, claimed.fence, stored, {})
    finally:
        ended.set()
        for sweeper in sweepers:
            sweeper.join(30)
    assert errors == []
    leftovers.sweep_files()
    db.session.rollback()
    assert len(lies(files)) == 50
    assert lies(files) == set(db.session.scalars(select(Artifact.key)))


def test_expired_files_and_leftovers_may_be_swept_at_once(
    desk: Flask, mara: int, files: Path
) -> None:
    claimed = start(mara)
    artifact = store(desk, claimed)
    ending.succeed(claimed.job.id, claimed.fence, [artifact], {})
    with transaction() as session:
        past = clock() - timedelta(seconds=1)
        session.execute(update(Artifact).values(expires_at=past))
    assert sweep.delete_expired_files() == 1
    assert leftovers.sweep_files() == 0
    assert lies(files) == set()
    assert db.session.scalars(select(Job.version)).one() > 2


def test_a_key_says_whose_it_is() -> None:
    job_id = uuid.uuid4()
    key = key_of(job_id, 12, "sales-2026-10.csv")
    assert owner_of(key) == Owner(job_id, 12)
    assert owner_of(key[:42]) == Owner(job_id, 12)
    assert name_of(key) == "sales-2026-10.csv"
    for other in ("", "a.csv", "job/1-a.csv", f"{job_id}/a.csv", f"{job_id}/12"):
        assert owner_of(other) is None


@pytest.mark.parametrize("name", ["x" * 500, "売上" * 100, "ü" * 300, "//", "😀" * 90])
def test_a_name_of_any_length_and_letters_can_be_stored(
    desk: Flask, mara: int, files: Path, name: str
) -> None:
    artifact = store(desk, start(mara), f"{speaking(name)}.xlsx")
    assert lies(files) == {artifact.key}
