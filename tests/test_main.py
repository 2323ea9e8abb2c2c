"""The whole desk, started as bin/run starts it."""

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from tests.started import Started, all_end

ROOT = Path(__file__).parents[1]
READY = re.compile(r"^Bellhop is ready: (http://127\.0\.0\.1:\d+)  \((\S+)(?: / (\S+))?\)$")


class Desks:
    """Starts desks on free ports, with an empty source in place of the demo."""

    first: Started

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.home = folder / "home"
        self._stack = stack
        source = folder / "source.db"
        sqlite3.connect(source).close()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FLASK_")}
        sources = json.dumps({"empty": f"sqlite:///{source}"})
        self._environment = {**kept, "PYTHONPATH": str(ROOT), "FLASK_SOURCES": sources}

    def start(self, *arguments: str, home: Path | None = None, **environment: str) -> Started:
        """Start a desk; it is stopped with the test."""
        command = [sys.executable, "-m", "dashboard", "--port=0", f"--home={home or self.home}"]
        desk = Started([*command, *arguments], environment={**self._environment, **environment})
        return self._stack.enter_context(desk)


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Desks]:
    """Give what starts desks on a state folder that is still to be made."""
    with ExitStack() as stack:
        yield Desks(tmp_path, stack)


def ready(desk: Started) -> tuple[str, str, str | None]:
    """Wait until the desk is ready; give its address, the administrator and the password."""
    found = READY.match(desk.hear("Bellhop is ready", seconds=60))
    assert found, desk.said
    return found[1], found[2], found[3]


def answer(url: str) -> Mapping[str, object]:
    """Give what a page of the desk says in JSON."""
    with urlopen(url, timeout=60) as response:
        found: Mapping[str, object] = json.load(response)
        return found


def children(desk: Started) -> list[int]:
    """Give the numbers of all processes below the supervisor."""
    return [child.pid for child in psutil.Process(desk.id).children(recursive=True)]


def test_the_first_start_tells_the_password_once_and_a_second_keeps_everything(
    desks: Desks,
) -> None:
    desk = desks.start()
    url, email, password = ready(desk)
    assert email == "admin@example.com"
    assert password is not None
    assert desk.said.count(password) == 1
    assert answer(f"{url}/readyz")["status"] == "ok"
    assert desks.home.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o077 == 0 for path in desks.home.iterdir())
    below = children(desk)
    desk.signal(signal.SIGINT)
    assert desk.end() == 0
    assert all_end(below)
    assert desk.lines[-1] == "Bellhop has stopped."

    again = desks.start()
    assert ready(again)[1:] == (email, None)


@pytest.fixture(scope="module")
def deep(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desks]:
    """Give an open desk of Ada's whose folder is too deep for a socket, and what starts more."""
    folder = tmp_path_factory.mktemp("deep" * 25)
    with ExitStack() as stack:
        desks = Desks(folder, stack)
        desks.first = desks.start(
            BELLHOP_ADMIN_EMAIL="ada@example.com", BELLHOP_ADMIN_PASSWORD="correct horse 9"
        )
        yield desks
    shutil.rmtree(Path((desks.home / "socket_folder").read_text().strip()))


def test_a_given_administrator_is_used_and_the_password_is_not_repeated(deep: Desks) -> None:
    assert ready(deep.first)[1:] == ("ada@example.com", None)
    assert "correct horse 9" not in deep.first.said


def test_a_folder_too_deep_for_a_socket_works(deep: Desks) -> None:
    assert answer(f"{ready(deep.first)[0]}/readyz")["status"] == "ok"
    socket_path = (deep.home / "redis_url").read_text().strip().removeprefix("unix://")
    assert not socket_path.startswith(str(deep.home))
    assert Path(socket_path).is_socket()


def test_a_second_desk_on_the_same_folder_is_refused_and_the_first_goes_on(deep: Desks) -> None:
    url = ready(deep.first)[0]
    second = deep.start()
    assert second.end() == 1
    assert second.said == (
        f"Bellhop is already running on {deep.home} (process {deep.first.id}). "
        "Stop it first, or choose another folder: bin/run --home DIR"
    )
    assert answer(f"{url}/healthz")["status"] == "ok"


@pytest.mark.faults
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of the death")
def test_a_killed_desk_leaves_no_process_and_can_be_started_again_at_once(desks: Desks) -> None:
    desk = desks.start()
    ready(desk)
    below = children(desk)
    assert len(below) >= 6  # Valkey, gunicorn and its child, the worker and its two, beat.
    desk.signal(signal.SIGKILL)
    again = desks.start()
    ready(again)
    assert all_end(below)


def refused(desk: Started) -> str:
    """Give the last words of a desk that could not start."""
    assert desk.end() == 1
    assert "Traceback" not in desk.said
    return desk.said


def test_a_taken_port_is_a_sentence(desks: Desks) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        assert refused(desks.start(f"--port={number}")) == (
            f"Port {number} is taken by another program. "
            f"Stop that one, or choose another port: bin/run --port {number + 1}"
        )


def test_a_state_folder_that_cannot_be_made_is_a_sentence(desks: Desks, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = refused(desks.start(home=tmp_path / "file" / "state"))
    assert "cannot be written (not a directory)" in said


def test_a_setting_that_cannot_be_used_is_a_sentence(desks: Desks) -> None:
    assert refused(desks.start(FLASK_TIME_ZONE="Mars/Olympus")) == (
        "FLASK_TIME_ZONE is “Mars/Olympus”, which is no time zone name."
    )


def test_no_source_takes_the_name_of_the_desks_own_lists(desks: Desks) -> None:
    assert refused(desks.start(FLASK_SOURCES='{"contacts": "sqlite:////tmp/shop.db"}')) == (
        "FLASK_SOURCES calls a source “contacts”, which is what the desk’s own contact lists are"
        " called: give it another name."
    )


def test_a_ledger_that_does_not_answer_is_a_sentence_and_its_story_is_kept(desks: Desks) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        number = closed.getsockname()[1]
    ledger = f"postgresql://nobody@127.0.0.1:{number}/ledger"
    said = refused(desks.start(FLASK_SQLALCHEMY_DATABASE_URI=ledger))
    assert said.startswith("The ledger could not be made ready: ")
    assert said.endswith(f"The whole story is in {desks.home / 'trouble.txt'}.")
    assert "Traceback" in (desks.home / "trouble.txt").read_text()
