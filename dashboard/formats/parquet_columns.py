"""Columns of a Parquet file: what values each has met decides its type, which must fit them all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from types import NoneType
from typing import Any, Literal

from dashboard.formats.remarks import Remarks
from dashboard.formats.spelling import spell, whole
from dashboard.formats.table import Column, ColumnType

Sort = Literal[
    "text", "integer", "decimal", "float", "date", "datetime", "moment", "time", "boolean", "binary"
]

MOST_DIGITS = 38  # of the decimals that all readers of Parquet know
FEW_DIGITS = 18  # of those that take half the room
LEAST_LONG = 2**63  # from here on, no integer column holds a number
LEAST_ROUNDED = 2**53  # from here on, a float does not hold every integer

# The sorts of classes that need no closer look; a datetime may bear a zone, and others are texts.
SORTS: dict[type, Sort] = {
    bool: "boolean",
    int: "integer",
    float: "float",
    date: "date",
    bytes: "binary",
    bytearray: "binary",
    memoryview: "binary",
}

# Values of these classes are put aside as they are.
KEPT = frozenset({bool, int, float, str, date, datetime, time, bytes})

# A column without any value still has a type.
USUAL: dict[ColumnType, Sort] = {
    "integer": "integer",
    "number": "float",
    "money": "float",
    "percent": "float",
    "date": "date",
    "datetime": "datetime",
    "time": "time",
    "boolean": "boolean",
}


@dataclass(frozen=True)
class Type:
    """The type of a whole column; *digits* and *scale* are those of a decimal."""

    sort: Sort
    digits: int = 0
    scale: int = 0


class ParquetColumn:
    """Looks at the values of one column batch by batch, and then says what they have in common."""

    def __init__(self, column: Column, remarks: Remarks) -> None:
        self.name = whole(column.name)
        self._label = column.label
        self._usual = USUAL.get(column.type, "text")
        self._remarks = remarks
        self._sorts: set[Sort] = set()
        self._largest = 0  # the size of an integer
        self._before = 0  # digits before the point of a decimal
        self._scale = 0  # digits behind it

    def take(self, values: Sequence[Any]) -> Sequence[Any]:
        """Looks at *values*; gives them as they can be put aside, decimals that are NaN as null."""
        kinds = set(map(type, values))
        kinds.discard(NoneType)
        if Decimal in kinds and not all(v.is_finite() for v in values if type(v) is Decimal):
            values = [self._finite(value) for value in values]
        for kind in kinds:
            self._look(kind, [value for value in values if type(value) is kind])
        if kinds <= KEPT or kinds == {Decimal}:
            return values
        return [_kept(value) for value in values]

    def fit(self) -> Type:
        """Gives the type for all values that were taken; a remark says where it is not theirs."""
        sorts = self._sorts
        if not sorts:
            return Type(self._usual)
        if sorts == {"date", "datetime"}:
            return Type("datetime")
        if sorts == {"integer", "float"} and self._largest < LEAST_ROUNDED:
            return Type("float")
        if sorts == {"integer"} and self._largest < LEAST_LONG:
            return Type("integer")
        if sorts <= {"integer", "decimal"}:
            return self._decimal()
        if len(sorts) == 1:
            (sort,) = sorts
            return Type(sort)
        self._remarks.add("mixed", self._label)
        return Type("text")

    def fitted(self, values: Sequence[Any], sort: Sort) -> Sequence[Any]:
        """Gives *values*, which were put aside, as those of a column of *sort*."""
        if sort == "text":
            return self._texts(values)
        if sort == "float" and "integer" in self._sorts:
            return [None if value is None else float(value) for value in values]
        if sort == "datetime" and "date" in self._sorts:
            return [_midnight(value) if type(value) is date else value for value in values]
        return values

    def _look(self, kind: type, values: Sequence[Any]) -> None:
        if kind is Decimal:
            self._look_at_decimals(values)
        elif kind is datetime:
            for zone in {value.tzinfo for value in values}:
                self._sorts.add("datetime" if zone is None else "moment")
        elif kind is time:
            self._sorts.add("time" if all(value.tzinfo is None for value in values) else "text")
        else:
            self._sorts.add(SORTS.get(kind, "text"))
        if kind is int:
            self._largest = max(self._largest, -min(values), max(values))

    def _look_at_decimals(self, values: Sequence[Decimal]) -> None:
        for value in values:
            exponent = value.as_tuple().exponent
            assert isinstance(exponent, int)  # It is finite.
            self._scale = max(self._scale, -exponent)
            self._before = max(self._before, value.adjusted() + 1)
        if values:
            self._sorts.add("decimal")

    def _decimal(self) -> Type:
        digits = max(self._before, len(str(self._largest))) + self._scale
        if digits <= MOST_DIGITS:
            return Type("decimal", FEW_DIGITS if digits <= FEW_DIGITS else MOST_DIGITS, self._scale)
        self._remarks.add("wide", self._label)
        return Type("text")

    def _finite(self, value: Any) -> Any:
        if type(value) is not Decimal or value.is_finite():
            return value
        self._remarks.add("no-number", self._label)
        return None

    def _texts(self, values: Sequence[Any]) -> Sequence[str | None]:
        texts = [None if value is None else spell(value) for value in values]
        try:
            "".join(text for text in texts if text is not None).encode()
        except UnicodeEncodeError:
            mended = [None if text is None else whole(text) for text in texts]
            broken = sum(old != new for old, new in zip(texts, mended, strict=True))
            self._remarks.add("broken", self._label, broken)
            return mended
        return texts


def _kept(value: Any) -> Any:
    kind = type(value)
    if value is None or kind in KEPT or kind is Decimal:
        return value
    return bytes(value) if kind in SORTS else spell(value)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)
