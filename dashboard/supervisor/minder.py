"""What minds one part."""

import asyncio
import signal
import time

from dashboard.supervisor.console import Console
from dashboard.supervisor.offspring import Offspring
from dashboard.supervisor.part import STEADY_SECONDS, Part
from dashboard.supervisor.run import Run
from dashboard.supervisor.trouble import Trouble

MAX_DEATHS = 5
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 30.0
ASK_SECONDS = 0.05


class Minder:
    """Starts *part*, and starts it again with growing pauses whenever it ends."""

    def __init__(self, part: Part, console: Console, offspring: Offspring) -> None:
        self.part = part
        self.run: Run | None = None
        self.is_ready = asyncio.Event()
        self._console = console
        self._offspring = offspring
        self._stopping = asyncio.Event()

    async def mind(self) -> None:
        """Keep the part alive until it is stopped.

        Raises Trouble when it ends MAX_DEATHS times in a row before it was ready.
        """
        deaths = 0  # In a row, before it was ready.
        pauses = 0  # In a row, after a life too short to be called steady.
        while not self._stopping.is_set():
            began = time.monotonic()
            run = self._start()
            was_ready = await self._watch(run)
            if self._stopping.is_set():
                return
            run.close()
            deaths = 0 if was_ready else deaths + 1
            if deaths == MAX_DEATHS:
                raise Trouble(self._sentence(run))
            pauses = 0 if time.monotonic() - began > STEADY_SECONDS else pauses + 1
            pause = min(FIRST_PAUSE_SECONDS * 2 ** max(pauses - 1, 0), LONGEST_PAUSE_SECONDS)
            news = f"ended ({run.ending}); it is started again in {pause:.1f} s"
            self._console.tell(self.part.name, news)
            await asyncio.sleep(pause)

    async def stop(self) -> None:
        """Ask the part to end and wait; after its *stop_seconds* it is killed."""
        self.ask_to_stop()
        if self.run is None:
            return
        try:
            async with asyncio.timeout(self.part.stop_seconds):
                await self._offspring.end_of(self.run)
        except TimeoutError:
            news = f"did not end in {self.part.stop_seconds:.0f} s and is killed"
            self._console.tell(self.part.name, news)
        self.run.close()

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the part's main process, and start it no more."""
        self._stopping.set()
        if self.run is not None:
            self.run.signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill the part and all its children at once."""
        self._stopping.set()
        if self.run is not None:
            self.run.kill()

    def _start(self) -> Run:
        self.is_ready.clear()
        try:
            self.run = Run(self.part, self._console)
        except OSError as error:
            program = self.part.command[0]
            raise Trouble(
                f"{self.part.title} has no program: {program}: {error.strerror}."
            ) from None
        return self.run

    async def _watch(self, run: Run) -> bool:
        """Wait for the end of *run*; True when it was ready before."""
        readiness = asyncio.create_task(self._become_ready())
        try:
            await self._offspring.end_of(run)
        finally:
            readiness.cancel()
        was_ready = self.is_ready.is_set()
        self.is_ready.clear()
        return was_ready

    async def _become_ready(self) -> None:
        if self.part.is_ready is None:
            await asyncio.sleep(STEADY_SECONDS)
        else:
            while not await self.part.is_ready():
                await asyncio.sleep(ASK_SECONDS)
        self.is_ready.set()

    def _sentence(self, run: Run) -> str:
        words = "\n".join(f"    {line}" for line in run.last_words)
        said = f" Its last words were:\n{words}" if words else " It said nothing."
        return (
            f"{self.part.title} ended {MAX_DEATHS} times in a row before it was ready "
            f"({run.ending}).{said}"
        )
