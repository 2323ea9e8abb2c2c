"""The values of any driver as the values that a source promises."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from types import NoneType
from typing import Final
from uuid import UUID

NATURAL: Final = frozenset(
    {NoneType, str, int, float, Decimal, bool, date, datetime, time, bytes, UUID}
)


def natural(rows: Sequence[Sequence[object]]) -> list[tuple[object, ...]]:
    """Give *rows* with everything that is not natural as text."""
    columns: list[Sequence[object]] = [
        values if set(map(type, values)) <= NATURAL else [_cell(value) for value in values]
        for values in zip(*rows, strict=True)
    ]
    return list(zip(*columns, strict=True))


def _cell(value: object) -> object:
    if type(value) in NATURAL:
        return value
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return str(value)
