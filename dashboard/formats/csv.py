"""CSV as RFC 4180 has it, in the dialect of PostgreSQL's COPY: LF, and no text looks like null.

Standard csv.writer cannot tell null from empty text and leaves a lone CR unquoted on Python 3.11;
joining whole columns is as fast and says both.
"""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from types import NoneType
from uuid import UUID

from dashboard.formats.batch import check_count, encoded, turned
from dashboard.formats.remarks import Remarks
from dashboard.formats.spelling import SPELLERS
from dashboard.formats.table import Column, Document, Written
from dashboard.formats.writer import Stopped, Tell

BOM = b"\xef\xbb\xbf"

# A spreadsheet program takes a text that begins with one of these for a formula.
FORMULA_STARTS = frozenset("=+-@\t\r")

# Values of these classes are spelled without any character that needs quotes or a guard.
QUIET = frozenset({bool, int, float, Decimal, datetime, date, time, UUID, bytes})

# Parts texts that are searched together; a text that holds it is only looked at more closely.
PART = "\x1f"
_starts_formula = re.compile(PART + r"[=+\-@\t\r]").search
_needs_quotes = re.compile('[",\n\r]').search


class CsvWriter:
    """Writes CSV."""

    def __init__(
        self, path: Path, columns: Sequence[Column], document: Document, *, scratch: Path
    ) -> None:
        self._path = path
        self._columns = columns
        self._document = document
        self._remarks = Remarks()
        self._rows = 0
        self._guard = document.formula_safe
        self._null = document.null
        self._file = path.open("wb")
        if document.csv_bom:
            self._send(BOM)
        self._put([[column.label for column in columns]])

    def write(self, rows: Sequence[Sequence[object]]) -> None:
        if rows:
            self._put(rows)
            self._rows += len(rows)

    def write_encoded(self, chunk: bytes, rows: int) -> None:
        """Takes *rows* whole rows that a database has already written in this very dialect."""
        self._send(chunk)
        self._rows += rows

    def close(self, tell: Tell | None = None) -> Written:
        try:
            check_count(self._rows, self._document.rows)
            self._end()
        except BaseException:
            self.abort()
            raise
        return Written(self._rows, warnings=self._remarks.sentences())

    def abort(self) -> None:
        # Closing flushes, which fails on a full disk; the file goes in any case.
        with suppress(OSError):
            self._file.close()
        self._path.unlink(missing_ok=True)

    def _put(self, rows: Sequence[Sequence[object]]) -> None:
        columns = turned(rows, self._columns, self._rows)
        text = lines(columns, guard=self._guard, null=self._null)
        self._send(encoded(text, columns, self._columns, self._remarks))

    def _send(self, data: bytes) -> None:
        try:
            self._file.write(data)
        except ValueError as error:
            raise Stopped from error  # Only abort() closes the file before the end.

    def _end(self) -> None:
        self._file.close()


def lines(columns: Sequence[Sequence[object]], *, guard: bool, null: str) -> str:
    """Gives the lines of a batch whose values come column by column."""
    fields = [_fields(values, guard, null) for values in columns]
    if len(fields) == 1:
        # Alone on its line, \. would end the data for PostgreSQL's COPY, which so quotes it.
        fields = [['"\\."' if field == "\\." else field for field in fields[0]]]
    return "\n".join(map(",".join, zip(*fields, strict=True))) + "\n"


def _fields(values: Sequence[object], guard: bool, null: str) -> Iterable[str]:
    """Gives the fields of one column, quoted and guarded where they need it."""
    kinds = set(map(type, values))
    nulls = NoneType in kinds
    kinds.discard(NoneType)
    if len(kinds) == 1:
        (kind,) = kinds
        if kind in QUIET:
            spell = SPELLERS[kind]
            if nulls:
                return [null if value is None else spell(value) for value in values]
            return map(spell, values)
        if kind is str:
            return _texts(values, nulls, guard, null)  # type: ignore[arg-type]  # kinds proved it
    return [_field(value, guard, null) for value in values]


def _texts(values: Sequence[str | None], nulls: bool, guard: bool, null: str) -> Iterable[str]:
    """Gives the fields of a column of texts, looking at each one only where any needs it."""
    texts = [text for text in values if text is not None] if nulls else values
    joined = f"{PART}{PART.join(texts)}{PART}"  # type: ignore[arg-type]  # nulls are left out
    if guard and _starts_formula(joined):
        return [_field(text, guard, null) for text in values]
    if (
        f"{PART}{null}{PART}" in joined
        or '"' in joined
        or "," in joined
        or "\n" in joined
        or "\r" in joined
    ):
        return [null if text is None else _quoted(text, null) for text in values]
    if nulls:
        return [null if text is None else text for text in values]
    return values  # type: ignore[return-value]  # there are no nulls


def _field(value: object, guard: bool, null: str) -> str:
    if value is None:
        return null
    kind = type(value)
    text = SPELLERS[kind](value)
    if kind in QUIET:
        return text
    if guard and text[:1] in FORMULA_STARTS:
        text = "'" + text
    return _quoted(text, null)


def _quoted(text: str, null: str) -> str:
    if text == null or _needs_quotes(text):
        return '"' + text.replace('"', '""') + '"'
    return text
