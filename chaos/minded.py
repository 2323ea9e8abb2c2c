"""A program that is started again whenever it ends, as an operator's supervisor does it."""

import os
import signal
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.program import Program

PAUSE_SECONDS = 0.5
LOOK_SECONDS = 0.05
START_SECONDS = 30.0


class Minded:
    """Minds a program by a thread of its own, which must outlive the program: it is its parent."""

    def __init__(
        self, name: str, command: Sequence[str], folder: Path, environment: Mapping[str, str]
    ) -> None:
        self.name = name
        self._command = command
        self._folder = folder
        self._environment = environment
        self._program: Program | None = None
        self._started = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._mind, name=name)

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait(START_SECONDS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    @property
    def id(self) -> int:
        """The number of the process that runs now, or ran last."""
        assert self._program is not None
        return self._program.id

    def _mind(self) -> None:
        starts = 0
        while not self._over.is_set():
            starts += 1
            log = self._folder / f"{self.name}-{starts}.log"
            with Program(self._command, log, self._environment) as program:
                self._program = program
                self._started.set()
                while program.lives() and not self._over.wait(LOOK_SECONDS):
                    pass
            # Children that outlived it go as well, as under any supervisor.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(program.id, signal.SIGKILL)
            self._over.wait(PAUSE_SECONDS)
