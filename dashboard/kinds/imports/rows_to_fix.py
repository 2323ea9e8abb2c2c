"""The rows that cannot be imported as a file of their own, to be put right and sent again."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import PurePath
from typing import Any, TypeAlias

from dashboard.formats.reading import Row
from dashboard.jobs.corrections import NAME, Corrections
from dashboard.jobs.running import Running
from dashboard.kinds.imports.added import added_to, reason_of
from dashboard.kinds.imports.findings import Fault
from dashboard.kinds.imports.params import chosen_of

Faulty: TypeAlias = tuple[Row, Sequence[Fault]]


class RowsToFix(Corrections[Faulty]):
    """Writes the rows with the columns of the person's own file.

    Values stay as they were sent, so that the file can be sent again: nothing is put before a
    formula. What an earlier check has added is left out.
    """

    def __init__(self, running: Running, stack: ExitStack, file: str, names: Sequence[str]) -> None:
        taken = {pair.number - 1 for pair in chosen_of(running.params).mapped}
        earlier = added_to(names, ()) - taken
        self._width = len(names)
        self._places = [at for at in range(self._width) if at not in earlier]
        columns = [names[at] for at in self._places]
        name = f"{PurePath(file).stem}-{NAME}"
        super().__init__(running, stack, columns, name=name, formula_safe=False)

    def cells(self, row: Faulty) -> Sequence[Any]:
        """Give what was sent, as wide as the file."""
        sent, _ = row
        cells = (*sent.cells, *[None] * (self._width - len(sent.cells)))
        return [cells[at] for at in self._places]

    def number(self, row: Faulty) -> int:
        """Give the number of the row in the file."""
        return row[0].number

    def reason(self, row: Faulty) -> str:
        """Say all that is wrong with the row."""
        return reason_of(row[1])
