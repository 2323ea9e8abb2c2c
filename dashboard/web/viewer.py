"""One open stream, as the hub knows it."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from dashboard.jobs import Fact

QUEUE_LIMIT = 200  # waiting facts of one viewer; beyond it the viewer starts afresh


class Viewer:
    """One open stream of a person: the newest fact of each job that waits for it.

    *connection* is the socket that it writes to, where the server tells. A thousand of them are
    kept for hours, so they are small.
    """

    __slots__ = (
        *("user_id", "wants", "connection", "is_gone"),
        *("_facts", "_afresh", "_changing", "_changed"),
    )

    def __init__(
        self,
        user_id: int,
        wants: Callable[[Fact], bool],
        connection: socket.socket | None = None,
    ) -> None:
        self.user_id = user_id
        self.wants = wants
        self.connection = connection
        self.is_gone = False
        self._facts: dict[str, Fact] = {}
        self._afresh = False
        self._changing = threading.Lock()
        # It is free once there is something to take: far less than a condition variable.
        self._changed = threading.Lock()
        self._changed.acquire()

    def offer(self, facts: list[Fact]) -> None:
        """Queue those of *facts* that it wants; a fact replaces a waiting one of the same job."""
        wanted = {fact.id: fact for fact in facts if self.wants(fact)}
        if not wanted:
            return
        with self._changing:
            self._facts |= wanted
            self._afresh = self._afresh or len(self._facts) > QUEUE_LIMIT
        self.wake()

    def start_afresh(self) -> None:
        """Make the viewer read the ledger again: facts or rights may have changed unseen."""
        with self._changing:
            self._afresh = True
        self.wake()

    def leave(self) -> None:
        """Make the viewer end: its browser has gone away."""
        self.is_gone = True
        self.wake()

    def wake(self) -> None:
        """Let the viewer look up, whatever there is to take."""
        with suppress(RuntimeError):  # It is awake already.
            self._changed.release()

    def take(self, timeout: float) -> list[Fact] | None:
        """Give the waiting facts, or None when the ledger is to be read again.

        Waits at most *timeout* seconds for either.
        """
        self._changed.acquire(timeout=timeout)
        with self._changing:
            afresh, self._afresh = self._afresh, False
            facts, self._facts = list(self._facts.values()), {}
            return None if afresh else facts
