"""End the statement in progress from another thread, however the two race."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

PATIENCE: Final = 0.2
"""Seconds to wait for a statement to end before it is told once more: the first call may have
come to the database just before the statement did."""

TRIES: Final = 10


class Interruption:
    """Knows whether a statement is in progress; *stop* ends one that is."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self.asked = False
        self._stop = stop
        self._idle = threading.Event()
        self._idle.set()

    def ask(self) -> None:
        """End the statement in progress and let no other begin; any thread may call this."""
        self.asked = True
        for _ in range(TRIES):
            if self._idle.is_set():
                return
            self._stop()
            self._idle.wait(PATIENCE)

    @contextmanager
    def statement(self, refusal: Callable[[], Exception]) -> Iterator[None]:
        """Hold while the database works; raises *refusal()* where the end was asked for before."""
        # Busy first and asked second, where ask() has the opposite order: so one sees the other.
        self._idle.clear()
        try:
            if self.asked:
                raise refusal()
            yield
        finally:
            self._idle.set()
