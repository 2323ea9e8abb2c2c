"""Carries the plan out, and kills the worker of the poisonous job at every attempt."""

import threading
import time
from collections.abc import Callable, Sequence

from chaos import processes
from chaos.faults import FAULTS
from chaos.faults.workers import kill
from chaos.history import History
from chaos.orders import POISON_DAY
from chaos.plan import Planned
from chaos.stage import Stage

LOOK_SECONDS = 0.1


def strike(
    stage: Stage,
    planned: Sequence[Planned],
    seconds: float,
    history: History,
    say: Callable[[str], None],
) -> None:
    """Do one planned fault after the other; what has not begun after *seconds* is left out."""
    began = time.monotonic()
    for each in planned:
        if time.monotonic() - began + each.pause > seconds:
            say(f"{len(planned) - planned.index(each)} planned faults found no time any more.")
            break
        time.sleep(each.pause)
        at = time.monotonic() - began
        blow = FAULTS[each.fault](stage, each.pick)
        if blow is None:
            say(f"{at:6.1f} s  {each.fault}: there was nothing to break")
            continue
        history.strike(blow)
        say(f"{at:6.1f} s  {each.fault}: {blow.what}")
    time.sleep(max(0.0, began + seconds - time.monotonic()))


class Poison(threading.Thread):
    """Kills the child that does the poisonous job, each time that one begins with it."""

    def __init__(self, stage: Stage, history: History) -> None:
        super().__init__(name="poison", daemon=True)
        self.stage = stage
        self.history = history
        self._over = threading.Event()

    def run(self) -> None:
        """Look until it is stopped."""
        day = POISON_DAY.isoformat()
        while not self._over.wait(LOOK_SECONDS):
            for child in processes.busy(self.stage):
                if child.day == day:
                    self.history.strike(kill(child, "poisonous job"))

    def stop(self) -> None:
        """End."""
        self._over.set()
        self.join()
