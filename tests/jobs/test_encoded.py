"""The first rows of CSV as a database writes it, as values again."""

from decimal import Decimal

from dashboard.formats import Column
from dashboard.jobs.encoded import first_rows

COLUMNS = (Column("n", "n", "number"), Column("t", "t"), Column("b", "b", "boolean"))


def test_nothing_is_null_and_quoted_nothing_is_text() -> None:
    assert first_rows(b'1.50,"",true\n,,\n', COLUMNS, 5) == [
        (Decimal("1.50"), "", True),
        (None, None, None),
    ]


def test_a_mark_stands_for_null_and_the_same_text_in_quotes_does_not() -> None:
    rows = first_rows(b'\\N,"\\N",\\N\n2,,false\n', COLUMNS, 5, null="\\N")

    assert rows == [(None, "\\N", None), (Decimal(2), "", False)]


def test_the_guard_of_a_formula_is_taken_away_only_where_there_is_one() -> None:
    chunk = b"1,'=x,true\n"

    assert first_rows(chunk, COLUMNS, 5)[0][1] == "=x"
    assert first_rows(chunk, COLUMNS, 5, guarded=False)[0][1] == "'=x"
