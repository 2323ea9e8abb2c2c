"""Hashes a file and brings it to the disk while somebody else still writes to its end."""

import hashlib
import os
import threading
from pathlib import Path
from typing import BinaryIO, Final

BLOCK: Final = 1 << 20
LOOK_SECONDS: Final = 0.05
SYNC_AFTER: Final = 16 << 20
"""Bytes that may wait to be brought to the disk: what is left at the end takes a moment."""


class Following(threading.Thread):
    """Follows the file *path*, which need not be there yet and only ever grows."""

    def __init__(self, path: Path) -> None:
        super().__init__(name="following", daemon=True)
        self._path = path
        self._ended = threading.Event()
        self._file: BinaryIO | None = None
        self._sha256 = hashlib.sha256()
        self._size = 0
        self._synced = 0
        self._error: OSError | None = None

    def run(self) -> None:
        """Follow until the end; what goes wrong is raised by finish()."""
        try:
            while not self._ended.wait(LOOK_SECONDS):
                self._go_on()
        except OSError as error:
            self._error = error

    def finish(self) -> tuple[int, str]:
        """Give size and SHA-256 of the file, which is whole and on the disk now. Raises OSError."""
        self.stop()
        if self._error is not None:
            raise self._error
        self._go_on()
        if self._file is None:
            raise FileNotFoundError(self._path)
        os.fsync(self._file.fileno())
        return self._size, self._sha256.hexdigest()

    def stop(self) -> None:
        """Follow no more; harmless when it has ended."""
        self._ended.set()
        if self.is_alive():
            self.join()

    def close(self) -> None:
        """Let the file go."""
        self.stop()
        if self._file is not None:
            self._file.close()

    def _go_on(self) -> None:
        if self._file is None:
            try:
                self._file = self._path.open("rb")
            except FileNotFoundError:
                return
        while block := self._file.read(BLOCK):
            self._sha256.update(block)
            self._size += len(block)
            if self._size - self._synced >= SYNC_AFTER:
                os.fdatasync(self._file.fileno())
                self._synced = self._size
