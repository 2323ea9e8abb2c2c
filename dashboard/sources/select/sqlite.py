"""Filters as SQLite needs them, which knows no days: columns hold ISO text of many forms."""

from datetime import date, time
from typing import Final

from dashboard.sources.select.days import later, start_in_utc
from dashboard.sources.select.standard import Standard, direction
from dashboard.sources.source import ColumnType
from dashboard.sources.sqlite.bound import bound
from dashboard.sources.values import Values

DAY: Final = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*"
CLOCK: Final = "[0-2][0-9]:[0-5][0-9]*"

BEFORE_ALL: Final = "0000"
AFTER_ALL: Final = "9999-12-32"

FARTHEST: Final = 2
"""Days by which one moment can differ on two clocks: 26 hours lie between the first place on
earth to have a day and the last."""

# What follows the seconds and their fraction: nothing, Z, UTC, +02, +0200 or +02:00.
_ZONE: Final = "ltrim(substr({0}, 17), ' :.,0123456789')"

# The moment in UTC. Without its fraction, for SQLite rounds that, perhaps into the next day.
_MOMENT: Final = (
    "datetime(substr({0}, 1, CASE substr({0}, 17, 1) WHEN ':' THEN 19 ELSE 16 END)"
    " || CASE WHEN {1} IN ('Z', 'z', 'UTC') THEN 'Z' WHEN length({1}) = 3 THEN {1} || ':00'"
    " WHEN length({1}) = 5 THEN substr({1}, 1, 3) || ':' || substr({1}, 4)"
    " ELSE substr({1}, 1, 6) END)"
)


class SQLite(Standard):
    """Compares ISO text as text, and as moments only where it names its zone.

    What is no such text, in a column that is declared to hold days or times, is on no day.
    """

    def order(self, column: str, descending: bool) -> str:
        return f"{column} {direction(descending)} NULLS LAST"

    def text(self, column: str, type_: ColumnType | None) -> str:
        return column if type_ == "text" else f"CAST({column} AS TEXT)"

    def same(self, column: str, type_: ColumnType | None, placeholder: str) -> str:
        # A column's own collation may ignore case, or blanks at the end.
        return f"{self.text(column, type_)} COLLATE BINARY IN {placeholder}"

    def text_condition(self, column: str, type_: ColumnType | None, op: str, values: Values) -> str:
        if op == "is-not":
            return f"{self.text(column, type_)} IS NOT {self.bind(values)} COLLATE BINARY"
        return super().text_condition(column, type_, op, values)

    def pattern_condition(
        self, column: str, type_: ColumnType | None, needle: str, *, anywhere: bool
    ) -> str:
        """Give a condition with GLOB, for LIKE ignores the case of A to Z only."""
        pattern = "".join(map(_either_case, needle))
        placeholder = self.bind_one(f"{'*' if anywhere else ''}{pattern}*")
        return f"{self.text(column, type_)} GLOB {placeholder}"

    def number_condition(self, column: str, op: str, values: Values) -> str:
        condition = super().number_condition(column, op, values)
        # To SQLite, each text is larger than all numbers.
        return f"{condition} AND {column} < ''" if op == "from" else condition

    def numbers(self, values: Values) -> tuple[object, ...]:
        return tuple(map(bound, values))

    def boolean_condition(self, column: str, value: bool) -> str:
        # Some programs write the word.
        return f"{column} IN (1, 'true')" if value else f"{column} IN (0, 'false')"

    def time_condition(self, column: str, op: str, value: time) -> str:
        """Give the condition for text such as 14:05, 14:05:09 or 14:05:09.123456."""
        precise = value.isoformat("microseconds")
        if op == "to":
            return f"{column} <= {self.bind_one(precise)} AND {column} GLOB '{CLOCK}'"
        # The shortest spelling of a time comes before all others.
        exact = value.isoformat()
        shortest = exact.rstrip("0") if value.microsecond else exact.removesuffix(":00")
        return f"{column} >= {self.bind_one(shortest)} AND {column} GLOB '{CLOCK}'"

    def date_condition(self, column: str, op: str, day: date) -> str:
        return f"{self._within(column, op, day, 0)} AND {column} GLOB '{DAY}'"

    def datetime_condition(self, column: str, op: str, day: date) -> str:
        zone = _ZONE.format(column)
        moment = _MOMENT.format(column, zone)
        first = start_in_utc(day, self.zone)
        after = later(day, 1)
        last = None if after is None else start_in_utc(after, self.zone)
        terms = []
        if op in ("on", "from"):
            spelled = f"{first:%Y-%m-%d %H:%M:%S}" if first else BEFORE_ALL
            terms.append(f"{moment} >= {self.bind_one(spelled)}")
        if op in ("on", "to"):
            spelled = f"{last:%Y-%m-%d %H:%M:%S}" if last else AFTER_ALL
            terms.append(f"{moment} < {self.bind_one(spelled)}")
        # An index can serve for the first term, which all that is sought fulfils.
        return (
            f"{self._within(column, op, day, FARTHEST)} AND {column} GLOB '{DAY}'"
            f" AND CASE {zone} WHEN '' THEN {self._within(column, op, day, 0)}"
            f" ELSE {' AND '.join(terms)} END"
        )

    def _within(self, column: str, op: str, day: date, spare: int) -> str:
        """Give the condition that text begins with *day*, or up to *spare* days beside it."""
        terms = []
        if op in ("on", "from"):
            terms.append(f"{column} >= {self.bind_one(_spelled(later(day, -spare), BEFORE_ALL))}")
        if op in ("on", "to"):
            terms.append(f"{column} < {self.bind_one(_spelled(later(day, 1 + spare), AFTER_ALL))}")
        return " AND ".join(terms)


def _spelled(day: date | None, otherwise: str) -> str:
    return otherwise if day is None else day.isoformat()


def _either_case(character: str) -> str:
    """Give the part of a GLOB pattern that *character* matches in each case, and as itself."""
    forms = {character, character.lower(), character.upper(), character.title()}
    forms |= {form.lower() for form in forms} | {form.upper() for form in forms}
    single = "".join(sorted(form for form in forms if len(form) == 1))
    return f"[{single}]" if len(single) > 1 or single in "*?[" else single
