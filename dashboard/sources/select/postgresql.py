"""Filters as PostgreSQL needs them, such that its indexes serve."""

from datetime import date
from decimal import Decimal
from typing import Final

from dashboard.sources.select.days import later, start
from dashboard.sources.select.standard import Standard, direction, like
from dashboard.sources.source import ColumnType
from dashboard.sources.values import Values

LARGEST_BIGINT: Final = 2**63 - 1

SAFE_FOR_REAL: Final = 37
"""A number with no larger exponent, positive or negative, is within the range of each type."""


class PostgreSQL(Standard):
    """A text without a type takes that of the column which it is compared with.

    Thus one and the same text is a moment to a column with a zone, and to one without the day
    on its clock; and 0.1 is what a column of four bytes keeps for it.
    """

    def order(self, column: str, descending: bool) -> str:
        return f"{column} {direction(descending)} NULLS LAST"

    def text(self, column: str, type_: ColumnType | None) -> str:
        """Give the column as text, which changes nothing and keeps the index where it is one."""
        return f"CAST({column} AS text)"

    def text_condition(self, column: str, type_: ColumnType | None, op: str, values: Values) -> str:
        if op == "is-not":
            return f"{self.text(column, type_)} IS DISTINCT FROM {self.bind(values)}"
        return super().text_condition(column, type_, op, values)

    def pattern_condition(
        self, column: str, type_: ColumnType | None, needle: str, *, anywhere: bool
    ) -> str:
        # The backslash is PostgreSQL's own escape: to name another would cost time for each row.
        pattern = self.bind_one(like(needle, anywhere=anywhere, escape="\\"))
        return f"{self.text(column, type_)} ILIKE {pattern}"

    def numbers(self, values: Values) -> tuple[object, ...]:
        if all(isinstance(value, int) for value in values):
            # A driver may promise no more than a bigint for a whole number.
            large = any(abs(value) > LARGEST_BIGINT for value in values if isinstance(value, int))
            return tuple(map(Decimal, map(str, values))) if large else values
        numbers = [value for value in values if isinstance(value, Decimal)]
        if all(abs(number.adjusted()) <= SAFE_FOR_REAL for number in numbers if number):
            return tuple(map(str, numbers))
        return tuple(numbers)

    def start(self, day: date) -> object:
        offset = start(day, self.zone).strftime("%z")
        return f"{day.isoformat()} 00:00:00{_with_colons(offset)}"

    def datetime_condition(self, column: str, op: str, day: date) -> str:
        if op != "from" and later(day, 1) is None:
            # Unlike Python, PostgreSQL knows a later day.
            last = self.bind_one("10000-01-01 00:00:00+00:00")
            first = f"{super().datetime_condition(column, 'from', day)} AND " if op == "on" else ""
            return f"{first}{column} < {last}"
        return super().datetime_condition(column, op, day)


def _with_colons(offset: str) -> str:
    """Give +053000, as strftime() writes it, as +05:30:00."""
    digits = offset[1:]
    return offset[0] + ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))
