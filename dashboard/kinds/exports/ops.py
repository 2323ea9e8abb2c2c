"""What a filter may ask of a column, in the words of the form."""

from collections.abc import Mapping
from typing import Final

from dashboard.sources import OPS, ColumnType
from dashboard.words import marked, told

_TEXT: Final = {
    "is": marked("is"),
    "is-not": marked("is not"),
    "contains": marked("contains"),
    "begins": marked("begins with"),
    "one-of": marked("is one of"),
    "empty": marked("is empty"),
    "not-empty": marked("is not empty"),
}
_NUMBER: Final = {**_TEXT, "from": marked("is at least"), "to": marked("is at most")}
_DAY: Final = {
    **_TEXT,
    "on": marked("is on"),
    "from": marked("is on or after"),
    "to": marked("is on or before"),
}
_TIME: Final = {**_TEXT, "from": marked("is at or after"), "to": marked("is at or before")}
_WORDS: Final[Mapping[ColumnType | None, Mapping[str, str]]] = {
    "integer": _NUMBER,
    "number": _NUMBER,
    "date": _DAY,
    "datetime": _DAY,
    "time": _TIME,
}
# How a page asks for a value of each type; all others by a text.
_CONTROLS: Final[Mapping[ColumnType | None, str]] = {
    "date": "date",
    "datetime": "date",
    "time": "time",
    "boolean": "boolean",
    "integer": "number",
    "number": "number",
}
_NAMES: Final[Mapping[ColumnType | None, str]] = {
    "text": marked("text"),
    "integer": marked("number"),
    "number": marked("number"),
    "date": marked("day"),
    "datetime": marked("day and time"),
    "time": marked("time"),
    "boolean": marked("yes or no"),
}


def ops_of(type_: ColumnType | None) -> list[tuple[str, str]]:
    """Give the ops of a column of *type_*, each with its words."""
    words = _WORDS.get(type_, _TEXT)
    return [(op, told(words[op])) for op in OPS[type_]]


def control_of(type_: ColumnType | None) -> str:
    """Give the control for a value: text, number, date, time or boolean."""
    return _CONTROLS.get(type_, "text")


def name_of(type_: ColumnType | None) -> str:
    """Give the word for *type_*; nothing where the database does not say it."""
    return told(_NAMES[type_]) if type_ else ""
