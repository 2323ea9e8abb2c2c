"""What every storage can do."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol


class StorageError(Exception):
    """The storage cannot do what was asked; the message is a plain sentence."""


class StorageFull(StorageError):
    """There is no room left for the file."""


@dataclass(frozen=True)
class Stored:
    """A file that is kept whole: its key, its size in bytes, its SHA-256 in hex."""

    key: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Kept:
    """A file as the list of kept ones shows it; *written_at* by the storage's own clock."""

    key: str
    written_at: datetime


class Draft(Protocol):
    """A file being written; nobody can see it until it is committed."""

    @property
    def path(self) -> Path:
        """Where to write the file."""
        ...

    @property
    def scratch(self) -> Path:
        """A folder on the same disk for a writer's temporary files."""
        ...

    def follow(self) -> None:
        """Say that the file only ever grows: what it holds is worked off while it is written."""
        ...

    def commit(self) -> Stored:
        """Make the file durable under its key, whole or not at all. Raises StorageError."""
        ...


class Storage(Protocol):
    """Keeps files under keys; a key is never written twice."""

    def draft(self, key: str) -> AbstractContextManager[Draft]:
        """Give a draft for *key*; what was not committed is gone when the context ends."""
        ...

    def open(self, key: str) -> BinaryIO:
        """Open a kept file for reading; it can seek.

        Raises FileNotFoundError where there is no such file, StorageError where the storage
        itself is away.
        """
        ...

    def at_hand(self, key: str) -> AbstractContextManager[Path]:
        """Give a kept file as one of this machine, for what reads paths; nobody may write to it.

        A storage that is elsewhere fetches it first, and its copy is gone when the context ends.
        Raises as open does.
        """
        ...

    def kept(self) -> Iterator[Kept]:
        """List the kept files one by one, in no order; some may come or go meanwhile."""
        ...

    def delete(self, key: str) -> None:
        """Delete a kept file; no error when it is gone already."""
        ...

    def sweep(self, older_than: timedelta, is_over: Callable[[str], bool] = ...) -> int:
        """Delete drafts that nobody will finish; gives how many.

        Those are drafts that nobody has written to for *older_than*, and those of whose key
        *is_over* says so; of a long key it hears the begin only.
        """
        ...

    def free(self) -> int | None:
        """Give the free bytes, or None where there is no such bound."""
        ...
