"""What the figures were measured on."""

import json
import os
import platform
import time
from datetime import datetime
from pathlib import Path
from typing import Final

from bench.spread import middle

ROUNDS: Final = 300
FACTS: Final = [
    {"id": number, "title": f"Orders of {number}", "done": [number] * 5} for number in range(1000)
]


def describe() -> str:
    """Give day, machine, Python, load and pace in one line: figures mean little without them."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{datetime.now():%Y-%m-%d %H:%M} · {_processor()}, {cores} cores · "
        f"{platform.system()} {platform.release()} · Python {platform.python_version()} · "
        f"load {os.getloadavg()[0]:.1f} · pace {pace():.1f} ms"
    )


def pace() -> float:
    """Give the milliseconds that half of the rounds of one fixed piece of work take at most.

    Runs can be held against each other by it: a shared machine is not equally quick all day.
    """
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        json.loads(json.dumps(FACTS))
        took.append(time.perf_counter() - began)
    return middle(took) * 1000


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return " ".join(line.partition(":")[2].split())
    return platform.processor() or platform.machine()
