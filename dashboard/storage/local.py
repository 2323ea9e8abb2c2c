"""Files in a folder of this machine."""

import errno
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from dashboard.storage.protocol import StorageError, StorageFull, Stored

DRAFTS = ".drafts"
HASH_BLOCK = 1 << 20
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


class LocalDraft:
    """A file in a private folder beside the kept ones, on the same disk."""

    def __init__(self, root: Path, key: str, scratch: Path) -> None:
        self.key = key
        self.scratch = scratch
        self.path = scratch / Path(key).name
        self._target = root / key

    def commit(self) -> Stored:
        """fsync, hash, move, fsync the folder: after a power cut the file is whole or absent."""
        try:
            with self.path.open("rb") as file:
                sha256 = hashlib.sha256()
                size = 0
                while block := file.read(HASH_BLOCK):
                    sha256.update(block)
                    size += len(block)
                os.fsync(file.fileno())
            self._target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.replace(self.path, self._target)
            _sync_folder(self._target.parent)
        except OSError as error:
            raise failure(error) from error
        return Stored(self.key, size, sha256.hexdigest())


class LocalStorage:
    """Keeps each file under root/key."""

    def __init__(self, root: str) -> None:
        self.root = Path(root)

    @contextmanager
    def draft(self, key: str) -> Iterator[LocalDraft]:
        """Give a draft for *key* in a folder of its own, removed at the end."""
        drafts = self.root / DRAFTS
        try:
            drafts.mkdir(mode=0o700, parents=True, exist_ok=True)
            scratch = Path(tempfile.mkdtemp(dir=drafts))
        except OSError as error:
            raise failure(error) from error
        try:
            yield LocalDraft(self.root, key, scratch)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def open(self, key: str) -> BinaryIO:
        """Open the file of *key*; raises FileNotFoundError."""
        return self._path(key).open("rb")

    def delete(self, key: str) -> None:
        """Delete the file of *key* and the folder it leaves empty."""
        path = self._path(key)
        path.unlink(missing_ok=True)
        try:
            path.parent.rmdir()
        except OSError:
            return  # Other files of the job are still there, or the folder is gone already.

    def sweep(self, older_than: timedelta) -> int:
        """Delete drafts in which nothing was written for *older_than*."""
        limit = time.time() - older_than.total_seconds()
        swept = 0
        for scratch in (self.root / DRAFTS).glob("*"):
            if _last_write(scratch) < limit:
                shutil.rmtree(scratch, ignore_errors=True)
                swept += 1
        return swept

    def free(self) -> int:
        """Give the bytes that are free on the disk of the folder."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        return shutil.disk_usage(self.root).free

    def _path(self, key: str) -> Path:
        path = (self.root / key).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise StorageError("A key may not leave the storage's folder.")
        return path


def failure(error: OSError) -> StorageError:
    """Give the error of a storage for one of the system's."""
    if error.errno in NO_ROOM:
        return StorageFull("There is no room left on the disk where finished files are kept.")
    return StorageError(f"The file could not be stored: {error.strerror or error}.")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _last_write(scratch: Path) -> float:
    try:
        return max(path.stat().st_mtime for path in (scratch, *scratch.iterdir()))
    except FileNotFoundError:
        return time.time()
