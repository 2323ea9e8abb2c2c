"""Kept files are held against their checksums, the one checked longest ago first."""

import json
import os
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from dashboard.extensions import db
from dashboard.jobs import Fact, damage, ending, fact_of
from dashboard.jobs.damage import Round
from dashboard.models import Artifact, Job, LogLine, clock, transaction
from tests.jobs.attempts import start, store


@pytest.fixture
def root(desk: Flask) -> Iterator[Path]:
    """Give the folder of stored files, inside an app context."""
    with desk.app_context():
        yield Path(desk.extensions["storage"].root)


def kept(desk: Flask, user_id: int, count: int = 1) -> list[uuid.UUID]:
    """Give the ids of *count* stored files of one finished job."""
    claimed = start(user_id)
    artifacts = [store(desk, claimed, f"{number}.csv") for number in range(count)]
    ids = [artifact.id for artifact in artifacts]
    ending.succeed(claimed.job.id, claimed.fence, artifacts, {})
    return ids


def wait(*ids: uuid.UUID, **age: float) -> None:
    """Let files be checked *age* ago for the last time."""
    with transaction() as session:
        ago = update(Artifact).where(Artifact.id.in_(ids))
        session.execute(ago.values(checked_at=clock() - timedelta(**age)))


def file(artifact_id: uuid.UUID) -> Artifact:
    """Give the row as it stands."""
    db.session.rollback()
    return db.session.get_one(Artifact, artifact_id, populate_existing=True)


def test_a_file_is_checked_once_a_day(desk: Flask, mara: int, root: Path) -> None:
    (one,) = kept(desk, mara)
    assert Round().go_on() == 0
    wait(one, hours=25)
    assert Round().go_on() == 1
    assert Round().go_on() == 0
    assert file(one).damaged_at is None


@pytest.mark.parametrize("how", ["changed", "cut", "missing"])
def test_damage_is_found_told_and_written_down_once(
    desk: Flask, mara: int, root: Path, how: str
) -> None:
    one, other = kept(desk, mara, 2)
    path = root / file(one).key
    match how:
        case "changed":
            path.write_bytes(b"1,3\n")
        case "cut":
            path.write_bytes(b"1,")
        case "missing":
            path.unlink()
    version = db.session.scalars(select(Job.version)).one()
    wait(one, other, hours=25)
    assert Round().go_on() == 2
    assert file(one).damaged_at is not None
    assert file(other).damaged_at is None
    assert damage.count() == 1
    assert db.session.scalars(select(Job.version)).one() == version + 1
    fact = fact_of(db.session.scalars(select(Job)).one())
    assert fact.files_damaged == 1
    assert Fact.from_json(json.loads(json.dumps(fact.as_json()))) == fact
    wait(one, minutes=11)
    assert Round().go_on() == 1
    lines = db.session.scalars(select(LogLine.text)).all()
    assert len([line for line in lines if "was damaged on disk" in line]) == 1


def test_a_file_that_was_put_back_is_given_out_again(desk: Flask, mara: int, root: Path) -> None:
    (one,) = kept(desk, mara)
    path = root / file(one).key
    path.rename(path.with_suffix(".away"))
    wait(one, hours=25)
    Round().go_on()
    path.with_suffix(".away").rename(path)
    assert Round().go_on() == 0
    wait(one, minutes=11)
    assert Round().go_on() == 1
    assert file(one).damaged_at is None
    assert damage.count() == 0


def test_a_disk_that_is_away_damages_no_file(desk: Flask, mara: int, root: Path) -> None:
    (one,) = kept(desk, mara)
    wait(one, hours=25)
    root.rename(root.with_name("away"))
    assert Round().go_on() == 0
    assert file(one).damaged_at is None
    root.with_name("away").rename(root)
    assert Round().go_on() == 1
    assert file(one).damaged_at is None


def test_the_one_checked_longest_ago_is_first_and_a_large_one_is_read_on(
    desk: Flask, mara: int, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large, newer = kept(desk, mara, 2)
    size = 3 << 20
    path = root / file(large).key
    os.truncate(path, size)
    with transaction() as session:
        session.execute(update(Artifact).where(Artifact.id == large).values(size=size))
    wait(large, days=3)
    wait(newer, days=2)
    monkeypatch.setattr(damage, "BYTES_AT_ONCE", 1 << 20)
    round_ = Round()
    assert [round_.go_on() for _ in range(2)] == [0, 0]
    assert file(large).damaged_at is None
    while not round_.go_on():
        assert file(newer).checked_at < clock() - timedelta(days=1)  # type: ignore[operator]
    round_.go_on()
    assert file(large).damaged_at is not None  # The checksum is that of the small file.
    assert file(newer).checked_at > clock() - timedelta(days=1)  # type: ignore[operator]


def test_a_file_that_expires_while_it_is_read_is_no_damage(
    desk: Flask, mara: int, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one,) = kept(desk, mara)
    wait(one, hours=25)
    monkeypatch.setattr(damage, "BYTES_AT_ONCE", 1)
    round_ = Round()
    assert round_.go_on() == 0
    (root / file(one).key).unlink()
    with transaction() as session:
        session.execute(update(Artifact).values(deleted_at=clock()))
    round_.go_on()
    assert file(one).damaged_at is None
    assert damage.count() == 0
    assert Round().go_on() == 0
