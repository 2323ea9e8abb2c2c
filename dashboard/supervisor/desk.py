"""All parts of one desk: opened in order, watched, closed in order."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence

from dashboard.supervisor.console import Console
from dashboard.supervisor.minder import Minder
from dashboard.supervisor.offspring import Offspring
from dashboard.supervisor.part import Part

ASK_SECONDS = 0.1
# A start that takes longer than this is worth a word.
PATIENCE_SECONDS = 60.0


class Desk:
    """Runs *parts* on a *server* that starts before them all and ends after them all.

    The parts are asked to stop in the order given.
    """

    def __init__(self, server: Part | None, parts: Sequence[Part], console: Console) -> None:
        self.minders: dict[str, Minder] = {}
        self.has_been_ready = False
        self._server = server
        self._parts = parts
        self._console = console
        self._stop = asyncio.Event()

    async def run(
        self,
        is_ready: Callable[[], Awaitable[bool]],
        ready_line: str,
        *others: Callable[["Desk"], Awaitable[None]],
    ) -> None:
        """Keep the desk open until a signal; say *ready_line* once when *is_ready* says yes.

        *others* run beside the parts. Raises Trouble when a part cannot be kept alive; everything
        is stopped before that.
        """
        self._listen()
        offspring = Offspring()
        for part in [*self._parts, *([self._server] if self._server else [])]:
            self.minders[part.name] = Minder(part, self._console, offspring)
        tasks = {asyncio.create_task(self._open(minder)) for minder in self.minders.values()}
        tasks.add(asyncio.create_task(self._announce(is_ready, ready_line)))
        tasks |= {asyncio.create_task(_call(other, self)) for other in others}
        stop = asyncio.create_task(self._stop.wait())
        try:
            while not stop.done():
                done, _ = await asyncio.wait({stop, *tasks}, return_when=asyncio.FIRST_COMPLETED)
                tasks -= done
                for task in done:
                    task.result()
        finally:
            for task in {stop, *tasks}:
                task.cancel()
            await self._close()

    async def _open(self, minder: Minder) -> None:
        if minder.part.after is not None:
            await self.minders[minder.part.after].is_ready.wait()
        await minder.mind()

    async def _announce(self, is_ready: Callable[[], Awaitable[bool]], ready_line: str) -> None:
        loop = asyncio.get_running_loop()
        hurry = loop.time() + PATIENCE_SECONDS
        while not await is_ready():
            if loop.time() > hurry:
                self._console.say("Bellhop is still starting; the lines above may say why.")
                hurry += PATIENCE_SECONDS
            await asyncio.sleep(ASK_SECONDS)
        self.has_been_ready = True
        self._console.say(ready_line)

    async def _close(self) -> None:
        self._console.say("Bellhop is stopping. Ctrl-C once more ends everything at once.")
        self._stop.set()
        await asyncio.gather(*(self.minders[part.name].stop() for part in self._parts))
        if self._server is not None:
            await self.minders[self._server.name].stop()
        self._console.say("Bellhop has stopped.")

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Under nohup a lost terminal is no reason to stop.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                loop.add_signal_handler(number, self._hear, number)

    def _hear(self, number: signal.Signals) -> None:
        if self._stop.is_set() and number == signal.SIGINT:
            for minder in self.minders.values():
                minder.kill()
        self._stop.set()


async def _call(other: Callable[[Desk], Awaitable[None]], desk: Desk) -> None:
    await other(desk)
