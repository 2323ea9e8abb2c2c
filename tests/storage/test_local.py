"""Files are whole or absent, and never outside of their folder."""

import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest

from dashboard import storage
from dashboard.storage.local import failure


def test_a_committed_draft_can_be_read_and_its_checksum_is_right(tmp_path: Path) -> None:
    kept = storage.from_url(f"file://{tmp_path}")
    with kept.draft("job/1-report.csv") as draft:
        draft.path.write_bytes(b"a,b\n1,2\n")
        stored = draft.commit()
    assert stored == storage.Stored(
        "job/1-report.csv", 8, hashlib.sha256(b"a,b\n1,2\n").hexdigest()
    )
    with kept.open("job/1-report.csv") as file:
        assert file.read() == b"a,b\n1,2\n"
    assert list((tmp_path / ".drafts").iterdir()) == []


def test_an_abandoned_draft_leaves_nothing(tmp_path: Path) -> None:
    kept = storage.from_url(f"file://{tmp_path}")
    with pytest.raises(ZeroDivisionError), kept.draft("job/1-report.csv") as draft:
        draft.path.write_bytes(b"half")
        _ = 1 / 0
    assert not (tmp_path / "job").exists()
    assert list((tmp_path / ".drafts").iterdir()) == []


def test_deleting_a_file_removes_its_empty_folder_and_may_be_repeated(tmp_path: Path) -> None:
    kept = storage.from_url(f"file://{tmp_path}")
    with kept.draft("job/1-report.csv") as draft:
        draft.path.write_bytes(b"x")
        draft.commit()
    kept.delete("job/1-report.csv")
    kept.delete("job/1-report.csv")
    assert not (tmp_path / "job").exists()


def test_a_key_cannot_leave_the_folder(tmp_path: Path) -> None:
    kept = storage.from_url(f"file://{tmp_path / 'files'}")
    with pytest.raises(storage.StorageError):
        kept.open("../secret_key")


def test_old_drafts_are_swept_and_fresh_ones_are_left(tmp_path: Path) -> None:
    kept = storage.from_url(f"file://{tmp_path}")
    old, fresh = tmp_path / ".drafts" / "old", tmp_path / ".drafts" / "fresh"
    for folder in (old, fresh):
        folder.mkdir(parents=True)
        (folder / "part.csv").write_text("half")
    for path in (old / "part.csv", old):
        os.utime(path, (1, 1))
    assert kept.sweep(timedelta(hours=1)) == 1
    assert fresh.exists()
    assert not old.exists()


def test_a_full_disk_is_said_in_a_sentence() -> None:
    error = failure(OSError(28, "No space left on device"))
    assert isinstance(error, storage.StorageFull)
    assert "no room left" in str(error)


def test_an_unknown_address_is_refused() -> None:
    with pytest.raises(storage.StorageError, match="file:///folder"):
        storage.from_url("ftp://somewhere")
