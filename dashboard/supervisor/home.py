"""The state folder of a desk, which one supervisor at a time holds."""

import errno
import fcntl
import os
import shutil
import time
from pathlib import Path

from dashboard.supervisor.trouble import Trouble

# The demo data, a ledger and the first files fit; less is a disk that is about to be full.
NEEDED_BYTES = 100 * 1024 * 1024
# How long what is left of a supervisor that was killed may take to end.
LEFTOVER_SECONDS = 15.0


class Home:
    """A state folder that is writable, has room and is locked until the process ends.

    The lock lives as long as any process has *descriptor* open: the embedded Valkey inherits it,
    so that two servers never write one append-only file.
    """

    def __init__(self, path: Path) -> None:
        """Open the folder at *path*, made when missing. Raises Trouble where it is of no use."""
        self.path = path.absolute()
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            free = shutil.disk_usage(self.path).free
            if free < NEEDED_BYTES:
                raise Trouble(
                    f"The disk that holds {self.path} is full: {free // 2**20} MB are left, and "
                    f"Bellhop needs {NEEDED_BYTES // 2**20} MB to start."
                )
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
            self.descriptor = os.open(self.path / "lock", flags, 0o600)
            self._take()
        except OSError as error:
            raise Trouble(self._sentence(error)) from None

    def keep(self, name: str, text: str) -> None:
        """Write *text* into the private file *name*. Raises Trouble where that fails."""
        draft = self.path / f".{name}.draft"
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(text)
            draft.replace(self.path / name)
        except OSError as error:
            raise Trouble(self._sentence(error)) from None

    def close(self) -> None:
        """Give the folder free for another supervisor."""
        os.close(self.descriptor)

    def _take(self) -> None:
        deadline = time.monotonic() + LEFTOVER_SECONDS
        while True:
            try:
                fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                holder = os.pread(self.descriptor, 32, 0).decode(errors="replace").strip()
                if _is_alive(holder) or time.monotonic() > deadline:
                    raise Trouble(
                        f"Bellhop is already running on {self.path} (process {holder or '?'}). "
                        "Stop it first, or choose another folder: bin/run --home DIR"
                    ) from None
                time.sleep(0.05)
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, f"{os.getpid()}\n".encode(), 0)

    def _sentence(self, error: OSError) -> str:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return f"The disk that holds {self.path} is full. Free some space and start again."
        reason = (error.strerror or str(error)).lower()
        return (
            f"The state folder {self.path} cannot be written ({reason}). "
            "Choose another one: bin/run --home DIR"
        )


def _is_alive(holder: str) -> bool:
    if not holder.isdigit():
        return False
    try:
        os.kill(int(holder), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
