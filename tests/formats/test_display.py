"""Values as people read them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from dashboard.formats import Column, ColumnType, type_of
from dashboard.formats.display import display

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("integer", 1234567, "1,234,567"),
        ("integer", 5.0, "5"),
        ("integer", Decimal("1000"), "1,000"),
        ("number", 1234.5, "1,234.50"),
        ("number", 1 / 3, "0.3333"),
        ("number", 0.00012345, "0.0001234"),
        ("number", 1e20, "1e+20"),
        ("number", Decimal("1234.500"), "1,234.500"),
        ("number", Decimal("12.3333333333333333"), "12.3333"),
        ("number", float("nan"), "NaN"),
        ("money", 13204.5, "13,204.50"),
        ("money", Decimal("0.1234"), "0.1234"),
        ("money", -3, "-3.00"),
        ("percent", 0.2534, "25.3%"),
        ("percent", Decimal(1), "100.0%"),
        ("boolean", True, "Yes"),
        ("boolean", 1, "Yes"),
        ("boolean", 0, "No"),
        ("boolean", 2, "2"),
        ("boolean", "1", "1"),
        ("date", date(2026, 10, 31), "2026-10-31"),
        ("datetime", datetime(2026, 10, 31, 14, 5, 9, 5), "2026-10-31 14:05:09"),
        ("datetime", datetime(2026, 7, 1, 22, tzinfo=UTC), "2026-07-02 00:00:00"),
        ("text", "as it is", "as it is"),
        ("text", 1234567, "1234567"),
        ("money", "not for sale", "not for sale"),
    ],
)
def test_values_are_shown(kind: ColumnType, value: object, text: str) -> None:
    assert display(value, Column("column", "Column", kind), BERLIN) == text


@pytest.mark.parametrize("name", ["id", "order_id", "year", "invoice_number", "Postcode"])
def test_names_made_of_digits_are_not_grouped(name: str) -> None:
    assert display(123456, Column(name, "Label", "integer"), BERLIN) == "123456"
    assert display(123456, Column("name", name.replace("_", " "), "integer"), BERLIN) == "123456"


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([], "text"),
        ([None], "text"),
        ([1, None], "integer"),
        ([1, Decimal("2.5"), 0.5], "number"),
        ([True, None], "boolean"),
        ([True, 1], "text"),
        ([date(2026, 1, 1)], "date"),
        ([date(2026, 1, 1), datetime(2026, 1, 1)], "datetime"),
        (["a", 1], "text"),
    ],
)
def test_a_column_gets_the_type_that_fits_all_its_values(
    values: list[object], kind: ColumnType
) -> None:
    assert type_of(values) == kind
