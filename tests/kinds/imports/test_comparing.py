"""What would become of a row."""

import pytest

from dashboard.kinds.imports.comparing import Mode, differing, fate_of

OLD = (1, "a")


@pytest.mark.parametrize(
    ("mode", "values", "before", "fate"),
    [
        ("both", (1, "a"), None, "n"),
        ("both", (1, "b"), OLD, "c"),
        ("both", (1.0, "a"), OLD, "s"),
        ("add", (1, "a"), None, "n"),
        ("add", (1, "b"), OLD, "l"),
        ("update", (1, "a"), None, "l"),
        ("update", (1, "b"), OLD, "c"),
        ("update", (1, "a"), OLD, "s"),
    ],
)
def test_the_fate_of_a_row(
    mode: Mode, values: tuple[object, ...], before: tuple[object, ...] | None, fate: str
) -> None:
    assert fate_of(values, before, mode) == fate


def test_only_the_values_that_differ_are_named() -> None:
    assert differing((1, "b", None), (1.0, "a", None)) == [1]
