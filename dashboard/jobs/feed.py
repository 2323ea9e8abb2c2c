"""Rows on their way from a source: read once, for every file, for the page and for the bar."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dashboard.formats.first_rows import FIRST_ROWS
from dashboard.jobs.bar import Bar
from dashboard.jobs.encoded import first_rows
from dashboard.jobs.outputs import Outputs
from dashboard.jobs.reconciliation import reconciliation
from dashboard.jobs.seen import Seen


@dataclass(frozen=True)
class Feed:
    """Where the rows of one run go."""

    outputs: Outputs
    seen: Seen
    bar: Bar

    def take(self, rows: Sequence[Sequence[object]]) -> None:
        """Take a batch of rows. Raises FormatError or Stop."""
        if rows:
            self.outputs.write(rows)
            self.seen.add(rows)
        self.bar.read(self.seen.rows)

    def take_encoded(
        self, chunks: Iterable[tuple[bytes, int]], *, null: str = "", guarded: bool = True
    ) -> None:
        """Take CSV as the database itself writes it; its first rows are shown on the page.

        *null* and *guarded* say how it was asked to spell nulls and formulas. Raises Stop.
        """
        for chunk, rows in chunks:
            self.outputs.write_encoded(chunk, rows)
            begin = not self.seen.rows
            columns = self.seen.columns
            first = (
                first_rows(chunk, columns, FIRST_ROWS, null=null, guarded=guarded) if begin else []
            )
            self.seen.pass_over(rows, first)
            self.bar.read(self.seen.rows)

    def finish(self, as_of: datetime, counted: int | None) -> dict[str, Any]:
        """Make the files that wait for all rows, and store all; gives the result of the job.

        The rows are those of *as_of*; *counted* is how many there were said to be beforehand.
        Raises FormatError, StorageError or Stop.
        """
        written = self.outputs.close(self.seen.rows, self.bar.write)
        self.bar.store()
        self.outputs.keep(written)
        return {
            **self.seen.as_json(),
            "data_as_of": as_of.isoformat(),
            "reconciliation": reconciliation(counted, self.seen.rows, self.outputs.beside(written)),
        }
