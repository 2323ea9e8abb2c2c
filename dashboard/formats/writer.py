"""What a writer is: the one way in which rows become a file."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from dashboard.formats.table import Column, Document, Written

# Hears how many rows a close() has worked off; what it raises stops the writer.
Tell = Callable[[int], None]


class Stopped(Exception):
    """A writer was aborted from another thread while it worked."""


class Writer(Protocol):
    """Writes batches of rows to *path*; *scratch* is a folder for what it must put aside.

    Only one thread may use a writer, except for abort(), which any thread may call.
    """

    def __init__(
        self, path: Path, columns: Sequence[Column], document: Document, *, scratch: Path
    ) -> None: ...

    def write(self, rows: Sequence[Sequence[object]]) -> None:
        """Takes one batch. Raises FormatError where the format cannot hold a value."""

    def close(self, tell: Tell | None = None) -> Written:
        """Completes the file and says what it holds; the caller syncs and moves it.

        A format that is *deferred* does most of its work here: *tell* is then called several times
        a second with the number of rows done. Raises FormatError, or whatever *tell* raises; the
        file is removed then.
        """

    def abort(self) -> None:
        """Releases everything and removes the file; may be called twice and from any thread."""
