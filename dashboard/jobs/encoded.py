"""Looks into CSV that a database has written: the first rows, as values again."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Final

from dashboard.formats import Column
from dashboard.formats.csv import FORMULA_STARTS

# The standard library's reader limits the length of a field for the whole process.
FIELD: Final = re.compile(r'(?:"((?:[^"]|"")*)"|([^,\n]*))([,\n]|\Z)')


def first_rows(
    chunk: bytes, columns: Sequence[Column], limit: int, *, null: str = "", guarded: bool = True
) -> list[tuple[object, ...]]:
    """Give the first *limit* rows of *chunk*, which begins with a row and has no header.

    *null* is how a null is spelled; *guarded*: what would be a formula has a ' in front.
    """
    fields = _fields(chunk.decode(errors="replace"), null)
    found: list[tuple[object, ...]] = []
    while len(found) < limit:
        row = list(islice(fields, len(columns)))
        if len(row) < len(columns):
            break
        pairs = zip(row, columns, strict=True)
        found.append(tuple(_value(text, column, guarded) for text, column in pairs))
    return found


def _fields(text: str, null: str) -> Iterator[str | None]:
    """Give the fields of *text* one by one; a null is None."""
    position = 0
    while position < len(text):
        field = FIELD.match(text, position)
        if field is None:
            return
        quoted, plain, _ = field.groups()
        if quoted is not None:
            yield quoted.replace('""', '"')
        else:
            yield None if plain == null else plain
        position = field.end()


def _value(text: str | None, column: Column, guarded: bool) -> object:
    if not text:
        return text
    try:
        match column.type:
            case "integer":
                return int(text)
            case "number" | "money" | "percent":
                return Decimal(text)
            case "boolean":
                return {"true": True, "false": False, "1": True, "0": False}[text]
            case "datetime":
                return datetime.fromisoformat(text)
    except (ArithmeticError, KeyError, ValueError):
        return text  # The head says one type and the database gave another.
    is_guard = guarded and text[0] == "'" and len(text) > 1 and text[1] in FORMULA_STARTS
    return text[1:] if is_guard else text
