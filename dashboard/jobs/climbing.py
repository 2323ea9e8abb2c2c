"""Keys that only ever grew: whole numbers in the order in which most files have them."""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from operator import lt
from typing import Final

MOST: Final = 2_000_000
"""Keys that are remembered, in 16 bytes each at most; those without gaps take none."""


class Climbing:
    """Remembers keys of which each is larger than the one before, and their rows."""

    def __init__(self) -> None:
        self._parts: list[tuple[Sequence[int], Sequence[int]]] = []
        self._lasts: list[int] = []
        self._count = 0

    def take(self, rows: Sequence[int], keys: Sequence[tuple[object, ...]]) -> bool:
        """Remember *keys*, of the *rows*, if they climb on; False where they do not.

        There is at least one key, and its row.
        """
        if len(keys[0]) != 1 or self._count > MOST:
            return False
        numbers: list[int] = [number for (number,) in keys if type(number) is int]
        if len(numbers) < len(keys) or not all(map(lt, numbers, numbers[1:])):
            return False
        if self._lasts and numbers[0] <= self._lasts[-1]:
            return False
        try:
            self._parts.append((_packed(numbers), _packed(rows)))
        except OverflowError:  # No database has such a key.
            return False
        self._lasts.append(numbers[-1])
        self._count += len(numbers)
        return True

    def find(self, keys: Sequence[tuple[object, ...]]) -> dict[int, int]:
        """Give the rows of those of *keys* that were taken, by the hash of the key."""
        found: dict[int, int] = {}
        if not self._lasts:
            return found
        for key in keys:
            number = key[0]
            if not isinstance(number, int) or number > self._lasts[-1]:
                continue
            numbers, rows = self._parts[bisect_left(self._lasts, number)]
            at = bisect_left(numbers, number)
            if numbers[at] == number:
                found[hash(key)] = rows[at]
        return found


def _packed(numbers: Sequence[int]) -> Sequence[int]:
    """Give *numbers*, which climb, in little room."""
    first, last = numbers[0], numbers[-1]
    if last - first == len(numbers) - 1:
        return range(first, last + 1)
    return array("q", numbers)
