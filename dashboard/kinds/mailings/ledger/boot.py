"""Which start of the machine this is: what was not synced before its end is lost by a power cut."""

import subprocess
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

LINUX: Final = Path("/proc/sys/kernel/random/boot_id")
MACOS: Final = ("/usr/sbin/sysctl", "-n", "kern.bootsessionuuid")
LENGTH: Final = 16  # characters


@cache
def boot() -> str:
    """Give a name for it that no other start of this or another machine has; "" for unknown."""
    try:
        if sys.platform == "darwin":
            found = subprocess.run(MACOS, capture_output=True, check=True, timeout=5).stdout
        else:
            found = LINUX.read_bytes()
    except (OSError, subprocess.SubprocessError):
        return ""
    found = found.strip()
    return sha256(found).hexdigest()[:LENGTH] if found else ""
