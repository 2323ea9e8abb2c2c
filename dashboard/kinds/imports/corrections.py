"""The rows that cannot be imported as a file of their own, to be put right and sent again."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any, Final

from dashboard.formats import Column, CsvWriter, Document
from dashboard.formats.reading import Row
from dashboard.jobs.manner import asker_of
from dashboard.jobs.running import Running
from dashboard.kinds.imports.added import ROW, WHY, added_to, reason_of
from dashboard.kinds.imports.findings import Fault
from dashboard.kinds.imports.params import chosen_of
from dashboard.storage import Draft
from dashboard.words import gettext as _, marked, speaking_to

NAME: Final = marked("rows to fix")


class Corrections:
    """Writes a CSV with the columns of the person's own file and two more; none without rows.

    Values stay as they were sent, so that the file can be sent again: nothing is put before a
    formula. What an earlier check has added is left out.
    """

    def __init__(self, running: Running, stack: ExitStack, file: str, names: Sequence[str]) -> None:
        self._running = running
        self._stack = stack
        self._file = f"{PurePath(file).stem}-{NAME}"
        taken = {pair.number - 1 for pair in chosen_of(running.params).mapped}
        earlier = added_to(names, ()) - taken
        self._width = len(names)
        self._places = [at for at in range(self._width) if at not in earlier]
        self._names = [names[at] for at in self._places]
        self._manner = asker_of(running.id)
        self._open: tuple[Draft, CsvWriter] | None = None
        self._rows = 0

    def add(self, rows: Sequence[tuple[Row, Sequence[Fault]]]) -> None:
        """Take *rows* that cannot be imported, each with what is wrong with it."""
        if not rows:
            return
        with speaking_to(self._manner):
            self._writer().write(
                [(*self._cells(row), str(row.number), reason_of(faults)) for row, faults in rows]
            )
        self._rows += len(rows)

    def keep(self) -> None:
        """Store the file, where there are rows."""
        if self._open is not None:
            draft, writer = self._open
            self._open = None
            writer.close()
            self._running.keep(draft, format="csv", rows=self._rows)

    def _cells(self, row: Row) -> list[Any]:
        cells = (*row.cells, *[None] * (self._width - len(row.cells)))
        return [cells[at] for at in self._places]

    def _writer(self) -> CsvWriter:
        if self._open is None:
            draft = self._stack.enter_context(self._running.draft(self._file, "csv"))
            titles = [*self._names, _(ROW), _(WHY)]
            columns = [Column(f"column {at}", title) for at, title in enumerate(titles)]
            writer = CsvWriter(draft.path, columns, self._document(), scratch=draft.scratch)
            self._stack.callback(self._abort)
            self._open = draft, writer
        return self._open[1]

    def _abort(self) -> None:
        if self._open is not None:
            self._open[1].abort()

    def _document(self) -> Document:
        now = datetime.now(UTC)
        return Document(
            title=self._running.title,
            made_by=self._running.requested_by_name,
            made_at=now,
            data_as_of=now,
            number=self._running.number,
            brand=self._running.brand,
            zone=self._running.zone,
            formula_safe=False,
        )
