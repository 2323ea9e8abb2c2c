"""Filters, order and limit in standard SQL; the languages of single databases build on it."""

from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from dashboard.sources.select.days import later
from dashboard.sources.source import ColumnType
from dashboard.sources.values import Values

COMPARED: Final = {"is": "=", "from": ">=", "to": "<="}


class Standard:
    """Spells the parts of one query, and keeps the values that are to be bound."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.params: dict[str, object] = {}
        self.zone = zone

    def quoted(self, name: str) -> str:
        """Give *name* as it must be spelled, whatever characters it has."""
        return '"' + name.replace('"', '""') + '"'

    def column(self, name: str) -> str:
        """Give the column *name* of the table, which the query calls t."""
        return f"t.{self.quoted(name)}"

    def order(self, column: str, descending: bool) -> str:
        """Give the terms of ORDER BY that sort by *column*, nulls last."""
        last = f"CASE WHEN {column} IS NULL THEN 1 ELSE 0 END"
        return f"{last}, {column} {direction(descending)}"

    def limited(self, query: str, limit: int, *, is_sorted: bool) -> str:
        """Give *query* with no more than *limit* rows."""
        return f"{query} LIMIT {limit:d}"

    def condition(self, column: str, type_: ColumnType | None, op: str, values: Values) -> str:
        """Give the condition that the *op* and its *values* mean for *column*."""
        match type_, op:
            case ("text" | None, _):
                return self.text_condition(column, type_, op, values)
            case _, "empty":
                return f"{column} IS NULL"
            case _, "not-empty":
                return f"{column} IS NOT NULL"
            case "integer" | "number", _:
                return self.number_condition(column, op, values)
            case _:
                (value,) = values
        match value:
            case bool():
                return self.boolean_condition(column, value)
            case time():
                return self.time_condition(column, op, value)
            case date() if type_ == "date":
                return self.date_condition(column, op, value)
            case date():
                return self.datetime_condition(column, op, value)
        raise AssertionError(f"check() has let {op} of {type_} pass.")

    def text_condition(self, column: str, type_: ColumnType | None, op: str, values: Values) -> str:
        text = self.text(column, type_)
        match op:
            case "empty":
                return f"({column} IS NULL OR {text} = '')"
            case "not-empty":
                return f"{text} <> ''"
            case "is" | "one-of":
                return self.same(column, type_, self.bind(values))
            case "is-not":
                return f"({text} <> {self.bind(values)} OR {column} IS NULL)"
        (needle,) = map(str, values)
        return self.pattern_condition(column, type_, needle, anywhere=op == "contains")

    def same(self, column: str, type_: ColumnType | None, placeholder: str) -> str:
        """Give the condition that *column* is exactly one of the texts of *placeholder*."""
        return f"{self.text(column, type_)} IN {placeholder}"

    def text(self, column: str, type_: ColumnType | None) -> str:
        """Give *column* as text that is compared exactly."""
        return column if type_ == "text" else f"CAST({column} AS VARCHAR(4000))"

    def pattern_condition(
        self, column: str, type_: ColumnType | None, needle: str, *, anywhere: bool
    ) -> str:
        """Give the condition that *column* holds or begins with *needle*, whatever the case."""
        pattern = self.bind_one(like(needle, anywhere=anywhere))
        return f"LOWER({self.text(column, type_)}) LIKE LOWER({pattern}) ESCAPE '!'"

    def number_condition(self, column: str, op: str, values: Values) -> str:
        if op == "one-of":
            return f"{column} IN {self.bind(self.numbers(values))}"
        bound = self.bind(self.numbers(values))
        if op == "is-not":
            return f"({column} <> {bound} OR {column} IS NULL)"
        return f"{column} {COMPARED[op]} {bound}"

    def numbers(self, values: Values) -> tuple[object, ...]:
        """Give numbers as they are bound."""
        return values

    def boolean_condition(self, column: str, value: bool) -> str:
        return f"{column} = {self.bind_one(value)}"

    def time_condition(self, column: str, op: str, value: time) -> str:
        return f"{column} {COMPARED[op]} {self.bind_one(value)}"

    def date_condition(self, column: str, op: str, day: date) -> str:
        return f"{column} {'=' if op == 'on' else COMPARED[op]} {self.bind_one(day)}"

    def datetime_condition(self, column: str, op: str, day: date) -> str:
        """Give the condition for a whole *day*: a range, so that an index serves."""
        terms = []
        if op in ("on", "from"):
            terms.append(f"{column} >= {self.bind_one(self.start(day))}")
        if op in ("on", "to"):
            after = later(day, 1)
            # No moment is after the last day of all.
            terms.append(
                f"{column} IS NOT NULL"
                if after is None
                else f"{column} < {self.bind_one(self.start(after))}"
            )
        return " AND ".join(terms)

    def start(self, day: date) -> object:
        """Give the beginning of *day* as it is bound."""
        return datetime.combine(day, time())

    def bind(self, values: tuple[object, ...]) -> str:
        """Give the placeholder of one value, or of several within brackets."""
        name = f"p{len(self.params)}"
        self.params[name] = values[0] if len(values) == 1 else list(values)
        return f":{name}"

    def bind_one(self, value: object) -> str:
        return self.bind((value,))


class Oracle(Standard):
    """Oracle takes the empty text for null."""

    def order(self, column: str, descending: bool) -> str:
        return f"{column} {direction(descending)} NULLS LAST"

    def limited(self, query: str, limit: int, *, is_sorted: bool) -> str:
        return f"{query} FETCH FIRST {limit:d} ROWS ONLY"

    def text_condition(self, column: str, type_: ColumnType | None, op: str, values: Values) -> str:
        match op:
            case "empty":
                return f"{column} IS NULL"
            case "not-empty":
                return f"{column} IS NOT NULL"
        return super().text_condition(column, type_, op, values)


class SQLServer(Standard):
    """SQL Server has no LIMIT, its FETCH needs an order, and its LIKE knows classes in brackets."""

    def pattern_condition(
        self, column: str, type_: ColumnType | None, needle: str, *, anywhere: bool
    ) -> str:
        pattern = self.bind_one(like(needle, anywhere=anywhere).replace("[", "!["))
        return f"LOWER({self.text(column, type_)}) LIKE LOWER({pattern}) ESCAPE '!'"

    def limited(self, query: str, limit: int, *, is_sorted: bool) -> str:
        order = "" if is_sorted else " ORDER BY (SELECT NULL)"
        return f"{query}{order} OFFSET 0 ROWS FETCH NEXT {limit:d} ROWS ONLY"


def like(needle: str, *, anywhere: bool, escape: str = "!") -> str:
    """Give the pattern of LIKE in which *needle* stands for itself."""
    for special in (escape, "%", "_"):
        needle = needle.replace(special, escape + special)
    return f"{'%' if anywhere else ''}{needle}%"


def direction(descending: bool) -> str:
    """Give SQL's word for the direction of an order."""
    return "DESC" if descending else "ASC"
