"""The rows that somebody has to fix, as a file of their own."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, Final, Generic, TypeVar

from dashboard.formats import Column, CsvWriter
from dashboard.jobs.document import document_of
from dashboard.jobs.manner import asker_of
from dashboard.jobs.running import Running
from dashboard.storage import Draft
from dashboard.words import gettext as _, marked, speaking_to

Each = TypeVar("Each")

NAME: Final = marked("rows to fix")
ROW: Final = marked("Row")
WHY: Final = marked("What to fix")


class Corrections(ABC, Generic[Each]):
    """Writes a CSV with the columns that a kind of job names and two more; none without rows.

    The two are the number of the row and what is wrong with it, in the words of whoever asked for
    the job. *stack* removes the file when the work fails.
    """

    def __init__(
        self,
        running: Running,
        stack: ExitStack,
        columns: Sequence[str],
        *,
        name: str = NAME,
        formula_safe: bool = True,
    ) -> None:
        self._running = running
        self._stack = stack
        self._columns = columns
        self._name = name
        self._formula_safe = formula_safe
        self._manner = asker_of(running.id)
        self._open: tuple[Draft, CsvWriter] | None = None
        self._rows = 0

    @abstractmethod
    def cells(self, row: Each) -> Sequence[Any]:
        """Give the values of *row*, one for each column."""

    @abstractmethod
    def number(self, row: Each) -> int:
        """Give the number of *row* in what was sent."""

    @abstractmethod
    def reason(self, row: Each) -> str:
        """Say what is wrong with *row*."""

    def add(self, rows: Sequence[Each]) -> None:
        """Take *rows* that are to be fixed. Raises FormatError."""
        if not rows:
            return
        with speaking_to(self._manner):
            self._writer().write(
                [(*self.cells(row), str(self.number(row)), self.reason(row)) for row in rows]
            )
        self._rows += len(rows)

    def keep(self) -> None:
        """Store the file, where there are rows. Raises StorageError."""
        if self._open is not None:
            draft, writer = self._open
            self._open = None
            writer.close()
            self._running.keep(draft, format="csv", rows=self._rows)

    def _writer(self) -> CsvWriter:
        if self._open is None:
            draft = self._stack.enter_context(self._running.draft(self._name, "csv"))
            titles = [*self._columns, _(ROW), _(WHY)]
            columns = [Column(f"column {at}", title) for at, title in enumerate(titles)]
            document = replace(document_of(self._running), formula_safe=self._formula_safe)
            writer = CsvWriter(draft.path, columns, document, scratch=draft.scratch)
            self._stack.callback(self._abort)
            self._open = draft, writer
        return self._open[1]

    def _abort(self) -> None:
        if self._open is not None:
            self._open[1].abort()
