"""A mail server that keeps mailboxes as none should: it says what a test wants it to."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

CAPABILITIES: Final = b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"
CLOSE: Final = b"-close-"
SILENCE: Final = b"-silence-"
"""Said in place of an answer, or behind its beginning: the line is closed, or nothing follows."""

Answer = Callable[[str, str], bytes | None]
"""Gives what is said to a verb with its arguments, None for the usual; %TAG% is its tag."""

USUAL: Final = {
    "CAPABILITY": CAPABILITIES,
    "AUTHENTICATE": b"+ \r\n",
    "LOGOUT": b"* BYE\r\n",
    "EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 2]\r\n",
    "SEARCH": b"* SEARCH 1\r\n",
    "FETCH": b"* 1 FETCH (UID 1 BODY[]<0> {3}\r\nabc)\r\n",
}


@dataclass
class OddServer:
    """Serves one connection after another; *said* is every line that came, on all of them."""

    answer: Answer
    greeting: bytes
    listener: socket.socket
    said: list[str] = field(default_factory=list)
    connections: int = 0
    gone: threading.Event = field(default_factory=threading.Event)

    @property
    def port(self) -> int:
        """The port on which it listens, of this machine."""
        return int(self.listener.getsockname()[1])

    def serve(self) -> None:
        """Go on until the listener is closed."""
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            with connection, suppress(OSError):
                self._hold(connection)

    def _hold(self, connection: socket.socket) -> None:
        if not self._say(connection, self.greeting):
            return
        for line in connection.makefile("rb"):
            text = line.decode().rstrip("\r\n")
            self.said.append(text)
            tag, _, command = text.partition(" ")
            verb, _, rest = command.removeprefix("UID ").partition(" ")
            said = self.answer(verb, rest)
            if said is None and verb in USUAL and verb != "AUTHENTICATE":
                said = USUAL[verb] + b"%TAG% OK done\r\n"
            elif said is None:
                said = USUAL.get(verb, b"%TAG% OK done\r\n")
            if not command:  # What somebody signs in with: the command's tag is on the line before.
                tag = self.said[-2].partition(" ")[0]
                said = b"%TAG% OK welcome\r\n"
            if not self._say(connection, said.replace(b"%TAG%", tag.encode())):
                return

    def _say(self, connection: socket.socket, said: bytes) -> bool:
        for end in (CLOSE, SILENCE):
            if end in said:
                connection.sendall(said.partition(end)[0])
                if end == SILENCE:
                    self.gone.wait()
                return False
        connection.sendall(said)
        return True


@contextmanager
def odd_server(
    answer: Answer = lambda verb, rest: None, *, greeting: bytes = b"* OK hello\r\n"
) -> Iterator[OddServer]:
    """Run a server that answers as *answer* says."""
    server = OddServer(answer, greeting, socket.create_server(("127.0.0.1", 0)))
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.gone.set()
        socket.socket.shutdown(server.listener, socket.SHUT_RDWR)
        server.listener.close()
        thread.join()
