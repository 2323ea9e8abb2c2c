"""What an import did to each row, how the row is now, and how that is taken back."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple, Protocol

from dashboard.sources.writing.changes import Written

Outlook = Literal["remove", "restore", "changed", "gone", "already"]
"""What undoing would do to a row: take it out, give it back what it was, or, where somebody else
has changed it, or deleted it, since the import, leave it; "already" is as before by itself."""

OUTLOOKS: Final[tuple[Outlook, ...]] = ("remove", "restore", "changed", "gone", "already")

Image = Mapping[str, Any]
"""A row by the names of its columns, with values as JSON has them."""


class Seen(NamedTuple):
    """One row that an import wrote: before it, after it and now; None where there is none.

    *row* is its number in the file, None for one that was deleted because it was missing there.
    *key* tells it from the others of its *chunk*.
    """

    chunk: int
    row: int | None
    key: str
    outlook: Outlook
    before: Image | None
    after: Image | None
    now: Image | None


class Forgotten(NamedTuple):
    """How many images and marks were forgotten, and whether there are *more* of them."""

    images: int = 0
    marks: int = 0
    more: bool = False


class Undoing(Protocol):
    """One connection that takes back what one import wrote into one table.

    The undo is a run of its own with marks of its own, one for each chunk of the import. Methods
    raise as those of Writing do; QueryError also where the table has no key (any more) by which
    its rows could be found again.
    """

    def chunks(self) -> list[int]:
        """Give the chunks of the import of which something is kept, the last one first.

        In this order rows that point to others of the import go before those.
        """

    def kept(self) -> int:
        """Give how many rows are kept as they were before."""

    def look(self) -> Iterator[list[Seen]]:
        """Give all rows in batches, as one snapshot; read-only."""

    def marks(self) -> dict[int, Written]:
        """Give what came of the chunks that this undo is done with."""

    def undo(
        self, chunk: int, *, keys: Collection[str] | None = None, overwrite: bool = False
    ) -> Written:
        """Take back one chunk in one transaction, together with the undo's own mark.

        Of *keys* only, where they are given. Rows that somebody else has changed or deleted since
        the import are left, unless *overwrite* is set: then they become what they were before it.
        A chunk with a mark is not taken back again: it gives what came of it the first time.
        What the database refuses is reported row by row (0 where the file has no such row), and
        the others are taken back. The counts are of what the undo itself has inserted, updated,
        deleted.
        """

    def interrupt(self) -> None:
        """End the statement in progress, and every later one; any thread may call it."""
