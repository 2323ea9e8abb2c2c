"""News of child processes that have ended."""

import asyncio
import signal

from dashboard.supervisor.run import Run


class Offspring:
    """Hears SIGCHLD and tells whoever waits for a run.

    asyncio's own subprocesses are not used: on some Python 3.12 releases they wait for everyone
    who holds the output pipe, grandchildren included.
    """

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Future[None], Run] = {}
        asyncio.get_running_loop().add_signal_handler(signal.SIGCHLD, self._look)

    async def end_of(self, run: Run) -> None:
        """Return when *run* has ended."""
        if run.code is not None:
            return
        future = asyncio.get_running_loop().create_future()
        self._waiting[future] = run
        try:
            await future
        finally:
            del self._waiting[future]

    def _look(self) -> None:
        for future, run in self._waiting.items():
            if run.code is not None and not future.done():
                future.set_result(None)
