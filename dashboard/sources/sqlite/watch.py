"""The reasons to stop a statement, which SQLite asks for while it works."""

import sqlite3
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Final

STEPS: Final = 20_000
"""Instructions of SQLite's machine between two questions: about a millisecond's work, which
makes the questions too cheap to be measured."""


class Watch:
    """Stops the statement in progress when it is told to, or when its time has run out."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.told = False
        self.late = False
        self._connection = connection
        self._deadline: float | None = None
        self._raised: BaseException | None = None
        self._lock = threading.Lock()
        self._closed = False
        answers = self._answers()
        next(answers)
        connection.set_progress_handler(answers.__next__, STEPS)

    def tell(self) -> None:
        """Stop the statement in progress; any thread may call this."""
        self.told = True
        with self._lock:
            if not self._closed:
                self._connection.interrupt()

    def close(self) -> None:
        """Close the connection, but never while another thread interrupts it."""
        with self._lock:
            self._closed = True
            self._connection.close()

    @contextmanager
    def statement(self, seconds: float) -> Iterator[None]:
        """Let one statement run for *seconds*; what a signal's handler raised comes out of it."""
        self.late = False
        self._deadline = time.monotonic() + seconds
        try:
            yield
        except sqlite3.Error:
            if self._raised is not None:
                raised, self._raised = self._raised, None
                raise raised from None
            raise
        finally:
            self._deadline = None

    def _answers(self) -> Generator[bool, None, None]:
        """Answer SQLite, again and again, whether it must stop.

        Python runs the handlers of signals here, in the midst of a statement. SQLite would
        swallow what they raise, so it is caught, and carried around SQLite. A function would
        run them before its first line, out of reach of its own try; a generator that goes on
        is within it.
        """
        while True:
            try:
                while True:
                    yield self._has_reason()
            except GeneratorExit:
                return
            except BaseException as error:
                self._raised = error

    def _has_reason(self) -> bool:
        if self._deadline is not None and time.monotonic() > self._deadline:
            self.late = True
        return self.told or self.late or self._raised is not None
