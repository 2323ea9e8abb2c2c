"""A way to do something, done in a fresh process, which tells its seconds and its memory."""

import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from bench import resident
from bench.program import Program, clean_environment
from dashboard.collector import spare_collector

LONGEST_SECONDS = 300.0


class Took(NamedTuple):
    """What the work took: seconds; memory before it and at its peak, in bytes; what it tells."""

    seconds: float
    base: int
    peak: int
    told: dict[str, Any]

    @property
    def growth(self) -> float:
        """The memory that the work itself needed, in MiB."""
        return (self.peak - self.base) / resident.MIB


def fresh(way: str, folder: Path, **arguments: Any) -> Took:
    """Run the module bench.ways.*way* in a new process, which is also told *folder*.

    Raises ProgramFailed.
    """
    with started(way, folder, **arguments) as program:
        *_, last = program.end(LONGEST_SECONDS).strip().split("\n")
    return Took(**json.loads(last))


def started(way: str, folder: Path, **arguments: Any) -> Program:
    """Start the module bench.ways.*way* in a new process, which is also told *folder*."""
    given = json.dumps({"folder": str(folder), **arguments})
    command = [sys.executable, "-m", f"bench.ways.{way}", given]
    return Program(command, folder / f"{way}.log", clean_environment())


def arguments() -> Mapping[str, Any]:
    """Give the arguments of this process, which fresh() has started."""
    found: dict[str, Any] = json.loads(sys.argv[1])
    return found


def tell(work: Callable[[], Mapping[str, Any]]) -> None:
    """Do *work* as in a worker's child and print what it took; it gives what else is to be told."""
    spare_collector()
    base = resident.now()
    began = time.perf_counter()
    told = work()
    seconds = time.perf_counter() - began
    took = {"seconds": seconds, "base": base, "peak": resident.peak(), "told": told}
    sys.stdout.write(f"\n{json.dumps(took)}\n")
