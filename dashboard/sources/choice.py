"""What somebody wants of a table: columns, filters, order and a limit, in their one spelling."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import quote, unquote

from dashboard.sources.source import ColumnType
from dashboard.words import gettext as _

_TEXT_OPS: Final = ("is", "is-not", "contains", "begins", "one-of", "empty", "not-empty")
_NUMBER_OPS: Final = ("is", "is-not", "from", "to", "one-of", "empty", "not-empty")
_DAY_OPS: Final = ("on", "from", "to", "empty", "not-empty")

OPS: Final[Mapping[ColumnType | None, tuple[str, ...]]] = {
    "text": _TEXT_OPS,
    "integer": _NUMBER_OPS,
    "number": _NUMBER_OPS,
    "date": _DAY_OPS,
    "datetime": _DAY_OPS,
    "time": ("from", "to", "empty", "not-empty"),
    "boolean": ("is", "empty", "not-empty"),
    None: _TEXT_OPS,
}
"""The ops of each type of column, in the order in which a form offers them."""

WITHOUT_VALUE: Final = frozenset({"empty", "not-empty"})
"""Ops that ask for no value."""


@dataclass(frozen=True)
class Condition:
    """One filter: *value* is the text that was typed, and nothing for empty and not-empty.

    `is`, `is-not` and `one-of` on text are exact; `contains` and `begins` ignore case and take
    % and _ as they stand. `is-not` also gives the rows where there is no value at all. `empty`
    means null, and for text also the text without characters. `one-of` has one value a line;
    blank lines mean nothing. `from` and `to` include their value; for a date and time `on`,
    `from` and `to` take a whole day, written 2026-10-31; a time is written 14:05 or 14:05:09.
    """

    column: str
    op: str
    value: str = ""


class Order(NamedTuple):
    """One column that the rows are sorted by."""

    column: str
    descending: bool = False


@dataclass(frozen=True)
class Choice:
    """What is read of a table; it says nothing of whether the table has all that.

    *columns* in the order of the file, or () for all in the table's own; *where* holds all
    together; *sort* has the most important column first, as (name, descending); *limit* in rows.
    """

    columns: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    sort: tuple[tuple[str, bool], ...] = ()
    limit: int | None = None


def parse_condition(text: str) -> Condition:
    """Read `<column>:<op>:<value>`, whose column is percent-encoded; the value is as it stands.

    What an op that takes none has for a value is dropped. Whether table and op exist is for
    check() to say. Raises ValueError with a sentence where the text has no such form.
    """
    column, colon, rest = text.partition(":")
    op, _colon, value = rest.partition(":")
    if not column or not colon or not op:
        raise ValueError(
            _("A filter is written column:op:value, but this one is “%(text)s”.", text=text)
        )
    return Condition(unquote(column), op, "" if op in WITHOUT_VALUE else value)


def spelled(condition: Condition) -> str:
    """Give the text that parse_condition() reads."""
    value = "" if condition.op in WITHOUT_VALUE else condition.value
    return f"{quote(condition.column, safe='', errors='replace')}:{condition.op}:{value}"


def parse_order(text: str) -> Order:
    """Read `<column>` or `-<column>`, percent-encoded. Raises ValueError where there is none."""
    descending = text.startswith("-")
    column = unquote(text.removeprefix("-"))
    if not column:
        raise ValueError(_("The order names no column."))
    return Order(column, descending)


def spelled_order(order: tuple[str, bool]) -> str:
    """Give the text that parse_order() reads."""
    column, descending = order
    encoded = quote(column, safe="", errors="replace")
    if encoded.startswith("-"):  # quote() leaves it alone, but here it would say “descending”.
        encoded = "%2D" + encoded[1:]
    return f"-{encoded}" if descending else encoded
