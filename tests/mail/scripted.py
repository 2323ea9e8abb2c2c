"""A mail server that answers what a test wants, and tells what it was told."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Self

from tests.mail.conversation import Conversation
from tests.mail.script import Choice, Record, Script


class ScriptedServer(Record):
    """Serves one connection after another on loopback, in a thread of its own."""

    def __init__(self, script: Script) -> None:
        super().__init__(script)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close every connection and stop."""
        self.stopped.set()
        for each in [self._listener, *self.connections]:
            with suppress(OSError):
                socket.socket.shutdown(each, socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while not self.stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            # Each answer is written by itself: it must not wait for the one before.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            Conversation(self, connection).hold()

    def say(self, said: bytes) -> None:
        """Write something on the newest connection."""
        with suppress(OSError):
            self.connections[-1].sendall(said)


@contextmanager
def scripted(
    choice: Choice = lambda verb, nth: None, *, offers: tuple[str, ...] | None = None
) -> Iterator[ScriptedServer]:
    """Run a server that answers as *choice* says, on a line without TLS."""
    script = Script(choice=choice)
    if offers is not None:
        script.offers = offers
    with ScriptedServer(script) as server:
        yield server


def at(verb: str, nth: int, answer: bytes) -> Choice:
    """Give a choice that answers the nth *verb* so, and all else as usual."""
    return lambda said, count: answer if (said, count) == (verb, nth) else None
