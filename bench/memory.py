"""The memory of a desk's parts, looked at again and again while something happens."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

import psutil

from bench.desk import Desk
from bench.resident import MIB

EVERY_SECONDS: Final = 0.25
WORDS: Final = {"web": "gunicorn", "worker": "worker", "valkey": "valkey"}


class Memory:
    """What each part takes at most while the block runs, in bytes; children count as the part."""

    def __init__(self, desk: Desk) -> None:
        self._parts = dict(_parts(desk))
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.before = self._now()
        self.peak = dict(self.before)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def growth(self, part: str) -> float:
        """Give how far the part's peak lies above what it took before, in MiB."""
        return (self.peak[part] - self.before[part]) / MIB

    def _look(self) -> None:
        while not self._over.wait(EVERY_SECONDS):
            now = self._now()
            self.peak = {part: max(now[part], peak) for part, peak in self.peak.items()}

    def _now(self) -> dict[str, int]:
        return {part: sum(_resident(process)) for part, process in self._parts.items()}


def _parts(desk: Desk) -> Iterator[tuple[str, psutil.Process]]:
    for process in psutil.Process(desk.program.id).children():
        line = process.cmdline()
        for part, word in WORDS.items():
            if any(word in argument.rpartition("/")[2] for argument in line):
                yield part, process


def _resident(process: psutil.Process) -> Iterator[int]:
    with suppress(psutil.NoSuchProcess):
        for each in (process, *process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                yield each.memory_info().rss
