"""One connection of a mail server of the tests."""

import socket
import ssl
from dataclasses import dataclass, field

from tests.mail.script import DROP, SILENCE, Message, Record


class _Over(Exception):
    """The conversation has ended."""


@dataclass
class Conversation:
    """Answers on one connection, and writes into *server* what it was told."""

    server: Record
    connection: socket.socket
    sender: str | None = None
    to: str | None = None
    _got: bytearray = field(default_factory=bytearray)

    def hold(self) -> None:
        """Go on until either side ends it."""
        script = self.server.script
        self.server.connections.append(self.connection)
        try:
            if script.implicit_tls:
                self._encrypt()
            self._answer("CONNECT", b"220 scripted")
            while True:
                self._command(self._line().decode())
        except (_Over, OSError):
            pass
        finally:
            self.connection.close()
            self.server.gone.set()

    def _command(self, line: str) -> None:
        self.server.said.append(line)
        verb = line.split(" ")[0].upper()
        doing = {
            "STARTTLS": self._starttls,
            "MAIL": lambda: self._mail(line),
            "RCPT": lambda: self._rcpt(line),
            "DATA": self._data,
            "RSET": self._reset,
            "QUIT": self._quit,
        }
        plain = {"EHLO": self._offers(), "HELO": b"250 scripted", "AUTH": b"235 welcome"}
        if verb in plain:
            self._answer(verb, plain[verb])
        elif verb in doing:
            doing[verb]()
        else:
            self._send(b"500 5.5.2 what?")

    def _starttls(self) -> None:
        self._answer("STARTTLS", b"220 go on")
        self._encrypt()

    def _mail(self, line: str) -> None:
        if self.sender is not None:
            self._send(b"503 5.5.1 nested MAIL")
        elif self._answer("MAIL", b"250 ok").startswith(b"2") or self._forgives:
            self.sender = line

    def _rcpt(self, line: str) -> None:
        if self.sender is None:
            self._send(b"503 5.5.1 MAIL first")
        elif self._answer("RCPT", b"250 ok").startswith(b"2"):
            self.to = line

    def _reset(self) -> None:
        self.sender = self.to = None
        self._answer("RSET", b"250 ok")

    def _quit(self) -> None:
        self._answer("QUIT", b"221 bye")
        raise _Over

    @property
    def _forgives(self) -> bool:
        return not self.server.script.minds_refusals

    def _data(self) -> None:
        if self.to is None and self.server.script.data_needs_recipient:
            self._send(b"503 5.5.1 RCPT first")
            return
        if not self._answer("DATA", b"354 go on").startswith(b"3"):
            return
        body = self._body()
        if self.to is None:
            self._say(self.server.script.end_of_nothing)
        else:
            said = self._choose("BODY", b"250 2.0.0 taken")
            # Who breaks off without a word may have taken it, and here it has.
            if said.startswith(b"2") or said in (DROP, SILENCE):
                message = Message(_address(self.sender or ""), _address(self.to), body)
                self.server.taken.append(message)
            self._say(said)
        self.sender = self.to = None

    def _body(self) -> bytes:
        lines: list[bytes] = []
        try:
            while (line := self._line()) != b".":
                lines.append(line.removeprefix(b".") + b"\r\n")
        except (_Over, OSError):
            self.server.cut_off.append(b"".join(lines))
            raise
        return b"".join(lines)

    def _offers(self) -> bytes:
        offers = ["scripted", *self.server.script.offers]
        if self.server.script.tls and not isinstance(self.connection, ssl.SSLSocket):
            offers.append("STARTTLS")
        last = len(offers) - 1
        return "\r\n".join(
            f"250{' ' if at == last else '-'}{each}" for at, each in enumerate(offers)
        ).encode()

    def _encrypt(self) -> None:
        assert self.server.script.tls is not None
        self.connection = self.server.script.tls.wrap_socket(self.connection, server_side=True)
        self.server.connections.append(self.connection)

    def _answer(self, verb: str, usual: bytes) -> bytes:
        said = self._choose(verb, usual)
        self._say(said)
        return said

    def _choose(self, verb: str, usual: bytes) -> bytes:
        said = self.server.script.choice(verb, self.server.count(verb))
        return usual if said is None else said

    def _say(self, said: bytes) -> None:
        for end in (DROP, SILENCE):
            if said.endswith(end):
                self.connection.sendall(said.removesuffix(end))
                if end == SILENCE:
                    self.server.stopped.wait()
                raise _Over
        self._send(said)
        if said.startswith(b"421"):
            raise _Over

    def _send(self, said: bytes) -> None:
        self.connection.sendall(said + b"\r\n")

    def _line(self) -> bytes:
        while (end := self._got.find(b"\r\n")) < 0:
            data = self.connection.recv(65_536)
            if not data:
                raise _Over
            self._got += data
        line = bytes(self._got[:end])
        del self._got[: end + 2]
        return line


def _address(command: str) -> str:
    return command[command.index("<") + 1 : command.rindex(">")]
