"""The memory of this process that lies in RAM."""

import resource
import sys
from pathlib import Path

MIB = 1 << 20
STATUS = Path("/proc/self/status")


def now() -> int:
    """Give the bytes in RAM; where the system does not tell, the most there have been."""
    return _status("VmRSS") if STATUS.exists() else peak()


def peak() -> int:
    """Give the most bytes that have been in RAM.

    The figure of getrusage would count what the parent held before this program began.
    """
    if STATUS.exists():
        return _status("VmHWM")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def peak_of(process: int) -> int | None:
    """Give the most bytes that another process has had in RAM; None where nobody tells."""
    status = Path(f"/proc/{process}/status")
    return _status("VmHWM", status) if status.exists() else None


def _status(name: str, status: Path = STATUS) -> int:
    for line in status.read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(name)
