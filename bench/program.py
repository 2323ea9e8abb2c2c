"""A program started by the bench, which ends with it, however the bench itself ends."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

ROOT: Final = Path(__file__).resolve().parent.parent
STOP_SECONDS: Final = 40.0
PR_SET_PDEATHSIG: Final = 1
"""Linux's prctl: the signal a process gets when its parent dies."""


class ProgramFailed(Exception):
    """A program did not do what the bench needs; the message shows its last lines."""


class Program:
    """A process of its own session, whose output goes to a file."""

    def __init__(self, command: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
        self._log = log
        self.began = time.perf_counter()
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=end_with_parent if sys.platform == "linux" else None,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.id, signal.SIGKILL)
            self._process.wait()

    @property
    def id(self) -> int:
        """The number of the process."""
        return self._process.pid

    def said(self) -> str:
        """Give all that it has printed so far."""
        return self._log.read_text(errors="replace")

    def hear(self, text: str, seconds: float) -> str:
        """Wait until a whole line holds *text*; gives the line. Raises ProgramFailed."""
        deadline = time.monotonic() + seconds
        while True:
            *lines, _ = self.said().split("\n")
            found = next((line for line in lines if text in line), None)
            if found is not None:
                return found
            self.check()
            if time.monotonic() > deadline:
                raise self._failure(f"It did not say “{text}” within {seconds:.0f} s.")
            time.sleep(0.02)

    def end(self, seconds: float) -> str:
        """Wait for a good end; gives what it printed. Raises ProgramFailed."""
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise self._failure(f"It did not end within {seconds:.0f} s.") from None
        if code != 0:
            raise self._failure(f"It ended with exit code {code}.")
        return self.said()

    def lives(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def check(self) -> None:
        """Raise ProgramFailed when it has ended."""
        if not self.lives():
            raise self._failure(f"It ended with exit code {self._process.returncode}.")

    def _failure(self, what: str) -> ProgramFailed:
        command = " ".join(map(str, self._process.args))  # type: ignore[arg-type]  # A sequence.
        last = "\n".join(self.said().splitlines()[-12:])
        return ProgramFailed(f"{command}\n{what} Its last words:\n{last}")


def end_with_parent() -> None:
    """Ask Linux for SIGTERM when the parent dies."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def clean_environment(**more: str) -> dict[str, str]:
    """Give the environment without settings of the desk, and with *more*."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("FLASK_", "BELLHOP_", "PG"))
    }
    return {**kept, **more}
