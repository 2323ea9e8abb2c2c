"""Work gives way to whoever opens a page: it rests while one is being made on this machine.

Pages are made in milliseconds and work takes minutes, yet on a busy machine each page would wait
for its turn at every step. The web processes say in a small file, which all map into memory, how
many requests they answer at this moment. It is a hint: nothing hangs on it, and where the file
cannot be shared nobody rests.
"""

import mmap
import os
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from flask import Flask, current_app

PLACES: Final = 64
"""Processes, told apart by their number; should two have the same place it does no harm."""

STALE: Final = 0.25
"""Seconds behind which a request is not waited for: it is slow anyway, or its process is gone."""

LONG: Final = 0.1  # seconds of work behind which it rests at all: what is shorter is over soon
REST: Final = 0.1  # seconds of one rest, at most
SHARE: Final = 3.0
"""It rests so many times as long as it works, at most, however many pages are opened."""

LOOK: Final = 0.001  # seconds
_PLACE: Final = struct.Struct("=qd")  # requests being answered, and when the last one came or went


class Served:
    """The requests that are being answered, by all processes that share the file *path*."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._open = 0
        self._map: mmap.mmap | None = None
        self._is_mapped = False

    def come(self) -> None:
        """Say that this process begins to answer a request."""
        self._say(1)

    def go(self) -> None:
        """Say that this process has answered one."""
        self._say(-1)

    def is_any(self) -> bool:
        """Whether a request is being answered that came a moment ago."""
        shared = self._shared()
        if shared is None:
            return False
        now = time.monotonic()
        return any(
            number > 0 and 0 <= now - since < STALE
            for number, since in _PLACE.iter_unpack(shared[:])
        )

    def _say(self, more: int) -> None:
        shared = self._shared()
        if shared is not None:
            with self._lock:
                self._open += more
                place = os.getpid() % PLACES * _PLACE.size
                _PLACE.pack_into(shared, place, self._open, time.monotonic())

    def _shared(self) -> mmap.mmap | None:
        if not self._is_mapped:
            with self._lock:
                if not self._is_mapped:
                    self._map = _mapped(self._path)
                    self._is_mapped = True
        return self._map


class Courtesy:
    """Rests between two parts of one attempt at a job; used by its thread."""

    def __init__(
        self,
        is_any: Callable[[], bool],
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._is_any, self._clock, self._sleep = is_any, clock, sleep
        self._began = clock()
        self._rested = 0.0

    def give_way(self) -> None:
        """Rest while a page is being made, for a tenth of a second at most."""
        now = began = self._clock()
        worked = now - self._began - self._rested
        until = now + min(REST, SHARE * worked - self._rested)
        if worked < LONG:
            return
        while now < until and self._is_any():
            self._sleep(LOOK)
            now = self._clock()
        self._rested += now - began


def init_app(app: Flask) -> None:
    """Let *app* know who is served at its state folder."""
    app.extensions["served"] = Served(Path(app.instance_path) / "served")


def served() -> Served:
    """Give who is served by this desk."""
    found: Served = current_app.extensions["served"]
    return found


def _mapped(path: Path) -> mmap.mmap | None:
    """Give the file as memory; None where it cannot be shared."""
    try:
        with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            file.truncate(PLACES * _PLACE.size)
            return mmap.mmap(file.fileno(), PLACES * _PLACE.size)
    except (OSError, ValueError):
        return None
