"""Rows that were checked, as lines for COPY."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from dashboard.sources.spelling import SPELLERS
from dashboard.sources.writing.changes import Change
from dashboard.sources.writing.ready import Ready, ReadyColumn, ReadyFile
from dashboard.sources.writing.target import Values

NULL: Final = "\\N"
SPECIAL: Final = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
"""Characters with a meaning to COPY, the backslash first, and how they are written."""

_LINES: Final = "CREATE TABLE lines (chunk INTEGER PRIMARY KEY, lines BLOB NOT NULL)"


class Lines(ReadyFile):
    """Keeps the rows of each chunk as one block of lines, as Staging takes them.

    A line has the place in the chunk, the way (0 for an update, 1), the row of the file, and the
    values.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, tables=_LINES)

    def add(
        self,
        chunk: int,
        numbers: Sequence[int],
        columns: Sequence[ReadyColumn],
        updates: Sequence[bool] | None,
    ) -> None:
        if not self.is_whole:
            return
        ways = ("0" if update else "1" for update in updates) if updates else ["1"] * len(numbers)
        texts = [_texts(column) for column in columns]
        places = map(str, range(len(numbers)))
        rows = zip(places, ways, map(str, numbers), *texts, strict=True)
        try:
            block = ("\n".join(map("\t".join, rows)) + "\n").encode()
        except UnicodeEncodeError:
            self.is_whole = False
            return
        self.keep(chunk, numbers, columns, updates, plain=True)
        self.connection.execute("INSERT INTO lines VALUES (?, ?)", (chunk, block))


def lines_of(ready: Ready, chunk: int) -> bytes:
    """Give the lines of *chunk*. Raises LookupError where there are none."""
    row = ready.connection.execute("SELECT lines FROM lines WHERE chunk = ?", (chunk,)).fetchone()
    if row is None:
        raise LookupError(chunk)
    lines: bytes = row[0]
    return lines


def changes_of(lines: bytes, before: Mapping[int, Values]) -> list[Change]:
    """Give the rows in *lines* with values as texts, which COPY takes as well.

    *before* is what those that are in the table already were, by their rows in the file.
    """
    found = []
    for line in lines.decode().split("\n")[:-1]:
        _, _, number, *fields = line.split("\t")
        values = tuple(map(_plain, fields))
        found.append(Change(int(number), values, before.get(int(number))))
    return found


def _texts(column: ReadyColumn) -> Iterable[str]:
    """Give the values of one column as fields of COPY: all of them are looked at at once."""
    given = column.values if column.spelled is None else column.spelled
    if column.is_filled:
        return _filled(given, column)
    filled = iter(_filled([value for value in given if value is not None], column))
    return [NULL if value is None else next(filled) for value in given]


def _filled(values: Sequence[Any], column: ReadyColumn) -> Iterable[str]:
    if column.spelled is not None and not column.is_text:
        return values
    kinds = {str} if column.is_text else set(map(type, values))
    if kinds <= {str}:
        return _escaped_texts(values)
    if kinds == {bool}:
        return ["t" if value else "f" for value in values]
    return [_escaped(SPELLERS.get(type(value), str)(value)) for value in values]


def _escaped_texts(texts: Sequence[str]) -> Sequence[str]:
    joined = "\0".join(texts)
    found = [character for character in SPECIAL if character in joined]
    if not found:
        return texts
    for character in found:
        joined = joined.replace(character, SPECIAL[character])
    fields = joined.split("\0")
    return fields if len(fields) == len(texts) else list(map(_escaped, texts))


def _escaped(text: str) -> str:
    for character, escaped in SPECIAL.items():
        text = text.replace(character, escaped)
    return text


def _plain(field: str) -> str | None:
    if field == NULL:
        return None
    if "\\" not in field:
        return field
    return "\\".join(
        part.replace("\\t", "\t").replace("\\n", "\n").replace("\\r", "\r")
        for part in field.split("\\\\")
    )
