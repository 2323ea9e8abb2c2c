"""How a chunk meets its table: which columns are looked for, set and inserted."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from dashboard.sources.errors import QueryError
from dashboard.sources.writing.changes import Change
from dashboard.sources.writing.table import TargetColumn, TargetTable

NO_KEYS: Final = "A file without a key cannot say which rows are missing from it."
OTHERS_MISSING: Final = "Other rows than those of the check are missing from the file now."


@dataclass(frozen=True)
class Shape:
    """The *columns* of a chunk's values, in their order, and those that tell rows apart."""

    table: TargetTable
    columns: tuple[TargetColumn, ...]
    by: tuple[str, ...]

    @cached_property
    def places(self) -> tuple[int, ...]:
        """Give the places of all columns."""
        return tuple(range(len(self.columns)))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Give the names of the columns."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def key_places(self) -> tuple[int, ...]:
        """Give the places of the columns that tell rows apart."""
        names = self.names
        return tuple(names.index(name) for name in self.by)

    @cached_property
    def set_places(self) -> tuple[int, ...]:
        """Give the places of the columns that an update sets."""
        return tuple(at for at, one in enumerate(self.columns) if one.name not in self.by)

    @cached_property
    def generated_places(self) -> tuple[int, ...]:
        """Give the places of the columns that nobody may insert."""
        return tuple(at for at, column in enumerate(self.columns) if column.generated)

    @cached_property
    def default_places(self) -> tuple[int, ...]:
        """Give the places of the columns in which an empty value stands for the default."""
        return tuple(
            at for at, one in enumerate(self.columns) if not (one.nullable or one.required)
        )

    def inserted_places(self, change: Change) -> tuple[int, ...]:
        """Give the places of the columns that a new row is given; the database fills the rest."""
        if not self.default_places and not self.generated_places:
            return self.places
        left = {at for at in self.default_places if change.values[at] is None}
        left.update(self.generated_places)
        # A row of nothing but defaults is none that somebody meant.
        return tuple(at for at in self.places if at not in left) or self.places[:1]

    def has_generated(self, change: Change) -> str:
        """Give the column for which a new row has a value that it may not have; "" for none."""
        for at in self.generated_places:
            if change.values[at] is not None:
                return self.columns[at].name
        return ""


def shape(table: TargetTable, columns: Sequence[str], by: Sequence[str]) -> Shape:
    """Give the shape of a chunk. Raises QueryError where the table has no such columns or key."""
    found = []
    for name in columns:
        column = table.column(name)
        if column is None:
            raise QueryError(f"The table “{table.name}” has no column “{name}”.")
        if column.generated and name not in by:
            raise QueryError(f"The database makes the values of the column “{name}” itself.")
        found.append(column)
    if missing := [name for name in by if name not in columns]:
        raise QueryError(f"The column “{missing[0]}” tells rows apart, but it is not given.")
    if by and not table.tells_apart(by):
        listed = ", ".join(f"“{name}”" for name in by)
        raise QueryError(f"The table “{table.name}” may have several rows with the same {listed}.")
    return Shape(table, tuple(found), tuple(by))


def key_shape(table: TargetTable, by: Sequence[str]) -> Shape:
    """Give the shape of nothing but keys. Raises QueryError as shape() does."""
    if not by:
        raise QueryError(NO_KEYS)
    return shape(table, by, by)
