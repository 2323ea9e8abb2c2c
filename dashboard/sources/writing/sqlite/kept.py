"""Values as SQLite keeps them, none of them only in part."""

from collections.abc import Iterable
from types import NoneType
from typing import Final

from dashboard.sources.sqlite.bound import LARGEST, bound

_AS_THEY_ARE: Final = frozenset({NoneType, bytes, float, str})


def kept(values: Iterable[object]) -> list[object]:
    """Give *values* as SQLite keeps them. Raises OverflowError where a number is too large."""
    return [value if type(value) in _AS_THEY_ARE else _kept(value) for value in values]


def _kept(value: object) -> object:
    if type(value) is int:
        if -LARGEST - 1 <= value <= LARGEST:
            return value
        raise OverflowError
    return bound(value)
