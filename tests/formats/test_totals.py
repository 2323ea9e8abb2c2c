"""Sums of columns."""

from decimal import Decimal

from dashboard.formats import Column
from dashboard.formats.remarks import Remarks
from dashboard.formats.totals import Totals

TABLE = [
    Column("a", "A", "money", total=True),
    Column("b", "B", "money"),
    Column("c", "C", "text", total=True),
    Column("d", "D", "integer", total=True),
]


def totals_of(*values: object) -> tuple[Decimal, tuple[str, ...]]:
    remarks = Remarks()
    totals = Totals(TABLE, remarks)
    for value in values:
        totals.add([(value,), (1,), (1,), (1,)])
    return totals.sums()[0], remarks.sentences()


def test_only_numbers_that_ask_for_it_are_added_up() -> None:
    totals = Totals(TABLE, Remarks())

    totals.add([(1, 2), (1, 1), (1, 1), (5, None)])
    totals.add([(3,), (1,), (1,), (6,)])

    assert totals.sums() == {0: 6, 3: 11}


def test_sums_have_no_binary_noise() -> None:
    assert totals_of(*[0.1] * 10)[0] == 1
    assert totals_of(0.1, Decimal("0.20"), 3)[0] == Decimal("3.30")


def test_sums_are_exact_however_large() -> None:
    assert totals_of(Decimal(10**40), Decimal("0.01"))[0] == Decimal(f"1{40 * '0'}.01")


def test_what_is_no_number_is_left_out_with_a_remark() -> None:
    total, remarks = totals_of(1, None, float("nan"), "text", True)

    assert total == 1
    assert remarks == ("Column A: 3 values are not numbers and are left out of the total.",)
