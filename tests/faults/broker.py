"""A Valkey of one's own, to be killed, frozen and wiped."""

import time
from contextlib import ExitStack
from pathlib import Path

import psutil
from redis import Redis

from tests import servers


class Broker:
    """Runs in *folder* and keeps its data in a file there, as the desk's own does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running = ExitStack()
        self.url = ""
        self.start()

    def start(self) -> None:
        """Start it, again where it was killed; the address stays the same."""
        server = servers.valkey_server(self.folder, append_only=True)
        self.url = self._running.enter_context(server)

    def kill(self) -> None:
        """SIGKILL."""
        self._process().kill()
        self._running.close()

    def freeze(self) -> None:
        """SIGSTOP: connections are taken, answers do not come."""
        self._process().suspend()

    def thaw(self) -> None:
        """SIGCONT."""
        self._process().resume()

    def wipe(self) -> None:
        """Forget everything."""
        with Redis.from_url(self.url) as redis:
            redis.flushall()

    def is_down_for(self, seconds: float) -> None:
        """Kill it and start it again so much later."""
        self.kill()
        time.sleep(seconds)
        self.start()

    def end(self) -> None:
        """Stop it, frozen or not."""
        for process in self._processes():
            process.resume()
        self._running.close()

    def _process(self) -> psutil.Process:
        (process,) = self._processes()
        return process

    def _processes(self) -> list[psutil.Process]:
        # Its command line has become a title of its own making; the folder it works in has not.
        return [
            child
            for child in psutil.Process().children()
            if child.status() != psutil.STATUS_ZOMBIE and child.cwd() == str(self.folder)
        ]
