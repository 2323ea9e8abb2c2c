"""What is wrong with a row, and the column that says so."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class Mark(NamedTuple):
    """What is wrong with the row of that *number*, and the *places* (from 0) of its wrong cells.

    *reasons* say all of it in one language each, the one that is wanted most first: a file is
    written in an encoding that may lack the letters of a language.
    """

    number: int
    reasons: tuple[str, ...]
    places: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Added:
    """The column for the reasons: its *titles* in the same languages, and its *place* from 0.

    That is behind the last column of the file, unless it *is_there* already and is filled anew.
    """

    titles: tuple[str, ...]
    place: int
    is_there: bool = False


@dataclass
class Marks:
    """Marks in the order of their rows, one of which is looked up after the other."""

    marks: Iterator[Mark]
    _next: Mark | None = field(init=False)

    def __post_init__(self) -> None:
        self._next = next(self.marks, None)

    def of(self, number: int) -> Mark | None:
        """Gives the mark of the row *number*, which is greater each time; None of a good one."""
        while self._next is not None and self._next.number < number:
            self._next = next(self.marks, None)
        return self._next if self._next is not None and self._next.number == number else None
