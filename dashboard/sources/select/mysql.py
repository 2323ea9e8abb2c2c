"""Filters as MySQL and MariaDB need them, whose texts ignore case, accents and final blanks."""

from decimal import Decimal
from typing import Final

from dashboard.sources.select.standard import Standard, direction, like
from dashboard.sources.source import ColumnType
from dashboard.sources.values import Value, Values

MOST_DIGITS: Final = 65
MOST_PLACES: Final = 30
"""Of an exact number, before and after its point together, and after it alone."""


class MySQL(Standard):
    """Bytes decide what is exactly the same; a plain comparison beside them uses the index."""

    def quoted(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def order(self, column: str, descending: bool) -> str:
        return f"{column} IS NULL, {column} {direction(descending)}"

    def text(self, column: str, type_: ColumnType | None) -> str:
        return f"CAST({_characters(column)} AS BINARY)"

    def same(self, column: str, type_: ColumnType | None, placeholder: str) -> str:
        exactly = super().same(column, type_, placeholder)
        return f"{column} IN {placeholder} AND {exactly}" if type_ == "text" else exactly

    def pattern_condition(
        self, column: str, type_: ColumnType | None, needle: str, *, anywhere: bool
    ) -> str:
        pattern = _characters(self.bind_one(like(needle, anywhere=anywhere)))
        text = f"LOWER({_characters(column)})"
        return f"{text} LIKE LOWER({pattern}) COLLATE utf8mb4_bin ESCAPE '!'"

    def numbers(self, values: Values) -> tuple[object, ...]:
        return tuple(map(_exact_or_floating, values))


def _exact_or_floating(value: Value) -> object:
    """Give what is too large or too small for an exact number as a floating point one."""
    if not isinstance(value, Decimal):
        return value
    places = -min(0, int(value.as_tuple().exponent))
    fits = places <= MOST_PLACES and value.adjusted() + places < MOST_DIGITS
    return value if fits else float(value)


def _characters(value: str) -> str:
    return f"CONVERT({value} USING utf8mb4)"
