"""Rows that were checked, as lines for COPY."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dashboard.sources.spelling import SPELLERS
from dashboard.sources.writing.changes import Change
from dashboard.sources.writing.ready import Ready, ReadyColumn, ReadyFile
from dashboard.sources.writing.target import Values

NULL: Final = "\\N"
SPECIAL: Final = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
"""Characters with a meaning to COPY, the backslash first, and how they are written."""

_BLOCKS: Final = (
    "CREATE TABLE blocks (chunk INTEGER PRIMARY KEY, heads BLOB NOT NULL, lines BLOB NOT NULL)"
)


@dataclass(frozen=True)
class Block:
    """The rows of a chunk: *lines* of their values, and for each its head.

    A head has the place in the chunk, the way (0 for an update, 1), and the row of the file.
    """

    heads: bytes
    lines: bytes

    def staged(self) -> bytes:
        """Give the rows as Staging takes them: head and values in one line."""
        return b"".join(
            map(
                b"%b\t%b".__mod__,
                zip(self.heads.split(b"\n"), self.lines.splitlines(keepends=True), strict=True),
            )
        )

    def changes(self, before: Mapping[int, Values]) -> list[Change]:
        """Give the rows with values as texts, which COPY takes as well.

        *before* is what those that are in the table already were, by their rows in the file.
        """
        found = []
        lines = self.lines.decode().split("\n")[:-1]
        for head, line in zip(self.heads.decode().split("\n"), lines, strict=True):
            number = int(head.rpartition("\t")[2])
            values = tuple(map(_plain, line.split("\t")))
            found.append(Change(number, values, before.get(number)))
        return found


class Lines(ReadyFile):
    """Keeps the rows of each chunk as one Block."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, tables=_BLOCKS)

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
        heads = "\n".join(map("\t".join, zip(places, ways, map(str, numbers), strict=True)))
        try:
            lines = ("\n".join(map("\t".join, zip(*texts, strict=True))) + "\n").encode()
        except UnicodeEncodeError:
            self.is_whole = False
            return
        self.keep(chunk, numbers, columns, updates, plain=True)
        self.connection.execute(
            "INSERT INTO blocks VALUES (?, ?, ?)", (chunk, heads.encode(), lines)
        )


def block_of(ready: Ready, chunk: int) -> Block:
    """Give the rows of *chunk*. Raises LookupError where there are none."""
    asking = "SELECT heads, lines FROM blocks WHERE chunk = ?"
    row = ready.connection.execute(asking, (chunk,)).fetchone()
    if row is None:
        raise LookupError(chunk)
    return Block(*row)


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
