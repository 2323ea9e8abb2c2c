"""A program started by a test: what it says, and how it ends."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType


class Started:
    """A program in a process of its own; whatever is left of it is killed when the test ends."""

    def __init__(
        self, command: Sequence[str], *, environment: Mapping[str, str] | None = None
    ) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> "Started":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.id, signal.SIGKILL)
            self._process.wait()
        self._reader.join(30)
        if self._process.stdout is not None:
            self._process.stdout.close()

    @property
    def id(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def said(self) -> str:
        """Everything it has said so far."""
        return "\n".join(self.lines)

    def hear(self, text: str, *, times: int = 1, seconds: float = 60) -> str:
        """Wait until *text* has been said *times* times; give the last line that says it."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = [line for line in list(self.lines) if text in line]
            if len(found) >= times:
                return found[-1]
            if self._process.poll() is not None and not self._reader.is_alive():
                break
            time.sleep(0.02)
        raise AssertionError(f"“{text}” was not said {times} times:\n{self.said}")

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process alone."""
        self._process.send_signal(number)

    def end(self, *, seconds: float = 60) -> int:
        """Wait for the end; give the exit code."""
        code = self._process.wait(seconds)
        self._reader.join(30)
        return code

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(line.rstrip("\n"))


def is_alive(number: int) -> bool:
    """Tell whether the process *number* runs; one that nobody has collected yet does not."""
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def all_end(numbers: Sequence[int], *, seconds: float = 60) -> bool:
    """Wait until none of the processes *numbers* runs; False when some still do."""
    deadline = time.monotonic() + seconds
    while any(is_alive(number) for number in numbers):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
