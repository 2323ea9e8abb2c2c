"""What the figures were measured on."""

import os
import platform
from datetime import datetime
from pathlib import Path


def describe() -> str:
    """Give day, machine, Python and load in one line: figures mean little without them."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{datetime.now():%Y-%m-%d %H:%M} · {_processor()}, {cores} cores · "
        f"{platform.system()} {platform.release()} · Python {platform.python_version()} · "
        f"load {os.getloadavg()[0]:.1f}"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return " ".join(line.partition(":")[2].split())
    return platform.processor() or platform.machine()
