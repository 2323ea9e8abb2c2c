"""The line to a mail server, once both sides have agreed on how to speak."""

import socket
import ssl
from contextlib import suppress

from dashboard.mail.mishaps import BROKE_OFF, TOO_LATE
from dashboard.mail.smtp.answers import CLOSING, Answer, Answers, Broken

CHUNK = 65_536  # bytes that must leave within one timeout, so that a long message has its time
GOODBYE_SECONDS = 2.0


class Closing(Exception):
    """The server said 421: it closes the connection."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.words)
        self.answer = answer


class Line:
    """Sends bytes and reads answers; *timeout* is in seconds."""

    def __init__(self, sock: socket.socket, timeout: float) -> None:
        # What is written is a whole already: its end must not wait for the server's receipt.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sock = sock
        self._timeout = timeout
        self._answers = Answers(sock)

    def send(self, data: bytes) -> None:
        """Send *data*; raises Broken."""
        try:
            for start in range(0, len(data), CHUNK):
                self._send(data if len(data) <= CHUNK else data[start : start + CHUNK])
        except TimeoutError as error:
            raise Broken(TOO_LATE) from error
        except OSError as error:
            raise Broken(BROKE_OFF) from error

    def _send(self, data: bytes) -> None:
        sent = 0
        if self._sock.gettimeout() == 0:
            # Nearly always there is room for all of it, and then one call is enough.
            with suppress(BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                sent = self._sock.send(data)
        if sent < len(data):
            self._sock.settimeout(self._timeout)
            self._sock.sendall(data[sent:])

    def answer(self, seconds: float | None = None) -> Answer:
        """Give the next answer, within *seconds* where the timeout is not meant.

        Raises Broken, and Closing for 421.
        """
        answer = self._answers.read(self._timeout if seconds is None else seconds)
        if answer.code == CLOSING:
            raise Closing(answer)
        return answer

    def must_be_quiet(self) -> None:
        """Raise Closing or Broken where the server has said what nobody asked for, or has left."""
        if self._answers.is_waiting():
            self.answer()
            raise Broken(BROKE_OFF)

    def leave(self) -> None:
        """Say goodbye and hang up; whatever goes wrong here changes nothing any more."""
        with suppress(Broken, Closing):
            self.send(b"QUIT\r\n")
            self.answer(min(self._timeout, GOODBYE_SECONDS))
        self.close()

    def cut(self) -> None:
        """End the connection from any thread: who waits on it is woken."""
        with suppress(OSError):
            # The method of a TLS socket would drop its keys while the other thread reads.
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up without a word."""
        self._sock.close()
