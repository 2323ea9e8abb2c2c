"""A sheet as it was sent, with its wrong cells in red and one more column."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Final

from dashboard.formats.marking.mark import Added, Mark, Marks
from dashboard.formats.marking.sheet import Frame, SheetFile
from dashboard.formats.reading import Cell, FileManner, Row, reading

BATCH: Final = 1000  # rows
LEAST_WIDTH: Final = 8  # characters
MOST_WIDTH: Final = 60


def marked_xlsx(
    path: Path, manner: FileManner, into: Path, marks: Iterator[Mark], added: Added
) -> Generator[int, None, None]:
    """Writes a workbook with the sheet that *manner* names to *into*; gives how many rows are done.

    Wrong cells are red, and each row keeps its number. Of formulas there are the values, as in what
    was checked. Raises Unreadable, and FormatError for what no workbook holds.
    """
    known = Marks(marks)
    with reading(path, replace(manner, header=False), batch=BATCH) as file:
        first = next(file.batches, [])
        head = first[0] if manner.header and first else None
        frame = Frame(manner.sheet, head.number if head else 0, _widths(first, added))
        done = 0
        with closing(SheetFile(into, frame)) as sheet:
            if head is not None:
                sheet.write(head.number, _with(head.cells, added, added.titles[0]))
                first = first[1:]
            for rows in chain([first], file.batches):
                for row in rows:
                    _write(sheet, row, known.of(row.number), added)
                done += len(rows)
                yield done
            sheet.finish()
    yield done


def _write(sheet: SheetFile, row: Row, mark: Mark | None, added: Added) -> None:
    if mark is None:
        sheet.write(row.number, _with(row.cells, added, None))
        return
    # No column of the file moves: a new one comes behind them all.
    bad = {*mark.places, added.place}
    sheet.write(row.number, _with(row.cells, added, mark.reasons[0]), bad)


def _with(cells: tuple[Cell, ...], added: Added, said: str | None) -> Sequence[Cell]:
    """Gives *cells* with what is *said* of them in the column."""
    place = added.place
    before = (*cells[:place], *[None] * (place - len(cells)))
    return (*before, said, *cells[place + added.is_there :])


def _widths(rows: Sequence[Row], added: Added) -> list[int]:
    """Gives the widths of the columns in characters, by the longest cell of the first rows."""
    lines = [_with(row.cells, added, None) for row in rows]
    widths = [0] * max(map(len, lines), default=added.place + 1)
    for line in lines:
        for at, cell in enumerate(line):
            widths[at] = max(widths[at], len(str(cell)) if cell is not None else 0)
    widths[added.place] = MOST_WIDTH
    return [min(max(width + 2, LEAST_WIDTH), MOST_WIDTH) for width in widths]
