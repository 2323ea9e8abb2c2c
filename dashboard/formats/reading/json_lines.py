"""The rows of a file of JSON lines, each an object."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

from dashboard.formats.reading.limits import MOST_BATCH, MOST_COLUMNS, MOST_ROW, SAMPLE_ROWS
from dashboard.formats.reading.row import Cell, Row
from dashboard.formats.reading.unreadable import Unreadable
from dashboard.words import gettext

_read: Final = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str).decode


class JsonLines:
    """A file whose rows are being read: *batches* gives them, once.

    *columns* are the keys of the first rows, in the order in which they come. Numbers are texts as
    they stand there, and what is no single value is a text of JSON.
    """

    def __init__(self, file: BinaryIO, size: int, *, batch: int) -> None:
        self._size = size
        self._read = 0
        found = self._objects(file)
        sample = list(islice(found, SAMPLE_ROWS))
        self.columns = tuple(dict.fromkeys(key for _, each in sample for key in each))
        if len(self.columns) > MOST_COLUMNS:
            raise Unreadable(gettext("This file has too many columns."))
        self.batches = self._batches(iter(sample), found, batch)

    def position(self) -> float:
        """Gives how much of the file is read, 0 to 1."""
        return self._read / self._size if self._size else 1.0

    def _objects(self, file: BinaryIO) -> Iterator[tuple[int, dict[str, Any]]]:
        number = 0
        while line := file.readline(MOST_ROW + 1):
            number += 1
            self._read += len(line)
            if not line.strip():
                continue
            try:
                found = _read(line.decode("utf-8-sig"))
            except (ValueError, RecursionError):
                found = None
            if len(line) > MOST_ROW or not isinstance(found, dict):
                raise Unreadable(gettext("Row %(row)s is no JSON object.", row=number))
            yield number, found

    def _batches(
        self,
        sample: Iterator[tuple[int, dict[str, Any]]],
        others: Iterator[tuple[int, dict[str, Any]]],
        batch: int,
    ) -> Iterator[list[Row]]:
        for source in (sample, others):
            start, rows = self._read, list[Row]()
            for number, each in source:
                rows.append(Row(number, tuple(_cell(each.get(key)) for key in self.columns)))
                if len(rows) == batch or self._read - start > MOST_BATCH:
                    yield rows
                    start, rows = self._read, []
            if rows:
                yield rows


@contextmanager
def json_lines(path: Path, *, batch: int = 1000) -> Iterator[JsonLines]:
    """Opens the file at *path*; batches have *batch* rows at most. Raises Unreadable."""
    with path.open("rb") as file:
        yield JsonLines(file, path.stat().st_size, batch=batch)


def _cell(value: Any) -> Cell:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return value  # type: ignore[no-any-return]  # A text, true, false or nothing.
