"""An export's job in words: its title and the choices that were made."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from dashboard.jobs.document import formats_choice
from dashboard.kinds.exports.export import Export
from dashboard.kinds.exports.manners import CSV, SPREADSHEET, manner_of
from dashboard.kinds.exports.query import choice_of
from dashboard.sources import Choice, Condition

IN_TITLE: Final = 2  # filters
IN_LINE: Final = 12  # names of columns
VALUES: Final = 3
VALUE_LIMIT: Final = 60  # characters

TEXT: Final = {
    "is": "is {}",
    "is-not": "is not {}",
    "contains": "contains {}",
    "begins": "begins with {}",
    "one-of": "is one of {}",
    "empty": "is empty",
    "not-empty": "is not empty",
}
NUMBER: Final = {**TEXT, "from": "is at least {}", "to": "is at most {}"}
DAY: Final = {**TEXT, "on": "on {}", "from": "from {}", "to": "up to {}"}
PHRASES: Final[Mapping[str | None, Mapping[str, str]]] = {
    "integer": NUMBER,
    "number": NUMBER,
    "date": DAY,
    "datetime": DAY,
    "time": DAY,
}
BARE: Final = frozenset({"integer", "number", "boolean", "time"})
DAYS: Final = frozenset({"date", "datetime"})


def title_of(export: Export, params: Mapping[str, Any]) -> str:
    """Give the title of a job, as in “Orders, status is “paid”, placed_at from 1 October 2026”."""
    choice = choice_of(params)
    filters = _filters(export, choice)
    more = len(filters) - IN_TITLE
    told = filters if more <= 1 else [*filters[:IN_TITLE], f"{more} more filters"]
    first = [] if choice.limit is None else [f"first {choice.limit:,} rows"]
    return ", ".join([export.title, *told, *first])


def describe(export: Export, params: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Give label and value of each choice, the formats last."""
    choice = choice_of(params)
    told = [("Columns", _columns(export, choice))]
    told += [("Filter", text) for text in _filters(export, choice)]
    if choice.sort:
        told.append(("Sort", ", ".join(_sorted(name, down) for name, down in choice.sort)))
    if choice.limit is not None:
        told.append(("Rows", f"{choice.limit:,} at most"))
    if params["manner"] != SPREADSHEET and CSV & set(params.get("formats", [])):
        told.append(("CSV", f"{manner_of(params).label}: values untouched, null is \\N"))
    return (*told, formats_choice(params))


def file_name(export: Export, as_of: datetime, zone: str) -> str:
    """Give the name of a job's files, without extension: orders-2026-11-21."""
    return f"{export.slug}-{as_of.astimezone(ZoneInfo(zone)):%Y-%m-%d}"


def _columns(export: Export, choice: Choice) -> str:
    count = len(export.table.columns)
    if not choice.columns:
        return f"All {count}"
    named = len(choice.columns)
    told = ", ".join(choice.columns[:IN_LINE])
    more = f" and {named - IN_LINE} more" if named > IN_LINE else ""
    return f"{told}{more} ({named} of {count})"


def _filters(export: Export, choice: Choice) -> list[str]:
    types = {column.name: column.type for column in export.table.columns}
    return [in_words(each, types.get(each.column)) for each in choice.where]


def in_words(condition: Condition, type_: str | None) -> str:
    """Give *condition* on a column of *type_* for people: placed_at from 1 October 2026."""
    phrase = PHRASES.get(type_, TEXT).get(condition.op, condition.op)
    lines = condition.value.splitlines() if condition.op == "one-of" else [condition.value]
    return f"{condition.column} {phrase.format(_listed(lines, type_))}"


def _listed(values: Sequence[str], type_: str | None) -> str:
    told = ", ".join(_value(value, type_) for value in values[:VALUES])
    return f"{told} and {len(values) - VALUES} more" if len(values) > VALUES else told


def _value(text: str, type_: str | None) -> str:
    if type_ in DAYS:
        return _day(text)
    short = text if len(text) <= VALUE_LIMIT else f"{text[: VALUE_LIMIT - 1]}…"
    return short if type_ in BARE else f"“{short}”"


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.day} {day:%B} {day.year}"


def _sorted(name: str, down: bool) -> str:
    return f"{name} descending" if down else name
