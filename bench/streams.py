"""Open live pages, read all at once over plain sockets by one thread."""

import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from bench.staff import Staff

BLOCK = 1 << 16


@dataclass
class Page:
    """An open page: its socket, what of an event has come so far."""

    number: int
    socket: socket.socket
    rest: bytes = b""


class Streams:
    """Pages that listen to /live; what they hear is given to *heard* (page, event, moment)."""

    def __init__(self, heard: Callable[[int, bytes, float], None]) -> None:
        self._heard = heard
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
        connection = socket.create_connection((desk.host, desk.port), timeout=10)
        connection.sendall(
            f"GET /live?{query} HTTP/1.1\r\nHost: {desk.host}:{desk.port}\r\n"
            f"Accept: text/event-stream\r\nCookie: {staff.cookie}\r\n\r\n".encode()
        )
        connection.setblocking(False)
        page = Page(len(self._pages), connection)
        self._pages.append(page)
        self._selector.register(connection, selectors.EVENT_READ, page)

    def listen(self, until: Callable[[], bool], seconds: float) -> None:
        """Read until *until* holds; raises TimeoutError after *seconds*."""
        deadline = time.monotonic() + seconds
        while not until():
            if time.monotonic() > deadline:
                raise TimeoutError(f"The pages did not hear it within {seconds:.0f} s.")
            for key, _ in self._selector.select(0.05):
                self._read(key.data)

    def _read(self, page: Page) -> None:
        data = page.socket.recv(BLOCK)
        moment = time.monotonic()
        if not data:
            raise ConnectionError(f"The stream of page {page.number} was closed.")
        *events, page.rest = (page.rest + data).split(b"\n\n")
        for event in events:
            self._heard(page.number, event, moment)
