"""What would become of a row: new, changed, the same, left as it is, or not to be imported."""

from collections.abc import Sequence
from typing import Final, Literal

from dashboard.sources.writing import same

Fate = Literal["n", "c", "s", "l", "b", "d"]

NEW: Final = "n"
CHANGED: Final = "c"
SAME: Final = "s"
LEFT: Final = "l"
BAD: Final = "b"
GONE: Final = "d"
"""What becomes of a row of the table that the file does not have: it is deleted."""

Mode = Literal["both", "add", "update", "mirror"]


def fate_of(values: Sequence[object], before: Sequence[object] | None, mode: Mode) -> Fate:
    """Give what becomes of a row with these *values*; *before* is the row that is there, or None.

    A row is left as it is where the mode does not allow what would have to be done.
    """
    if before is None:
        return LEFT if mode == "update" else NEW
    if mode == "add":
        return LEFT
    if values == before or all(map(same, values, before)):
        return SAME
    return CHANGED


def differing(values: Sequence[object], before: Sequence[object]) -> list[int]:
    """Give the places at which a changed row differs."""
    pairs = enumerate(zip(values, before, strict=True))
    return [at for at, (value, was) in pairs if not same(value, was)]
