"""The rows of one sheet of a workbook."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from dashboard.formats.reading.archive import DAMAGED, Archive, damaged
from dashboard.formats.reading.manner import FileManner
from dashboard.formats.reading.row import Row
from dashboard.formats.reading.shared_strings import SharedStrings
from dashboard.formats.reading.sheet import Sheet
from dashboard.formats.reading.unreadable import Unreadable
from dashboard.formats.reading.workbook import Workbook, workbook_of
from dashboard.words import gettext


class XlsxRows:
    """The rows of the sheet that *manner* names, else of the first that is visible.

    Raises Unreadable.
    """

    encoding = delimiter = ""

    def __init__(self, path: Path, manner: FileManner) -> None:
        self._archive = Archive(path)
        self._strings: SharedStrings | None = None
        try:
            self._open(manner.sheet)
        except DAMAGED as error:
            self.close()
            raise damaged() from error
        except BaseException:
            self.close()
            raise

    def take(self, rows: int) -> list[Row]:
        """Gives the next rows, *rows* at most; none at the end."""
        try:
            return list(islice(self._rows, rows))
        except DAMAGED as error:
            raise damaged() from error

    def position(self) -> float:
        return min(1.0, self._part.read / self._part.size) if self._part.size else 1.0

    def close(self) -> None:
        if self._strings:
            self._strings.close()
        self._archive.close()

    def _open(self, sheet: str) -> None:
        workbook = workbook_of(self._archive)
        self.sheets = tuple(workbook.sheets)
        if not self.sheets:
            raise Unreadable(gettext("This workbook has no sheet with cells."))
        if sheet and sheet not in workbook.sheets:
            raise Unreadable(gettext("This workbook has no sheet %(sheet)s.", sheet=sheet))
        self.sheet = sheet or self.sheets[0]
        self._part = self._archive.part(workbook.sheets[self.sheet])
        self._strings = self._shared(workbook)
        reader = Sheet(self._strings, workbook.temporals, from_1904=workbook.from_1904)
        self._rows: Iterator[Row] = reader.rows(self._part.chunks())

    def _shared(self, workbook: Workbook) -> SharedStrings:
        chunks = self._archive.part(workbook.strings).chunks() if workbook.strings else ()
        return SharedStrings(chunks)
