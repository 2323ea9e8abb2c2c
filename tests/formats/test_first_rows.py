"""The first rows of a table, and which of its columns are numbers."""

from decimal import Decimal
from zoneinfo import ZoneInfo

from dashboard.formats import Column
from dashboard.formats.first_rows import numbers, shown

COLUMNS = (
    Column("region", "Region"),
    Column("orders", "Orders", "integer"),
    Column("share", "Share", "percent"),
    Column("taken", "Taken", "money"),
    Column("phone", "Phone", "number"),
    Column("open", "Open", "boolean"),
)


def test_a_column_is_one_of_numbers_when_nothing_else_is_in_it() -> None:
    rows = [
        ("1,787", 1787, 0.029, Decimal("26190.57"), "0049", True),
        (None, None, None, None, 7, 1),
    ]

    first, _ = shown(rows, COLUMNS, ZoneInfo("UTC"))

    assert first == ("1,787", "1,787", "2.9%", "26,190.57", "0049", "Yes")
    assert numbers(rows, COLUMNS) == [False, True, True, True, False, False]


def test_true_is_no_number() -> None:
    assert numbers([(True,)], (Column("n", "N", "integer"),)) == [False]
