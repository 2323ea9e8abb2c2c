"""The values of any driver as the values that a source promises."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
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
    if isinstance(value, timedelta):
        return _clock(value)
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return str(value)


def _clock(span: timedelta) -> time | str:
    """Give the time of day as which a driver of MySQL has a *span*; a text where it is none."""
    if timedelta() <= span < timedelta(days=1):
        return (datetime.min + span).time()
    seconds, micro = divmod(abs(span) // timedelta(microseconds=1), 1_000_000)
    fraction = f".{micro:06d}" if micro else ""
    sign = "-" if span < timedelta() else ""
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{fraction}"
