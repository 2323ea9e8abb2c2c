"""The demonstration of recovery: now and then a busy worker child is killed."""

import asyncio
import contextlib
import os
import random
import signal
from typing import Any

from dashboard.supervisor.console import Console
from dashboard.supervisor.desk import Desk

SHORTEST_PAUSE_SECONDS = 20.0
LONGEST_PAUSE_SECONDS = 40.0
# How long the workers may take to say what they are at.
INSPECT_SECONDS = 1.0


class Chaos:
    """Kills a random busy child of the worker every 20 to 40 seconds."""

    def __init__(self, celery: Any, console: Console) -> None:
        self._celery = celery
        self._console = console

    async def __call__(self, desk: Desk) -> None:
        """Go on until cancelled."""
        while True:
            await asyncio.sleep(random.uniform(SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS))
            run = desk.minders["worker"].run
            children = await asyncio.to_thread(self._busy) if run else set()
            # Other workers may share the broker: only children of our own are ours to kill.
            ours = [child for child in sorted(children) if run and _group(child) == run.id]
            if ours:
                self._kill(random.choice(ours))

    def _busy(self) -> set[int]:
        """Give the process numbers of all children at work, as the workers themselves say."""
        try:
            answers = self._celery.control.inspect(timeout=INSPECT_SECONDS).active() or {}
        except Exception:  # Whatever the broker's client raises, chaos can wait.
            return set()
        return {task["worker_pid"] for tasks in answers.values() for task in tasks}

    def _kill(self, child: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
            self._console.tell("chaos", f"killed the busy worker child {child}")


def _group(process: int) -> int | None:
    with contextlib.suppress(ProcessLookupError):
        return os.getpgid(process)
    return None
