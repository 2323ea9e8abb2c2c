"""The state folder."""

import errno
import fcntl
import os
import shutil
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from dashboard.supervisor import Home, Trouble, home as module


@pytest.fixture
def ended_process() -> int:
    """Give the number of a process that has ended."""
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """Give a state folder that is in use."""
    home = Home(tmp_path / "state")
    yield home
    home.close()


def test_a_new_folder_is_private(home: Home) -> None:
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700


def test_a_kept_file_is_private(home: Home) -> None:
    home.keep("redis_url", "unix:///x")
    assert (home.path / "redis_url").read_text() == "unix:///x"
    assert stat.S_IMODE((home.path / "redis_url").stat().st_mode) == 0o600


def test_a_folder_of_someone_elses_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    Home(tmp_path).close()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_a_second_desk_on_one_folder_is_refused_with_the_first_ones_number(home: Home) -> None:
    with pytest.raises(Trouble) as refusal:
        Home(home.path)
    assert str(refusal.value) == (
        f"Bellhop is already running on {home.path} (process {os.getpid()}). "
        "Stop it first, or choose another folder: bin/run --home DIR"
    )


def test_a_closed_folder_is_free_again(home: Home) -> None:
    home.close()
    again = Home(home.path)
    home.descriptor = again.descriptor


def test_what_is_left_of_a_killed_desk_is_waited_for(
    tmp_path: Path, ended_process: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lock").write_text(f"{ended_process}\n")
    left = os.open(tmp_path / "lock", os.O_RDWR)
    fcntl.flock(left, fcntl.LOCK_EX)
    monkeypatch.setattr(time, "sleep", lambda _: os.close(left))
    Home(tmp_path).close()


def test_what_never_ends_is_not_waited_for_for_ever(
    tmp_path: Path, ended_process: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lock").write_text(f"{ended_process}\n")
    left = os.open(tmp_path / "lock", os.O_RDWR)
    fcntl.flock(left, fcntl.LOCK_EX)
    monkeypatch.setattr(module, "LEFTOVER_SECONDS", 0.1)
    with pytest.raises(Trouble, match="already running"):
        Home(tmp_path)
    os.close(left)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Trouble) as refusal:
        Home(tmp_path / "file" / "state")
    assert str(refusal.value) == (
        f"The state folder {tmp_path / 'file' / 'state'} cannot be written (not a directory). "
        "Choose another one: bin/run --home DIR"
    )


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_folder_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(Trouble, match="cannot be written") as refusal:
        Home(tmp_path)
    assert os.strerror(number).lower() in str(refusal.value)


def test_a_full_disk_is_a_sentence_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=12 * 2**20))
    with pytest.raises(Trouble) as refusal:
        Home(tmp_path)
    assert str(refusal.value) == (
        f"The disk that holds {tmp_path} is full: 12 MB are left, and "
        "Bellhop needs 100 MB to start."
    )


def test_a_disk_that_fills_up_while_writing_is_a_sentence(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(Trouble) as refusal:
        home.keep("redis_url", "unix:///x")
    assert str(refusal.value) == (
        f"The disk that holds {home.path} is full. Free some space and start again."
    )
