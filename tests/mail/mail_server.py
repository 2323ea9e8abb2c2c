"""A mail server of another hand, aiosmtpd, on a machine that may be busy."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller

PATIENCE = 60.0  # seconds; aiosmtpd itself gives up behind one


class Listening(Controller):
    """Listens on a port that nobody else can take meanwhile."""

    def __init__(self, handler: Any) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        host, port = self._listener.getsockname()
        super().__init__(handler, hostname=host, port=port, ready_timeout=PATIENCE)

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._listener)

    def _trigger_server(self) -> None:
        with socket.create_connection((self.hostname, self.port), PATIENCE) as first:
            first.recv(1024)


@contextmanager
def mail_server(handler: Any) -> Iterator[int]:
    """Run a server that *handler* answers for; gives its port on 127.0.0.1."""
    server = Listening(handler)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()
