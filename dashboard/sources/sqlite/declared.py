"""The types that a SQLite file declares, and the values that they promise.

SQLite itself knows no dates and no booleans: they are texts and numbers in columns that say so.
A value that does not keep its column's promise is left as it is.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Final

from dashboard.sources.source import ColumnType

# The first that is found in a declaration counts, as with SQLite's own affinities.
_WORDS: Final[Sequence[tuple[str, ColumnType]]] = (
    ("BOOL", "boolean"),
    ("DATETIME", "datetime"),
    ("TIMESTAMP", "datetime"),
    ("DATE", "date"),
    ("TIME", "time"),
    ("INT", "integer"),
    ("CHAR", "text"),
    ("CLOB", "text"),
    ("TEXT", "text"),
    ("REAL", "number"),
    ("FLOA", "number"),
    ("DOUB", "number"),
    ("DEC", "number"),
    ("NUM", "number"),
)


def type_of(declaration: str) -> ColumnType | None:
    """Give the type that a column's *declaration* means, such as NUMERIC(10,2)."""
    upper = declaration.upper()
    return next((type_ for word, type_ in _WORDS if word in upper), None)


def read(
    rows: Sequence[tuple[object, ...]], types: Sequence[ColumnType | None]
) -> list[Sequence[object]]:
    """Give the columns of *rows*, with dates, times and booleans where they are declared."""
    columns: list[Sequence[object]] = list(zip(*rows, strict=True))
    for place, type_ in enumerate(types):
        if type_ in _READERS:
            columns[place] = list(map(_READERS[type_], columns[place]))
    return columns


def read_for_csv(
    rows: Sequence[tuple[object, ...]], types: Sequence[ColumnType | None]
) -> list[Sequence[object]]:
    """Give what read() gives, but leave texts alone that CSV spells as they are."""
    columns: list[Sequence[object]] = list(zip(*rows, strict=True))
    for place, type_ in enumerate(types):
        if type_ in _READERS and not _is_spelled(columns[place], type_):
            columns[place] = list(map(_READERS[type_], columns[place]))
    return columns


def _is_spelled(values: Sequence[object], type_: ColumnType | None) -> bool:
    """Say whether each value that can be read would be spelled exactly as it stands there."""
    if type_ == "date":
        return True
    texts = [value for value in values if type(value) is str] if None in values else values
    try:
        joined = "".join(texts)  # type: ignore[arg-type]  # What is no text raises TypeError.
    except TypeError:
        return False
    lengths = set(map(len, texts))  # type: ignore[arg-type]  # They are texts, as join has shown.
    if type_ == "datetime":
        # No T, no zone, and a fraction of six digits that are not all zero.
        return (
            lengths <= {len("2026-10-31 14:05:09"), len("2026-10-31 14:05:09.123456")}
            and joined.count("-") == 2 * len(texts)
            and not any(mark in joined for mark in ("T", "Z", "+", ",", ".000000"))
        )
    return type_ == "time" and lengths <= {len("14:05:09")}


def _date(value: object) -> object:
    """Read 2026-10-31."""
    if type(value) is str and len(value) == 10 and value[4] == value[7] == "-":
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


def _datetime(value: object) -> object:
    """Read 2026-10-31 14:05:09, perhaps with T, a fraction or a zone."""
    if (
        type(value) is str
        and len(value) >= 19
        and value[4] == value[7] == "-"
        and value[10] in " T"
        and value[13] == value[16] == ":"
    ):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return value
    return value


def _time(value: object) -> object:
    """Read 14:05:09, perhaps with a fraction."""
    if type(value) is str and len(value) >= 8 and value[2] == value[5] == ":":
        try:
            return time.fromisoformat(value)
        except ValueError:
            return value
    return value


def _boolean(value: object) -> object:
    """Read 0 and 1."""
    return _BOOLEANS.get(value, value)


_BOOLEANS: Final[Mapping[object, object]] = {0: False, 1: True}

_READERS: Final[Mapping[ColumnType | None, Callable[[object], object]]] = {
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
}
