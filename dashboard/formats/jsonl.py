"""JSON lines: one object a row, in UTF-8; numbers stay numbers, exactly as they are."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from dashboard.formats.batch import check_count, encoded, turned
from dashboard.formats.jsonl_values import JsonlColumn, quoted
from dashboard.formats.remarks import Remarks
from dashboard.formats.spelling import whole
from dashboard.formats.table import Column, Document, Written
from dashboard.formats.writer import Stopped, Tell


class JsonlWriter:
    """Writes JSON lines; without rows the file is empty."""

    def __init__(
        self, path: Path, columns: Sequence[Column], document: Document, *, scratch: Path
    ) -> None:
        self._path = path
        self._columns = columns
        self._document = document
        self._remarks = Remarks()
        self._rows = 0
        self._keys = [quoted(whole(column.name)).replace("%", "%%") for column in columns]
        self._values = [JsonlColumn(column, self._remarks) for column in columns]
        self._file = path.open("wb")

    def write(self, rows: Sequence[Sequence[object]]) -> None:
        if not rows:
            return
        columns = turned(rows, self._columns, self._rows)
        places = []
        values = []
        for key, column, given in zip(self._keys, self._values, columns, strict=True):
            place, texts = column.texts(given)
            places.append(f"{key}:{place}")
            values.append(texts)
        # One format for all rows of a batch is several times faster than joining each row's parts.
        line = "{" + ",".join(places) + "}\n"
        text = "".join(map(line.__mod__, zip(*values, strict=True)))
        self._send(encoded(text, columns, self._columns, self._remarks))
        self._rows += len(rows)

    def close(self, tell: Tell | None = None) -> Written:
        try:
            check_count(self._rows, self._document.rows)
            self._file.close()
        except BaseException:
            self.abort()
            raise
        return Written(self._rows, warnings=self._remarks.sentences())

    def abort(self) -> None:
        # Closing flushes, which fails on a full disk; the file goes in any case.
        with suppress(OSError):
            self._file.close()
        self._path.unlink(missing_ok=True)

    def _send(self, data: bytes) -> None:
        try:
            self._file.write(data)
        except ValueError as error:
            raise Stopped from error  # Only abort() closes the file before the end.
