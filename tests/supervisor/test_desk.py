"""The desk as a whole, with small programs in place of its parts."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.started import Started, all_end

Open = Callable[[str], Started]
ROOT = Path(__file__).parents[2]
NAMES = ("valkey", "web", "beat", "worker")


@pytest.fixture
def open_desk(tmp_path: Path) -> Iterator[Open]:
    """Give what opens a fake desk of a scenario; it is closed with the test."""
    with ExitStack() as stack:
        program = Path(__file__).with_name("fake_desk.py")
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}

        def start(scenario: str) -> Started:
            command = [sys.executable, str(program), scenario, str(tmp_path)]
            return stack.enter_context(Started(command, environment=environment))

        yield start


def numbers(folder: Path, name: str) -> list[int]:
    """Give the process numbers of a part and of its child."""
    return [int(word) for word in (folder / f"{name}.pids").read_text().split()]


def all_numbers(folder: Path) -> list[int]:
    """Give the process numbers of all parts and their children."""
    return [number for name in NAMES for number in numbers(folder, name)]


def test_parts_start_in_order_and_one_line_says_that_all_are_ready(open_desk: Open) -> None:
    desk = open_desk("plain")
    desk.hear("The desk is ready.")
    started = [line.partition(" ")[0] for line in desk.lines if "I am" in line]
    assert started[0] == "valkey"
    assert started.index("web") < started.index("beat")
    assert desk.lines.count("The desk is ready.") == 1


def test_each_line_is_headed_by_its_part_without_colours_in_a_pipe(open_desk: Open) -> None:
    desk = open_desk("plain")
    assert desk.hear("I am web") == "web    | I am web"
    assert desk.hear("I am valkey") == "valkey | I am valkey"


def test_parts_may_keep_bytecode_whatever_the_caller_says(open_desk: Open) -> None:
    open_desk("plain").hear("web    | keeps bytecode")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_every_part_and_the_server_last(
    open_desk: Open, tmp_path: Path, number: signal.Signals
) -> None:
    desk = open_desk("plain")
    desk.hear("The desk is ready.")
    desk.signal(number)
    assert desk.end() == 0
    assert all_end(all_numbers(tmp_path))
    ended = (tmp_path / "ended").read_text().split()
    assert sorted(ended) == sorted(NAMES)
    assert ended[-1] == "valkey"
    assert desk.lines[-1] == "Bellhop has stopped."


def test_a_second_ctrl_c_ends_even_a_part_that_will_not(open_desk: Open, tmp_path: Path) -> None:
    desk = open_desk("stubborn")
    desk.hear("The desk is ready.")
    desk.signal(signal.SIGINT)
    desk.hear("Ctrl-C once more")
    time.sleep(0.3)
    desk.signal(signal.SIGINT)
    desk.end()
    assert all_end(all_numbers(tmp_path))


def test_a_part_that_will_not_end_is_killed_after_its_time(open_desk: Open, tmp_path: Path) -> None:
    desk = open_desk("stubborn")
    desk.hear("The desk is ready.")
    desk.signal(signal.SIGTERM)
    assert desk.end() == 0
    assert "worker | did not end in 2 s and is killed" in desk.lines
    assert all_end(all_numbers(tmp_path))


@pytest.mark.faults
@pytest.mark.parametrize("name", NAMES)
def test_a_part_that_is_killed_comes_back_and_leaves_no_child_behind(
    open_desk: Open, tmp_path: Path, name: str
) -> None:
    desk = open_desk("plain")
    desk.hear("The desk is ready.")
    before = numbers(tmp_path, name)
    os.kill(before[0], signal.SIGKILL)
    desk.hear(f"I am {name}", times=2)
    assert f"{name:<6} | ended (killed by SIGKILL); it is started again in 0.2 s" in desk.lines
    assert all_end(before)
    assert set(numbers(tmp_path, name)).isdisjoint(before)


@pytest.mark.faults
def test_a_part_that_dies_five_times_before_it_is_ready_stops_everything(
    open_desk: Open, tmp_path: Path
) -> None:
    desk = open_desk("broken")
    assert desk.end() == 1
    assert sum("worker | ended" in line for line in desk.lines) == 4
    assert (
        "The worker ended 5 times in a row before it was ready (exit code 3). Its last words were:"
        in desk.lines
    )
    assert desk.lines[-1].strip() == "no such table: jobs"
    assert (tmp_path / "ended").read_text().split()[-1] == "valkey"
    assert "The desk is ready." not in desk.said
    assert "Traceback" not in desk.said


@pytest.mark.faults
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of the death")
def test_a_killed_supervisor_leaves_no_process_behind(open_desk: Open, tmp_path: Path) -> None:
    desk = open_desk("plain")
    desk.hear("The desk is ready.")
    desk.signal(signal.SIGKILL)
    assert desk.end() == -signal.SIGKILL
    assert all_end(all_numbers(tmp_path))
