"""Open live pages, read all at once over plain sockets by one thread."""

import errno
import os
import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from bench.staff import Staff

BLOCK = 1 << 16
STATUS = b"HTTP/1.1 200 "

Heard = Callable[[int, bytes, float], None]
"""Takes the number of the page, an event of its stream, and the moment."""


@dataclass
class Page:
    """An open page: what it asks for, its socket, what of an event has come so far."""

    number: int
    asks: bytes
    socket: socket.socket
    is_answered: bool = False
    rest: bytes = b""


class Streams:
    """Pages that listen to /live; what they hear is given to *heard*.

    A page whose stream ends, or that is asked to come back later, is given to *lost*, by number.
    Without *lost* that is an error.
    """

    def __init__(self, heard: Heard, lost: Callable[[int], None] | None = None) -> None:
        self._heard = heard
        self._lost = lost
        self._selector = selectors.DefaultSelector()
        self._pages: list[Page] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        for page in self._pages:
            page.socket.close()
        self._selector.close()

    def open(self, staff: Staff, query: str) -> None:
        """Open one more page that asks for /live?*query*."""
        desk = staff.desk
        self._address = (desk.host, desk.port)
        asks = (
            f"GET /live?{query} HTTP/1.1\r\nHost: {desk.host}:{desk.port}\r\n"
            f"Accept: text/event-stream\r\nCookie: {staff.cookie}\r\n\r\n"
        )
        page = Page(len(self._pages), asks.encode(), self._connected())
        self._pages.append(page)
        self._selector.register(page.socket, selectors.EVENT_WRITE, page)

    def reopen(self, number: int) -> None:
        """Let a page whose stream was lost connect again."""
        page = self._pages[number]
        page.socket, page.is_answered, page.rest = self._connected(), False, b""
        self._selector.register(page.socket, selectors.EVENT_WRITE, page)

    def close(self, number: int) -> None:
        """Close a page, as a browser does that goes away."""
        page = self._pages[number]
        self._selector.unregister(page.socket)
        page.socket.close()

    def listen(self, until: Callable[[], bool], seconds: float) -> None:
        """Read until *until* holds; raises TimeoutError after *seconds*."""
        deadline = time.monotonic() + seconds
        while not until():
            if time.monotonic() > deadline:
                raise TimeoutError(f"The pages did not hear it within {seconds:.0f} s.")
            for key, events in self._selector.select(0.05):
                if events & selectors.EVENT_WRITE:
                    self._ask(key.data)
                else:
                    self._read(key.data)

    def _connected(self) -> socket.socket:
        connection = socket.socket()
        connection.setblocking(False)
        error = connection.connect_ex(self._address)
        if error not in (0, errno.EINPROGRESS):
            raise OSError(error, os.strerror(error))
        return connection

    def _ask(self, page: Page) -> None:
        try:
            page.socket.sendall(page.asks)
        except OSError:
            self._lose(page)
        else:
            self._selector.modify(page.socket, selectors.EVENT_READ, page)

    def _read(self, page: Page) -> None:
        try:
            data = page.socket.recv(BLOCK)
        except OSError:
            data = b""
        moment = time.monotonic()
        if not page.is_answered and data and not data.startswith(STATUS):
            data = b""
        if not data:
            self._lose(page)
            return
        page.is_answered = True
        *events, page.rest = (page.rest + data).split(b"\n\n")
        for event in events:
            self._heard(page.number, event, moment)

    def _lose(self, page: Page) -> None:
        if self._lost is None:
            raise ConnectionError(f"The stream of page {page.number} was closed.")
        self.close(page.number)
        self._lost(page.number)
