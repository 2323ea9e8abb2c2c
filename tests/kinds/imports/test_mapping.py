"""Which column of a file goes where, before anybody has said so."""

import pytest

from dashboard.kinds.imports.mapping import (
    Pair,
    parse_pair,
    proposed,
    remembered_of,
    spelled_pair,
)

TARGETS = ("customer_no", "name", "since")


def test_names_are_recognised_however_they_are_spelled() -> None:
    found = proposed(["Since", "Customer No.", "x"], TARGETS, aliases={}, remembered={})

    assert found == [Pair(1, "since", "Since"), Pair(2, "customer_no", "Customer No.")]


def test_an_alias_stands_for_its_column_and_no_target_comes_twice() -> None:
    aliases = {"name": ["Kunde"], "since": ["Kunde"]}

    found = proposed(["Kunde", "Name", "name"], TARGETS, aliases=aliases, remembered={})

    assert found == [Pair(1, "since", "Kunde"), Pair(2, "name", "Name")]


def test_what_was_chosen_before_is_stronger_than_a_name() -> None:
    earlier = remembered_of([["1:name:Since", "2::Name"], ["2:since:Name"]])

    found = proposed(["Since", "Name"], TARGETS, aliases={}, remembered=earlier)

    assert found == [Pair(1, "name", "Since")]


def test_a_target_that_is_gone_is_not_remembered() -> None:
    found = proposed(["a"], TARGETS, aliases={}, remembered={"a": "gone"})

    assert found == []


@pytest.mark.parametrize(
    "pair", [Pair(1, "name", "Name: first"), Pair(12, "a:b é", ""), Pair(3, "", "Notes")]
)
def test_a_pair_is_read_as_it_was_spelled(pair: Pair) -> None:
    assert parse_pair(spelled_pair(pair)) == pair


@pytest.mark.parametrize("text", ["", "1", "x:name", "0:name", "-1:name", "9999999:name"])
def test_what_is_no_pair_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no pair of columns"):
        parse_pair(text)
