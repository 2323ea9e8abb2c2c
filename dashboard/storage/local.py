"""Files in a folder of this machine."""

import errno
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, unquote

from dashboard.storage.following import Following
from dashboard.storage.protocol import Kept, StorageError, StorageFull, Stored

DRAFTS = ".drafts"
# How much of its key a draft's folder bears in its name; no system takes names over 255 bytes.
KEY_BEGIN = 120
# Whoever deletes the last file of a folder removes the folder, perhaps just before a move into it.
MOVES = 5
HASH_BLOCK = 1 << 20
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


class LocalDraft:
    """A file in a private folder beside the kept ones, on the same disk."""

    def __init__(self, root: Path, key: str, scratch: Path) -> None:
        self.key = key
        self.scratch = scratch
        self.path = scratch / Path(key).name
        self._target = root / key
        self._following: Following | None = None

    def follow(self) -> None:
        self._following = Following(self.path)
        self._following.start()

    def close(self) -> None:
        """Let go of what follows the file."""
        if self._following is not None:
            self._following.close()

    def commit(self) -> Stored:
        """fsync, hash, move, fsync the folder: after a power cut the file is whole or absent."""
        try:
            size, sha256 = self._following.finish() if self._following else self._measure()
            self._move()
            folder = self._target.parent
            for changed in (folder, folder.parent):  # The folder may be new in its own parent.
                _sync_folder(changed)
        except OSError as error:
            raise failure(error) from error
        return Stored(self.key, size, sha256)

    def _measure(self) -> tuple[int, str]:
        with self.path.open("rb") as file, ThreadPoolExecutor(1) as beside:
            # The disk and the processor work at the same time.
            synced = beside.submit(os.fsync, file.fileno())
            sha256 = hashlib.sha256()
            size = 0
            while block := file.read(HASH_BLOCK):
                sha256.update(block)
                size += len(block)
            synced.result()
        return size, sha256.hexdigest()

    def _move(self) -> None:
        for tries_left in reversed(range(MOVES)):
            self._target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                return os.replace(self.path, self._target)
            except FileNotFoundError:
                if not tries_left:
                    raise


class LocalStorage:
    """Keeps each file under root/key."""

    def __init__(self, root: str) -> None:
        self.root = Path(root)

    @contextmanager
    def draft(self, key: str) -> Iterator[LocalDraft]:
        """Give a draft for *key* in a folder of its own, removed at the end.

        Raises StorageFull where whoever writes it finds no room left.
        """
        drafts = self.root / DRAFTS
        try:
            drafts.mkdir(mode=0o700, parents=True, exist_ok=True)
            scratch = Path(tempfile.mkdtemp(prefix=f"{quote(key, '')[:KEY_BEGIN]}.", dir=drafts))
        except OSError as error:
            raise failure(error) from error
        draft = LocalDraft(self.root, key, scratch)
        try:
            yield draft
        except OSError as error:
            if error.errno in NO_ROOM:
                raise failure(error) from error
            raise
        finally:
            draft.close()
            shutil.rmtree(scratch, ignore_errors=True)

    def open(self, key: str) -> BinaryIO:
        """Open the file of *key*; raises FileNotFoundError, or StorageError without the folder."""
        try:
            return self._path(key).open("rb")
        except FileNotFoundError:
            # Where even the drafts' folder is away, the disk is, and nothing is known of the file.
            if not (self.root / DRAFTS).is_dir():
                raise StorageError("The folder of finished files is not there.") from None
            raise

    @contextmanager
    def at_hand(self, key: str) -> Iterator[Path]:
        """Give the file of *key* itself; raises as open does."""
        self.open(key).close()
        yield self._path(key)

    def kept(self) -> Iterator[Kept]:
        """List the files in the folders of the root, one by one."""
        for folder in _entries(self.root):
            if folder.name == DRAFTS or not folder.is_dir(follow_symlinks=False):
                continue
            for entry in _entries(folder.path):
                try:
                    written_at = datetime.fromtimestamp(entry.stat().st_mtime, UTC)
                except FileNotFoundError:
                    continue  # It was deleted meanwhile.
                if entry.is_file(follow_symlinks=False):
                    yield Kept(f"{folder.name}/{entry.name}", written_at)

    def delete(self, key: str) -> None:
        """Delete the file of *key* and the folder it leaves empty."""
        path = self._path(key)
        path.unlink(missing_ok=True)
        try:
            path.parent.rmdir()
        except OSError:
            return  # Other files of the job are still there, or the folder is gone already.

    def sweep(
        self, older_than: timedelta, is_over: Callable[[str], bool] = lambda key: False
    ) -> int:
        """Delete drafts that were not written to for *older_than*, or whose key *is_over*."""
        limit = time.time() - older_than.total_seconds()
        swept = 0
        for scratch in (self.root / DRAFTS).glob("*"):
            if _last_write(scratch) < limit or is_over(unquote(scratch.name.rpartition(".")[0])):
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


def _entries(folder: str | Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from entries
    except FileNotFoundError:
        return  # It was deleted with its last file, or nothing was ever kept.


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
