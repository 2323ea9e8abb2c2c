"""Which of SQLite's errors are about the row, and what they mean for staff."""

import re
import sqlite3
from collections.abc import Mapping
from typing import Final

from dashboard.sources.writing import refusals

ROW_CODES: Final = frozenset(
    {sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG}
)

TRIGGER: Final = "SQLITE_CONSTRAINT_TRIGGER"
FOREIGN_KEY: Final = "SQLITE_CONSTRAINT_FOREIGNKEY"
UNIQUE: Final = frozenset(
    {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_ROWID"}
)

_SENTENCES: Final[Mapping[str, str]] = {
    "SQLITE_CONSTRAINT_NOTNULL": refusals.EMPTY,
    "SQLITE_MISMATCH": refusals.NOT_TAKEN,
    "SQLITE_TOOBIG": refusals.TOO_LONG,
    FOREIGN_KEY: refusals.POINTS_NOWHERE,
}

_column = re.compile(r"[^.]+\.(.+)")
_typed = re.compile(r"cannot store \w+ value in \w+ column [^.]+\.(.+)")


class LeftOut(Exception):
    """A trigger took the row without a complaint, but did not write it."""


Refusing = sqlite3.Error | UnicodeEncodeError | OverflowError | LeftOut


def is_about_row(error: Refusing) -> bool:
    """Say whether other rows could be written where *error* came up."""
    if not isinstance(error, sqlite3.Error):
        return True
    code: int = getattr(error, "sqlite_errorcode", None) or 0
    return code & 0xFF in ROW_CODES or isinstance(error, sqlite3.DataError)


def name_of(error: Refusing) -> str:
    """Give SQLite's own name for *error*; "" where it has none."""
    return getattr(error, "sqlite_errorname", None) or ""


def told(error: Refusing) -> tuple[str, str]:
    """Give the column ("" for none in particular) and the sentence for *error* of one row."""
    match error:
        case LeftOut():
            return "", refusals.LEFT_OUT
        case OverflowError():
            return "", refusals.OUT_OF_RANGE
        case UnicodeEncodeError():
            return "", refusals.CHARACTERS
    name, message = name_of(error), str(error)
    if name == TRIGGER:
        # What a trigger raises is written for those who enter the data.
        return "", message or refusals.BROKEN_RULE
    if typed := _typed.fullmatch(message):
        return typed[1], refusals.NOT_TAKEN
    _, _, what = message.partition("failed: ")
    if name == "SQLITE_CONSTRAINT_CHECK":
        return "", refusals.broken(what)
    columns = [found[1] for part in what.split(", ") if (found := _column.fullmatch(part))]
    column = columns[0] if len(columns) == 1 else ""
    if name in UNIQUE:
        return column, refusals.TWICE if column else refusals.TWICE_TOGETHER
    return column, _SENTENCES.get(name, refusals.NOT_TAKEN)
