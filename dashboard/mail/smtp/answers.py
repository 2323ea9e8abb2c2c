"""What a mail server answers, read within bounds of time and size (RFC 5321 section 4.2)."""

import math
import re
import select
import socket
import ssl
import time
from typing import Final, NamedTuple

from dashboard.mail.mishaps import BROKE_OFF, GARBLED, TOO_LATE

LONGEST_ANSWER: Final = 65_536  # bytes; a hundred times what RFC 5321 asks clients to take
LONGEST_WORDS: Final = 500  # characters
CLOSING: Final = 421  # The server is about to close the connection, whatever it was asked.
ONE_LINE: Final = re.compile(rb"([2-5]\d\d) ([^\r\n]*)\r\n")  # what nearly all answers are
ENHANCED: Final = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?=\s|$)")


class Broken(Exception):
    """The connection can be used no more; its text is one of dashboard.mail.mishaps."""


class Answer(NamedTuple):
    """A server's answer: its code (200 to 599) and the rest of each line."""

    code: int
    lines: tuple[bytes, ...]

    @property
    def words(self) -> str:
        """Give the answer's own words on one line of at most 500 characters.

        An enhanced status code (RFC 3463) that each line repeats is said once.
        """
        lines = [_clean(line) for line in self.lines]
        code = ENHANCED.match(lines[0])
        if code is not None:
            lines[1:] = [line.removeprefix(code[0]).lstrip() for line in lines[1:]]
        return " ".join(filter(None, lines))[:LONGEST_WORDS].rstrip()


class Answers:
    """Reads answers from *sock*, and what has come of later ones meanwhile."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._got = bytearray()
        self._watch = select.poll()
        self._watch.register(sock, select.POLLIN)

    def read(self, seconds: float) -> Answer:
        """Give the next answer, all of whose lines must come within *seconds*; raises Broken."""
        if (whole := ONE_LINE.match(self._got)) is not None:
            answer = Answer(int(whole[1]), (whole[2],))
            del self._got[: whole.end()]
            return answer
        until = time.monotonic() + seconds
        lines: list[bytes] = []
        size = 0
        while True:
            line = self._line(until)
            size += len(line)
            code, mark = line[:3], line[3:4]
            if not (len(code) == 3 and code.isdigit() and b"200" <= code < b"600"):
                raise Broken(GARBLED)
            if mark.isdigit() or size > LONGEST_ANSWER:
                raise Broken(GARBLED)
            lines.append(line[4:])
            if mark != b"-":
                return Answer(int(code), tuple(lines))

    def is_waiting(self) -> bool:
        """Tell if the server has said something more, without waiting; raises Broken at its end."""
        return bool(self._got) or (self._is_readable(0) and self._take())

    def _line(self, until: float) -> bytes:
        start = 0
        while (end := self._got.find(b"\n", start)) < 0:
            start = len(self._got)
            if start > LONGEST_ANSWER:
                raise Broken(GARBLED)
            self._wait(until)
        line = bytes(self._got[:end])
        del self._got[: end + 1]
        return line.rstrip(b"\r")

    def _wait(self, until: float) -> None:
        """Wait for more."""
        while True:
            left = until - time.monotonic()
            if left <= 0:
                raise Broken(TOO_LATE)
            if self._is_readable(left) and self._take():
                return

    def _is_readable(self, seconds: float) -> bool:
        pending = isinstance(self.sock, ssl.SSLSocket) and self.sock.pending()
        return bool(pending or self._watch.poll(math.ceil(seconds * 1000)))

    def _take(self) -> bool:
        """Take what has come, without waiting; False where it was nothing but TLS's own."""
        # The socket itself never waits: to set a time for each answer would be a call more.
        if self.sock.gettimeout() != 0:
            self.sock.settimeout(0)
        try:
            data = self.sock.recv(LONGEST_ANSWER)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return False  # TLS has records of its own, such as session tickets.
        except OSError as error:
            raise Broken(BROKE_OFF) from error
        if not data:
            raise Broken(BROKE_OFF)
        self._got += data
        return True


def _clean(line: bytes) -> str:
    text = line.decode(errors="replace")
    if text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
