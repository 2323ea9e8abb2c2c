"""Files are whole or absent, and never outside of their folder."""

import hashlib
import os
import threading
from datetime import UTC, datetime, timedelta
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


@pytest.mark.parametrize("pieces", [[], [b"a"], [b"x" * (1 << 20)] * 40, [b"", b"\n" * 3]])
def test_a_file_that_was_followed_is_kept_with_its_checksum(
    tmp_path: Path, pieces: list[bytes]
) -> None:
    kept = storage.from_url(f"file://{tmp_path}")
    with kept.draft("job/1-report.csv") as draft:
        draft.follow()
        with draft.path.open("wb") as file:
            for piece in pieces:
                file.write(piece)
        stored = draft.commit()
    whole = b"".join(pieces)
    assert stored.size == len(whole)
    assert stored.sha256 == hashlib.sha256(whole).hexdigest()
    with kept.open("job/1-report.csv") as stored_file:
        assert stored_file.read() == whole
    assert "following" not in {thread.name for thread in threading.enumerate()}


def test_following_ends_with_a_draft_that_is_abandoned(tmp_path: Path) -> None:
    kept = storage.from_url(f"file://{tmp_path}")
    with pytest.raises(ZeroDivisionError), kept.draft("job/1-report.csv") as draft:
        draft.follow()
        draft.path.write_bytes(b"half")
        _ = 1 / 0
    assert "following" not in {thread.name for thread in threading.enumerate()}
    with kept.draft("job/2-report.csv") as draft, pytest.raises(storage.StorageError):
        draft.follow()
        draft.commit()  # Nobody has written anything.


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


def test_drafts_of_attempts_that_are_over_are_swept_however_fresh(tmp_path: Path) -> None:
    kept = storage.from_url(f"file://{tmp_path}")
    heard: list[str] = []

    def is_over(key: str) -> bool:
        heard.append(key)
        return key.startswith("job/1-")

    long = "売上" * 30 + ".csv"
    with kept.draft(f"job/1-{long}") as over, kept.draft("job/2-a.csv") as running:
        over.path.write_text("half")
        running.path.write_text("half")
        assert kept.sweep(timedelta(hours=1), is_over) == 1
        assert running.path.exists()
        assert not over.scratch.exists()
    (begin,) = [key for key in heard if key.startswith("job/1-")]
    assert len(begin) > len("job/1-")
    assert "job/2-a.csv" in heard


def test_kept_files_are_listed_and_drafts_are_not(tmp_path: Path) -> None:
    kept = storage.from_url(f"file://{tmp_path}")
    assert list(kept.kept()) == []
    keys = {f"job-{number}/1-{name}" for number in range(3) for name in ("a.csv", "ü.xlsx")}
    for key in keys:
        with kept.draft(key) as draft:
            draft.path.write_bytes(b"x")
            draft.commit()
    (tmp_path / "note.txt").write_text("Not ours.")
    (tmp_path / "job-1" / "folder").mkdir()
    os.utime(tmp_path / "job-0" / "1-a.csv", (1, 1))
    with kept.draft("job-9/1-half.csv") as draft:
        draft.path.write_bytes(b"half")
        found = {each.key: each.written_at for each in kept.kept()}
    assert found.keys() == keys
    assert found["job-0/1-a.csv"] == datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
    assert found["job-1/1-a.csv"].year > 2025


def test_the_list_goes_on_when_files_go_meanwhile(tmp_path: Path) -> None:
    kept = storage.from_url(f"file://{tmp_path}")
    for number in range(20):
        with kept.draft(f"job-{number}/1-a.csv") as draft:
            draft.path.write_bytes(b"x")
            draft.commit()
    found = 0
    for each in kept.kept():
        found += 1
        for number in range(20):
            kept.delete(f"job-{number}/1-a.csv")
        assert each.key.startswith("job-")
    assert found >= 1
    assert list(kept.kept()) == []


def test_a_file_is_stored_though_its_folder_goes_just_before_the_move(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = storage.from_url(f"file://{tmp_path}")
    replace, found = os.replace, list[bool]()

    def late(source: Path, target: Path) -> None:
        if not found:
            target.parent.rmdir()  # As whoever deletes the last file in it does.
        found.append(target.parent.exists())
        replace(source, target)

    monkeypatch.setattr("dashboard.storage.local.os.replace", late)
    with kept.draft("job/2-new.csv") as draft:
        draft.path.write_bytes(b"x")
        draft.commit()
    assert found == [False, True]
    kept.open("job/2-new.csv").close()


def test_a_missing_file_and_a_missing_disk_are_not_the_same(tmp_path: Path) -> None:
    kept = storage.from_url(f"file://{tmp_path / 'files'}")
    with pytest.raises(storage.StorageError, match="not there"):
        kept.open("job/1-a.csv")
    with kept.draft("job/1-a.csv"):
        pass
    with pytest.raises(FileNotFoundError):
        kept.open("job/1-a.csv")


def test_a_full_disk_is_said_in_a_sentence() -> None:
    error = failure(OSError(28, "No space left on device"))
    assert isinstance(error, storage.StorageFull)
    assert "no room left" in str(error)


def test_an_unknown_address_is_refused() -> None:
    with pytest.raises(storage.StorageError, match="file:///folder"):
        storage.from_url("ftp://somewhere")


def test_a_kept_file_is_at_hand_as_a_path(tmp_path: Path) -> None:
    kept = storage.from_url(f"file://{tmp_path}")
    with kept.draft("uploads/1") as draft:
        draft.path.write_bytes(b"a,b\n")
        draft.commit()
    with kept.at_hand("uploads/1") as path:
        assert path.read_bytes() == b"a,b\n"
    with pytest.raises(FileNotFoundError), kept.at_hand("uploads/2"):
        pass
