"""A limit for one statement, kept by a clock of our own where the database has none."""

import threading
from collections.abc import Callable
from types import TracebackType


class Deadline:
    """Calls *stop* after *seconds*, but never once its block has ended."""

    def __init__(self, seconds: float, stop: Callable[[], None]) -> None:
        self.passed = False
        self._stop = stop
        self._over = False
        self._lock = threading.Lock()
        self._timer = threading.Timer(max(seconds, 0.0), self._pass)
        self._timer.daemon = True

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._over = True

    def _pass(self) -> None:
        with self._lock:
            if not self._over:
                self.passed = True
                self._stop()
