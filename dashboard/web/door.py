"""Sees which browsers go away, so that no stream need look for itself."""

import selectors
import socket
import threading

from dashboard.web.viewer import Viewer


class Door:
    """Watches the connections of viewers; their sockets must be open as long as they are known."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._lock = threading.Lock()

    def watch(self, viewer: Viewer) -> None:
        """Watch the connection of *viewer*, where it is known."""
        with self._lock:
            if viewer.connection is None:
                return
            try:
                self._selector.register(viewer.connection, selectors.EVENT_READ, viewer)
            except (KeyError, OSError, ValueError):
                viewer.connection = None  # It is closed already, as the next piece will show.

    def forget(self, viewer: Viewer) -> None:
        """Watch the connection of *viewer* no more."""
        with self._lock:
            if viewer.connection is not None:
                self._selector.unregister(viewer.connection)
                viewer.connection = None

    def look(self, seconds: float) -> None:
        """Wait at most so many *seconds*, and let those go whose browsers have gone."""
        for key, _ in self._selector.select(seconds):
            viewer: Viewer = key.data
            if viewer.connection is None:
                continue
            is_gone = _is_gone(viewer.connection)
            self.forget(viewer)  # What a browser says on its stream is not read.
            if is_gone:
                viewer.leave()


def _is_gone(connection: socket.socket) -> bool:
    """Whether the browser closed its end, where there is something to read of it."""
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except (OSError, ValueError):
        return True
