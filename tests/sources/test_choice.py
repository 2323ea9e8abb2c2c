"""A choice in its one spelling, and what a table cannot give of it."""

import pytest
from hypothesis import given, strategies as st

from dashboard.sources import (
    OPS,
    WITHOUT_VALUE,
    Choice,
    Condition,
    SourceColumn,
    Table,
    check,
    fault,
    parse_condition,
    parse_order,
    spelled,
    spelled_order,
)

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
ORDERS = Table(
    "orders",
    "orders",
    (
        SourceColumn("id", "integer"),
        SourceColumn("note", "text"),
        SourceColumn("price", "number"),
        SourceColumn("made", "datetime"),
        SourceColumn("day", "date"),
        SourceColumn("at", "time"),
        SourceColumn("paid", "boolean"),
        SourceColumn("odd", None),
    ),
    key=("id",),
)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("note:is:Lamp", Condition("note", "is", "Lamp")),
        ("note:is:14:05: yes ", Condition("note", "is", "14:05: yes ")),
        ("a%3Ab%20c:contains:100%25", Condition("a:b c", "contains", "100%25")),
        ("note:empty:", Condition("note", "empty")),
        ("note:empty", Condition("note", "empty")),
        ("note:not-empty:left over", Condition("note", "not-empty")),
        ("note:is", Condition("note", "is")),
    ],
)
def test_a_filter_is_read(text: str, condition: Condition) -> None:
    assert parse_condition(text) == condition


@pytest.mark.parametrize("text", ["", "note", ":is:x", "note:", "note::x"])
def test_what_is_no_filter_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="A filter is written column:op:value"):
        parse_condition(text)


@given(NAMES, st.sampled_from(sorted({op for ops in OPS.values() for op in ops})), st.text())
def test_a_filter_is_read_as_it_was_spelled(column: str, op: str, value: str) -> None:
    condition = Condition(column, op, "" if op in WITHOUT_VALUE else value)
    assert parse_condition(spelled(condition)) == condition
    assert ":" not in spelled(condition).partition(":")[0]


@given(NAMES, st.booleans())
def test_an_order_is_read_as_it_was_spelled(column: str, descending: bool) -> None:
    assert parse_order(spelled_order((column, descending))) == (column, descending)


def test_a_name_that_begins_with_a_minus_is_no_order_downwards() -> None:
    assert spelled_order(("-net", False)) == "%2Dnet"
    assert spelled_order(("-net", True)) == "-%2Dnet"
    assert parse_order("-net") == ("net", True)
    with pytest.raises(ValueError, match="The order names no column"):
        parse_order("-")


def test_a_choice_of_nothing_is_all_and_right() -> None:
    assert check(Choice(), ORDERS) == []


def test_a_choice_of_much_is_right() -> None:
    where = (
        *(Condition("id", "one-of", "1\r\n\r\n 2 \n3"), Condition("id", "from", "-12")),
        *(Condition("price", "to", ".5"), Condition("price", "is", "1e300")),
        *(Condition("made", "on", "2026-10-31"), Condition("day", "from", "0001-01-01")),
        *(Condition("at", "from", "14:05"), Condition("at", "to", "14:05:09.5")),
        *(Condition("paid", "is", "false"), Condition("odd", "begins", "%")),
        *(Condition("note", "one-of", "a\nb"), Condition("paid", "empty")),
    )
    choice = Choice(("note", "id"), where, (("made", True), ("id", False)), 1)
    assert check(choice, ORDERS) == []


def test_everything_wrong_is_said_with_its_field() -> None:
    choice = Choice(
        columns=("id", "gone", "id"),
        where=(
            Condition("gone", "is", "1"),
            Condition("id", "contains", "1"),
            Condition("price", "from", "12,5"),
        ),
        sort=(("gone", False), ("id", False), ("id", True)),
        limit=0,
    )
    assert check(choice, ORDERS) == [
        ("columns", "The column “id” is chosen more than once."),
        ("columns", "“orders” has no column “gone”."),
        ("where", "“orders” has no column “gone”."),
        ("where", "“id” cannot be filtered by “contains”."),
        ("where", "The filter of “price”: The value must be a number, such as 12.5."),
        ("sort", "“orders” has no column “gone”."),
        ("sort", "The rows are sorted by “id” more than once."),
        ("limit", "The row limit must be a whole number of 1 or more."),
    ]


@pytest.mark.parametrize(
    ("column", "op", "value", "sentence"),
    [
        ("id", "is", "1.0", "must be a whole number"),
        ("id", "is", "", "must be a whole number"),
        ("id", "is", "١", "must be a whole number"),
        ("id", "one-of", " \n", "Give at least one value"),
        ("id", "one-of", "1\nx", "must be a whole number"),
        ("price", "is", "NaN", "must be a number"),
        ("price", "is", "1_0", "must be a number"),
        ("price", "is", "1e9999", "must be a number"),
        ("made", "on", "31.10.2026", "must be a day, written like 2026-10-31"),
        ("made", "on", "2026-10-31T00:00", "must be a day"),
        ("day", "from", "2026-02-30", "2026-02-30 is no day of the calendar"),
        ("day", "from", "0000-01-01", "0000-01-01 is no day of the calendar"),
        ("at", "from", "25:00", "must be a time, written like 14:05"),
        ("at", "from", "9:05", "must be a time"),
        ("paid", "is", "yes", "must be true or false"),
        ("note", "is", "", "Give a value"),
        ("note", "contains", "a\0b", "a character that no text may contain"),
        ("note", "is", "\ud800", "a character that no text may contain"),
        ("note", "is", "x" * 1001, "at most 1000 characters"),
    ],
)
def test_a_value_that_its_column_cannot_have_is_said(
    column: str, op: str, value: str, sentence: str
) -> None:
    said = fault(Condition(column, op, value), ORDERS)
    assert said is not None
    assert f"The filter of “{column}”:" in said
    assert sentence in said


def test_more_values_than_a_database_binds_are_refused() -> None:
    many = Condition("id", "one-of", "\n".join(map(str, range(6000))))
    assert check(Choice(where=(many,)), ORDERS) == []
    (wrong,) = check(Choice(where=(many, many)), ORDERS)
    assert wrong == ("where", "The filters list more than 10,000 values.")
    (wrong,) = check(Choice(where=(Condition("id", "empty"),) * 101), ORDERS)
    assert wrong == ("where", "There can be at most 100 filters.")
