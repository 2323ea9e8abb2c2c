"""What every storage can do."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
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

    def commit(self) -> Stored:
        """Make the file durable under its key, whole or not at all. Raises StorageError."""
        ...


class Storage(Protocol):
    """Keeps files under keys; a key is never written twice."""

    def draft(self, key: str) -> AbstractContextManager[Draft]:
        """Give a draft for *key*; what was not committed is gone when the context ends."""
        ...

    def open(self, key: str) -> BinaryIO:
        """Open a kept file for reading; it can seek. Raises FileNotFoundError."""
        ...

    def delete(self, key: str) -> None:
        """Delete a kept file; no error when it is gone already."""
        ...

    def sweep(self, older_than: timedelta) -> int:
        """Delete drafts that nobody has written to for *older_than*; gives how many."""
        ...

    def free(self) -> int | None:
        """Give the free bytes, or None where there is no such bound."""
        ...
