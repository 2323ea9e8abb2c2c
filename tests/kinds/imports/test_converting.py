"""Cells of a file: what each becomes in its column, and what is said of those that do not fit."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from dashboard.kinds.imports.converting import converter
from dashboard.kinds.imports.spelling import Spelling, recognised
from dashboard.kinds.imports.unfit import Unfit
from dashboard.sources.writing import TargetColumn

COMMA = Spelling(decimal=",")
BERLIN = Spelling(zone="Europe/Berlin")
AMERICAN = Spelling(days="mdy")
MARKED = Spelling(nulls="mark")


def column(type_: Any, native: str = "", **more: Any) -> TargetColumn:
    """Give a column that may stay empty."""
    return TargetColumn("it", type_, native, required=more.pop("required", False), **more)


TEXT, WHOLE, NUMBER = column("text"), column("integer"), column("number")
MONEY = column("number", "numeric(6,2)", precision=6, scale=2)
REAL = column("number", "double precision")
DAY, MOMENT, TIME = column("date"), column("datetime"), column("time")
ZONED = column("datetime", "timestamp with time zone")
TRUTH = column("boolean")

FITS: tuple[tuple[TargetColumn, Spelling, object, object], ...] = (
    (TEXT, Spelling(), " as it is ", " as it is "),
    (TEXT, Spelling(), 12.0, "12"),
    (TEXT, Spelling(), date(2026, 2, 28), "2026-02-28"),
    (TEXT, Spelling(), datetime(2026, 2, 28), "2026-02-28"),
    (TEXT, Spelling(), "", None),
    (TEXT, Spelling(), "\\N", None),
    (TEXT, MARKED, "", ""),
    (TEXT, MARKED, "\\N", None),
    (WHOLE, MARKED, "", None),
    (WHOLE, Spelling(), " ", None),
    (WHOLE, Spelling(), "007", 7),
    (WHOLE, Spelling(), "-12", -12),
    (WHOLE, Spelling(), "12.00", 12),
    (WHOLE, Spelling(), "1 234 567", 1234567),
    (WHOLE, Spelling(), "1,234,567", 1234567),
    (WHOLE, Spelling(), 12.0, 12),
    (NUMBER, Spelling(), "1,234.50", Decimal("1234.50")),
    (NUMBER, COMMA, "1.234,50", Decimal("1234.50")),
    (NUMBER, COMMA, "-0,5", Decimal("-0.5")),
    (NUMBER, Spelling(), "1'234.5", Decimal("1234.5")),
    (NUMBER, Spelling(), "1e3", Decimal("1e3")),
    (NUMBER, Spelling(), 0.1, Decimal("0.1")),
    (MONEY, Spelling(), 0.30000000000000004, Decimal("0.30")),
    (MONEY, Spelling(), "1.500", Decimal("1.50")),
    (REAL, Spelling(), "0.1", 0.1),
    (DAY, Spelling(), "2026-02-28", date(2026, 2, 28)),
    (DAY, Spelling(), "2026-2-8", date(2026, 2, 8)),
    (DAY, Spelling(), "28.2.2026", date(2026, 2, 28)),
    (DAY, Spelling(), "03/04/2026", date(2026, 4, 3)),
    (DAY, AMERICAN, "03/04/2026", date(2026, 3, 4)),
    (DAY, Spelling(), "2026-02-28 00:00:00", date(2026, 2, 28)),
    (DAY, Spelling(), datetime(2026, 2, 28), date(2026, 2, 28)),
    (MOMENT, Spelling(), "2026-02-28", datetime(2026, 2, 28)),
    (MOMENT, Spelling(), "2026-02-28T14:05:09.25", datetime(2026, 2, 28, 14, 5, 9, 250000)),
    (MOMENT, BERLIN, "28.02.2026 14:05", datetime(2026, 2, 28, 14, 5)),
    (MOMENT, Spelling(), "2026-02-28 14:05+01:00", datetime(2026, 2, 28, 13, 5)),
    (ZONED, BERLIN, "2026-07-01 14:05", datetime(2026, 7, 1, 12, 5, tzinfo=UTC)),
    (ZONED, BERLIN, "2026-07-01 14:05:00+00:00", datetime(2026, 7, 1, 14, 5, tzinfo=UTC)),
    (ZONED, BERLIN, "2026-07-01T14:05Z", datetime(2026, 7, 1, 14, 5, tzinfo=UTC)),
    (TIME, Spelling(), "9:05", time(9, 5)),
    (TRUTH, Spelling(), "Yes", True),
    (TRUTH, Spelling(), "nein", False),
    (TRUTH, Spelling(), 1, True),
    (column(None, "uuid"), Spelling(), "{123E4567-E89B-12D3-A456-426614174000}", None),
    (column(None, "jsonb"), Spelling(), '{"a": 1}', '{"a": 1}'),
)

UNFIT: tuple[tuple[TargetColumn, Spelling, object, str], ...] = (
    (column("text", required=True), Spelling(), "", "Missing"),
    (column("integer", required=True), Spelling(), None, "Missing"),
    (
        column("text", max_length=3),
        Spelling(),
        "four",
        "Too long: at most 3 characters, this has 4",
    ),
    (column("text", choices=("A", "B")), Spelling(), "C", "Not one of A, B"),
    (WHOLE, Spelling(), "12.5", "Not a whole number"),
    (WHOLE, Spelling(), "twelve", "Not a whole number"),
    (WHOLE, Spelling(), True, "Not a whole number"),
    (column("integer", bounds=(0, 9)), Spelling(), "10", "Out of range: from 0 to 9"),
    (
        NUMBER,
        Spelling(),
        "1,5",
        "This file’s numbers have “.” before the decimals: use 1.5",
    ),
    (NUMBER, Spelling(), "1,234", "May be 1234 or 1.234: write it without “,”"),
    (NUMBER, COMMA, "1.234", "May be 1234 or 1,234: write it without “.”"),
    (NUMBER, COMMA, "1.5", "This file’s numbers have “,” before the decimals: use 1,5"),
    (NUMBER, Spelling(), "12 €", "Not a number. Use 1234.5"),
    (NUMBER, Spelling(), "1,2,3", "Not a number. Use 1234.5"),
    (NUMBER, Spelling(), "nan", "Not a number. Use 1234.5"),
    (NUMBER, Spelling(), "1e9999", "Not a number. Use 1234.5"),
    (NUMBER, Spelling(), "9" * 1000, "Not a number. Use 1234.5"),
    (MONEY, Spelling(), "1.005", "At most 2 decimals"),
    (MONEY, Spelling(), "12345", "At most 4 digits before the decimals"),
    (DAY, Spelling(), "31/02/2026", "No day of the calendar. Use 2026-02-28"),
    (DAY, Spelling(), "2026-02-30", "No day of the calendar. Use 2026-02-28"),
    (DAY, Spelling(), "soon", "Not a date. Use 2026-02-28"),
    (DAY, Spelling(), "2026-W01-1", "Not a date. Use 2026-02-28"),
    (DAY, Spelling(), "28.02.26", "Write the year with four digits, as in 2026-02-28"),
    (DAY, Spelling(), "2026-02-28 09:00", "Has a time, but the column keeps only the day"),
    (DAY, Spelling(), 45000, "Not a date. Use 2026-02-28"),
    (MOMENT, Spelling(), "soon", "Not a date with a time. Use 2026-02-28 14:05"),
    (MOMENT, Spelling(), "2026-02-28 25:00", "Not a time. Use 14:05"),
    (TIME, Spelling(), "noon", "Not a time. Use 14:05"),
    (TRUTH, Spelling(), "maybe", "Neither yes nor no"),
    (column(None, "json"), Spelling(), "{", "Not JSON"),
    (
        column(None, "uuid"),
        Spelling(),
        "1",
        "Not a UUID, as in 123e4567-e89b-12d3-a456-426614174000",
    ),
)


@pytest.mark.parametrize(("into", "spelling", "cell", "value"), FITS)
def test_a_cell_becomes_a_value(
    into: TargetColumn, spelling: Spelling, cell: object, value: object
) -> None:
    found = converter(into, spelling)
    if into.native == "uuid":
        value = "123e4567-e89b-12d3-a456-426614174000"

    assert found.one(cell) == value
    assert type(found.one(cell)) is type(value)
    assert list(found.many([cell, cell]).values) == [value, value]


@pytest.mark.parametrize(("into", "spelling", "cell", "sentence"), UNFIT)
def test_a_cell_that_does_not_fit_is_told_why(
    into: TargetColumn, spelling: Spelling, cell: object, sentence: str
) -> None:
    found = converter(into, spelling)

    with pytest.raises(Unfit) as caught:
        found.one(cell)
    assert str(caught.value) == sentence
    with pytest.raises(Unfit):
        found.many([cell])


@pytest.mark.parametrize(
    ("cells", "spelled"),
    [
        (["1,5", "2"], Spelling(decimal=",")),
        (["1.5", "2"], Spelling(decimal=".")),
        (["1.234,50"], Spelling(decimal=",")),
        (["1,234.5"], Spelling(decimal=".")),
        (["1,234"], Spelling(decimal=".")),
        (["1.5", "1,5"], Spelling(decimal=".")),
        (["0,125"], Spelling(decimal=",")),
        (["12/31/2026"], Spelling(days="mdy")),
        (["31/12/2026"], Spelling(days="dmy")),
        (["03/04/2026"], Spelling(days="dmy")),
        (["\\N", ""], Spelling(nulls="mark")),
    ],
)
def test_the_spelling_of_a_file_is_recognised(cells: list[str], spelled: Spelling) -> None:
    assert recognised([cells], locale="en-GB", zone="UTC") == spelled


def test_what_a_file_does_not_show_is_as_usual_where_its_reader_lives() -> None:
    assert recognised([], locale="de-DE", zone="UTC").decimal == ","
    assert recognised([["03/04/2026"]], locale="en-US", zone="UTC").days == "mdy"
    assert recognised([["03.04.2026"]], locale="en-US", zone="UTC").days == "dmy"
