"""Stands between the desk and its PostgreSQL, so that it can be away while others use it."""

import socket
import threading
from contextlib import suppress
from pathlib import Path

from sqlalchemy import make_url

BLOCK = 1 << 16
PORT = 5432


class Proxy:
    """Listens in *folder* as PostgreSQL does and passes on to the server of *url*."""

    def __init__(self, folder: Path, url: str) -> None:
        self._path = folder / f".s.PGSQL.{PORT}"
        found = make_url(url)
        self._target = f"{found.query['host']}/.s.PGSQL.{found.port or PORT}"
        self.url = found.update_query_dict({"host": str(folder)}).render_as_string(
            hide_password=False
        )
        self._open: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self.start()

    def start(self) -> None:
        """Take connections, again where it was cut off."""
        self._path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._path))
        self._listener.listen(64)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut_off(self) -> None:
        """Break every connection and refuse new ones."""
        assert self._listener is not None
        self._path.unlink()
        for each in (self._listener, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._target)
                self._open |= {client, server}
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=_pass_on, args=(source, sink), daemon=True).start()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(BLOCK):
            sink.sendall(data)
    for each in (source, sink):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
