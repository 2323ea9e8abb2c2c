"""What every database that may be written can do, whatever database it is."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from dashboard.sources.writing.changes import Change, Counts, Missing, Refusal, Written
from dashboard.sources.writing.ready import Making, Ready
from dashboard.sources.writing.table import TargetTable
from dashboard.sources.writing.undoing import Forgotten, Undoing

Key = tuple[object, ...]
Values = tuple[object, ...]


class Writing(Protocol):
    """One connection that writes for one run, used by one thread at a time.

    A run is one import; its chunks are numbered by whoever cuts them, always alike. The columns
    *by* tell rows apart: they are the key or another unique set of columns (QueryError where they
    are neither), and they stand among the *columns*. All methods raise SourceUnavailable where
    the database goes away or is locked, SourceTimeout where one statement takes longer than the
    limit, SourceInterrupted after interrupt(), and QueryError where the table is not (any more)
    as it was described; nothing of the chunk is then written.
    """

    def is_empty(self, table: TargetTable) -> bool:
        """Say whether the table has no row at all."""

    def present(
        self, table: TargetTable, by: Sequence[str], columns: Sequence[str], keys: Sequence[Key]
    ) -> dict[Key, Values]:
        """Give the values of *columns* for those *keys* (values of *by*) that have a row.

        They are keyed exactly as given, and the values are natural ones of Python, as a Reading
        has them: compare them by same(). A key with an empty part has no row.
        """

    def marks(self) -> dict[int, Counts]:
        """Give the chunks of this run that are done; {} where the target is not prepared."""

    def refused(self) -> list[Refusal]:
        """Give what the chunks of this run that are done have refused, by row."""

    def write(
        self,
        table: TargetTable,
        chunk: int,
        columns: Sequence[str],
        by: Sequence[str],
        changes: Sequence[Change],
        *,
        keep_before: bool = False,
        overwrite: bool = False,
    ) -> Written:
        """Write one chunk in one transaction, together with its mark.

        A chunk with a mark is not written again: it gives what came of it the first time. Rows
        that the database refuses are reported one by one, and the others are written. So is a
        row that is no longer as *before* says, unless *overwrite* is set: then a row that was
        changed is overwritten, and one that was added since is updated.

        With *by* = () all changes are new rows. *keep_before* keeps what each row was before,
        in the same transaction; the target must be prepared.
        """

    def write_ready(
        self,
        table: TargetTable,
        chunk: int,
        columns: Sequence[str],
        by: Sequence[str],
        ready: Ready,
        before: Mapping[int, Values],
        *,
        keep_before: bool = False,
        overwrite: bool = False,
    ) -> Written:
        """Write the rows of *chunk* that were made *ready* for this very table, as write() does.

        *before* are the values of those that are updated, by their rows in the file. Raises
        LookupError where nothing is ready for this chunk.
        """

    def missing(
        self,
        table: TargetTable,
        by: Sequence[str],
        columns: Sequence[str],
        keys: Iterable[Key],
        *,
        limit: int,
    ) -> Missing:
        """Count the rows that delete_missing would delete, and give *limit* of them at most.

        With at_once and without commit() it leaves nothing behind. Raises QueryError for no keys.
        """

    def delete_missing(
        self,
        table: TargetTable,
        chunk: int,
        by: Sequence[str],
        keys: Iterable[Key],
        *,
        keep_before: bool = False,
        expect: int | None = None,
    ) -> Written:
        """Delete, in one transaction with its mark, the rows whose key is not one of *keys*.

        Rows with an empty part in their key stay. Where the database refuses to delete one row,
        none is deleted, and QueryError says why; so it does where there are no keys at all, and
        where other than the number to *expect* would be deleted.
        """

    def commit(self) -> None:
        """With at_once: make all that was written last. Without, there is nothing left to do."""

    def interrupt(self) -> None:
        """End the statement in progress, and every later one; any thread may call it."""


class Target(Protocol):
    """A database that imports write to."""

    @property
    def name(self) -> str:
        """The operator's name for it, which is that of its source, such as "shop"."""

    @property
    def dialect(self) -> str:
        """The database's own language: "sqlite" or "postgresql"."""

    def prepare(self) -> None:
        """Make the tables for marks and before-images, where they are not there yet.

        Raises SourceError where the role may not.
        """

    def is_prepared(self) -> bool:
        """Say whether the tables for marks and before-images are there and may be written."""

    def tables(self) -> list[TargetTable]:
        """Give the tables that the role may write, by name."""

    def table(self, name: str) -> TargetTable | None:
        """Give the table that tables() calls *name*; None where there is none (now)."""

    def warnings(self) -> list[str]:
        """Give a sentence for each thing that an administrator should know or change.

        Raises SourceError where the target cannot be reached at all.
        """

    def writing(
        self,
        run: str,
        *,
        timeout: float = 300.0,
        read_only: bool = False,
        at_once: bool = False,
    ) -> AbstractContextManager[Writing]:
        """Open a connection for *run*; *timeout* is for one statement, in seconds.

        With *read_only* it is one snapshot, and nothing can be written. With *at_once* one
        transaction is around all chunks: without commit() nothing of them stays. A target that
        is not prepared can be written in no other way (QueryError).
        """

    def making(self, path: Path, columns: Sequence[str]) -> AbstractContextManager[Making | None]:
        """Make rows ready in the new file *path* with values of these *columns*.

        Ready.open() gives them once the block has ended. None where rows are written only as
        they are brought.
        """

    def undoing(
        self,
        run: str,
        imported: str,
        table: TargetTable,
        *,
        timeout: float = 300.0,
        read_only: bool = False,
    ) -> AbstractContextManager[Undoing]:
        """Open a connection that takes back what the run *imported* wrote into *table*.

        *run* is that of the undo itself; *timeout* is for one statement, in seconds. Raises
        QueryError where the target is not prepared.
        """

    def forget(
        self, before: datetime, *, keep: Collection[str], busy: Collection[str], limit: int
    ) -> Forgotten:
        """Forget the runs that have written nothing since the moment *before*.

        The marks of the runs *keep* stay, for they may still go on; their images do not. Of the
        runs *busy*, which are going on or are being taken back, everything stays. It stops behind
        about *limit* rows. Where the target is not prepared there is nothing to do. Raises
        SourceError.
        """

    def dispose(self) -> None:
        """Release what the target keeps; needed after a fork and harmless otherwise."""
