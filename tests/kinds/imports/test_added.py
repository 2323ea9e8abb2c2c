"""Columns that the desk has added to a file are known again; nobody's own are taken for them."""

import pytest

from dashboard.kinds.imports.added import added_to, place_of_reasons
from dashboard.kinds.imports.mapping import Pair, proposed


@pytest.mark.parametrize(
    ("names", "targets", "found"),
    [
        (["no", "What to fix"], ["no"], {1}),
        (["no", "Was zu berichtigen ist"], ["no"], {1}),
        (["no", "Zeile", "Was zu berichtigen ist"], ["no"], {1, 2}),
        (["no", "Row", "What to fix", "more"], ["no"], {1, 2}),
        # A number of rows is only ours where the reasons are beside it.
        (["Row", "no"], ["no"], set()),
        (["Row", "no", "What to fix"], ["no"], {2}),
        # A column of the table is the person's own.
        (["no", "Row", "What to fix"], ["no", "row"], {2}),
        (["row", "Row", "What to fix"], ["no", "row"], {1, 2}),
        (["no", "What to fix"], ["no", "what_to_fix"], set()),
        # After the second time around there may be two of them.
        (["no", "What to fix", "Was zu berichtigen ist"], ["no"], {1, 2}),
    ],
)
def test_added_columns_are_known_by_their_names(
    names: list[str], targets: list[str], found: set[int]
) -> None:
    assert added_to(names, targets) == found


def test_an_added_column_goes_nowhere_though_its_name_went_somewhere_once() -> None:
    pairs = proposed(
        ["no", "What to fix"],
        ["no", "notes"],
        aliases={"notes": ["What to fix"]},
        remembered={"What to fix": "notes"},
        added=added_to(["no", "What to fix"], ["no", "notes"]),
    )

    assert pairs == [Pair(1, "no", "no")]


def test_reasons_are_filled_in_where_they_were_unless_that_goes_somewhere() -> None:
    names = ["no", "What to fix", "b"]

    assert place_of_reasons(names, {0, 2}) == 1
    assert place_of_reasons(names, {0, 1}) is None
    assert place_of_reasons(["no"], set()) is None
