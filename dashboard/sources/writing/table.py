"""A table that may be written, as its database describes it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256

from dashboard.sources.source import ColumnType


@dataclass(frozen=True)
class TargetColumn:
    """One column of a table that may be written.

    *type* is None where the database cannot say it, and *native* is what the database itself calls
    the type. A column is *required* where a new row must have a value for it, and *generated*
    where the database always makes the value itself, so that nobody may write it. *max_length* is
    in characters; *precision* and *scale* are in decimal digits; *bounds* are the least and the
    largest whole number that fit. *choices* are the only texts that fit, () where any does. Where
    *nullable* is False and *required* is too, an empty value of a new row becomes the default.
    """

    name: str
    type: ColumnType | None
    native: str
    required: bool
    generated: bool = False
    max_length: int | None = None
    precision: int | None = None
    scale: int | None = None
    bounds: tuple[int, int] | None = None
    choices: tuple[str, ...] = ()
    nullable: bool = True


@dataclass(frozen=True)
class TargetTable:
    """A table that may be written; *quoted* is its name as a statement must spell it.

    *key* names the columns of the primary key in their order, () where there is none; *uniques*
    are the other sets of columns that tell rows apart. *fingerprint* is a hash of all this: a
    table that was altered has another one. Where several share a table, *within* is the column
    and the number that rows of this part have: others are never missing from a file.
    """

    name: str
    quoted: str
    columns: tuple[TargetColumn, ...]
    key: tuple[str, ...] = ()
    uniques: tuple[tuple[str, ...], ...] = ()
    within: tuple[str, int] | None = None
    fingerprint: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        described = [self.name, [asdict(one) for one in self.columns], self.key, self.uniques]
        spelled = json.dumps(described, ensure_ascii=False).encode()
        object.__setattr__(self, "fingerprint", sha256(spelled).hexdigest())

    def column(self, name: str) -> TargetColumn | None:
        """Give the column called *name*."""
        return next((column for column in self.columns if column.name == name), None)

    def tells_apart(self, by: Sequence[str]) -> bool:
        """Say whether the values of the columns *by* can belong to one row at most."""
        return any(set(unique) <= set(by) for unique in (self.key, *self.uniques) if unique)
