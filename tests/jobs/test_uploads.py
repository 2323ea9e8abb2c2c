"""What people sent is read by those who may, and goes when its time is over."""

import os
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import Permanent, Transient, find, leftovers, old_uploads
from dashboard.jobs.uploads import find_upload, keep_upload, open_upload
from dashboard.models import Job, Role, State, Upload, User, clock, transaction
from dashboard.web.users import add_user

DATA = b"number,name\n1,M\xc3\xbcller\n"


@pytest.fixture
def files(desk: Flask, mara: int, jonas: int) -> Iterator[Path]:
    """Give the folder of stored files, inside an app context; *mara* and *jonas* are there."""
    with desk.app_context():
        yield Path(desk.extensions["storage"].root)


def sent(by: int, *blocks: bytes) -> uuid.UUID:
    """Keep a file of a person; gives its id."""
    return keep_upload("list.csv", iter(blocks or (DATA,)), by_id=by).id


def person(user_id: int) -> User:
    """Give the person."""
    return db.session.get_one(User, user_id)


def lie(files: Path) -> set[str]:
    """Give the names of the sent files whose bytes are there."""
    return {path.name for path in (files / "uploads").glob("*")}


def ages(upload_id: uuid.UUID, by: timedelta) -> None:
    """Let the time of an upload be over for *by*."""
    with transaction() as session:
        late = {"expires_at": clock() - by}
        session.execute(update(Upload).where(Upload.id == upload_id).values(**late))


def named(upload_id: uuid.UUID, by: int) -> uuid.UUID:
    """Start a job that names an upload; gives its id."""
    kind = find("count")
    assert kind is not None
    return jobs.start(kind, {"upload": str(upload_id)}, by=person(by), key=str(uuid.uuid4())).job.id


def ends(job_id: uuid.UUID) -> None:
    """Let a job be over."""
    with transaction() as session:
        session.execute(update(Job).where(Job.id == job_id).values(state=State.CANCELLED))


def test_it_is_read_by_its_person_and_administrators(
    desk: Flask, files: Path, mara: int, jonas: int
) -> None:
    upload_id = sent(mara, DATA[:5], DATA[5:])
    ada = add_user("ada@example.org", "Ada", Role.ADMIN, "secret secret")

    for reader in (person(mara), ada, None):
        with open_upload(str(upload_id), reader, proven=True) as file:
            assert file.path.read_bytes() == DATA
            assert (file.name, file.size) == ("list.csv", len(DATA))
    assert find_upload(upload_id, person(jonas)) is None
    with pytest.raises(Permanent, match="not kept any more"), open_upload(upload_id, person(jonas)):
        pass


@pytest.mark.parametrize("wanted", [None, "", "none", "00000000-0000-4000-8000-000000000000"])
def test_what_is_not_there_is_not_found(files: Path, mara: int, wanted: str | None) -> None:
    assert find_upload(wanted, person(mara)) is None
    with pytest.raises(Permanent), open_upload(wanted, None):
        pass


@pytest.mark.parametrize("proven", [True, False])
def test_damaged_bytes_are_not_read(files: Path, mara: int, proven: bool) -> None:
    upload_id = sent(mara)
    path = files / "uploads" / str(upload_id)
    path.write_bytes(DATA.replace(b"1", b"2") if proven else DATA[:-1])

    with pytest.raises(Permanent, match="damaged"), open_upload(upload_id, None, proven=proven):
        pass
    path.unlink()
    with pytest.raises(Permanent, match="not kept any more"), open_upload(upload_id, None):
        pass


def test_a_storage_that_is_away_is_waited_for(files: Path, mara: int) -> None:
    upload_id = sent(mara)
    away = files.rename(files.with_name("away"))

    with pytest.raises(Transient), open_upload(upload_id, None):
        pass
    away.rename(files)
    with open_upload(upload_id, None) as file:
        assert file.path.exists()


def test_it_is_deleted_when_its_time_has_been_over_for_a_while(files: Path, mara: int) -> None:
    fresh, over, old = (sent(mara) for _ in range(3))
    ages(over, timedelta(minutes=1))
    ages(old, timedelta(minutes=20))

    assert old_uploads.delete_expired_uploads() == 1
    assert old_uploads.delete_expired_uploads() == 0
    assert lie(files) == {str(fresh), str(over)}
    assert db.session.get_one(Upload, old).deleted_at is not None
    # Nobody begins with one whose time is over, but whoever just has still finds it.
    assert find_upload(over, person(mara)) is None
    with open_upload(over, None):
        pass


def test_it_stays_while_a_job_that_is_not_over_names_it(files: Path, mara: int) -> None:
    upload_id = sent(mara)
    job_id = named(upload_id, mara)
    ages(upload_id, timedelta(days=30))

    assert old_uploads.delete_expired_uploads() == 0
    with open_upload(upload_id, None, proven=True):
        pass
    ends(job_id)
    assert old_uploads.delete_expired_uploads() == 1
    assert lie(files) == set()


def test_it_goes_with_its_person(files: Path, mara: int, jonas: int) -> None:
    theirs, other = sent(mara), sent(jonas)
    with transaction():
        person(mara).active = False

    assert old_uploads.delete_expired_uploads() == 1
    assert lie(files) == {str(other)}
    assert db.session.get_one(Upload, theirs).deleted_at is not None


def unnamed(files: Path, days: int) -> None:
    """Leave bytes of *days* ago that the ledger has never heard of."""
    path = files / "uploads" / str(uuid.uuid4())
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(DATA)
    age = clock().timestamp() - days * 86400
    os.utime(path, (age, age))


@pytest.mark.parametrize(("days", "swept"), [(1, 0), (8, 1)])
def test_bytes_that_no_row_names_are_swept_when_any_upload_would_be(
    files: Path, mara: int, days: int, swept: int
) -> None:
    upload_id = sent(mara)
    unnamed(files, days)

    assert leftovers.sweep_files() == swept
    assert str(upload_id) in lie(files)


def test_bytes_whose_row_says_that_they_are_deleted_are_swept(files: Path, mara: int) -> None:
    upload_id = sent(mara)
    with transaction() as session:
        session.execute(update(Upload).values(deleted_at=clock()))

    assert leftovers.sweep_files() == 1
    assert str(upload_id) not in lie(files)


def test_what_breaks_off_leaves_no_bytes(files: Path, mara: int) -> None:
    def blocks() -> Iterator[bytes]:
        yield DATA
        raise ConnectionError

    with pytest.raises(ConnectionError):
        keep_upload("a.csv", blocks(), by_id=mara)
    assert [path for path in files.rglob("*") if path.is_file()] == []
    assert list((files / ".drafts").glob("*")) == []
