"""What a file is made of: columns, the document around them, its chart, and what was written."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

ColumnType = Literal[
    "text", "integer", "number", "money", "percent", "date", "datetime", "time", "boolean"
]

NUMERIC: frozenset[ColumnType] = frozenset({"integer", "number", "money", "percent"})


class FormatError(Exception):
    """The rows do not fit the format; the message is a plain sentence for the person who asked.

    *change* where other choices help and the same ones never do.
    """

    def __init__(self, sentence: str, *, change: bool = False) -> None:
        super().__init__(sentence)
        self.change = change


@dataclass(frozen=True)
class Column:
    """A column: *name* is its unique key in the query, *label* the header that people read.

    A percent column holds fractions: 0.25 is shown as 25.0%.
    """

    name: str
    label: str
    type: ColumnType = "text"
    total: bool = False


@dataclass(frozen=True)
class Series:
    """The values of one colour in a chart, as (label on the x axis, value) pairs."""

    name: str
    points: tuple[tuple[str, float | None], ...]


@dataclass(frozen=True)
class Chart:
    """A chart over a table; *unit* is what the y axis counts, *x* what the x axis names."""

    type: Literal["bar", "line"]
    title: str
    unit: str
    x: str
    series: tuple[Series, ...]


@dataclass(frozen=True, kw_only=True)
class Document:
    """What a file says about itself.

    *made_at* and *data_as_of* bear a time zone; *zone* is the IANA name of the one they are shown
    in. *rows* is the number that the query counted beforehand, or None; a writer that then gets
    another number of rows fails. *chart* is called once all rows are known; it is None where a
    report has no chart at all. *null* is how CSV spells null: nothing, or a mark without commas,
    quotes and line ends such as \\N; a text of that very spelling is quoted.
    """

    title: str
    subtitle: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    made_by: str
    made_at: datetime
    data_as_of: datetime
    rows: int | None = None
    number: str
    brand: str
    zone: str
    chart: Callable[[], Chart | None] | None = None
    csv_bom: bool = False
    formula_safe: bool = True
    null: str = ""


@dataclass(frozen=True)
class Written:
    """What a finished file holds.

    *pages* is None where a format has none; *warnings* are plain sentences; *totals* are the sums
    that the file shows, as (label, sum as people read it).
    """

    rows: int
    pages: int | None = None
    warnings: tuple[str, ...] = ()
    totals: tuple[tuple[str, str], ...] = ()


def type_of(values: Iterable[object]) -> ColumnType:
    """Gives the type that fits all *values*, for a column whose database cannot say; else text."""
    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return "text"
    if kinds <= {bool}:
        return "boolean"
    if kinds <= {int}:
        return "integer"
    if kinds <= {int, float, Decimal}:
        return "number"
    if kinds <= {date}:
        return "date"
    if kinds <= {date, datetime}:
        return "datetime"
    return "time" if kinds <= {time} else "text"
