"""The one spelling of values as text, which all engines and formats share."""

import json
import math
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from types import NoneType
from typing import Any
from uuid import UUID


def spell(value: object) -> str:
    """Gives *value* as text; None is the empty text."""
    return SPELLERS[type(value)](value)


def whole(text: str) -> str:
    """Gives *text* with \ufffd in place of broken characters, which no file can hold."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class Spellers(dict[type, Callable[[Any], str]]):
    """The function that spells a class; a class that is not named is spelled as its base."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        found = next((self[base] for base in kind.__mro__ if base in self), str)
        self[kind] = found
        return found


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _float(value: float) -> str:
    """Gives the shortest text that reads back as *value*, in PostgreSQL's form."""
    text = float.__repr__(value)
    if text.endswith(".0") and abs(value) < 1e15:
        return text[:-2]
    if 1e15 <= abs(value) < 1e16:
        # Python turns to exponents at 16 digits, PostgreSQL at 15.
        return format(Decimal(text).normalize(), "e")
    if math.isfinite(value):
        return text
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _decimal(value: Decimal) -> str:
    text = str(value)
    return format(value, "f") if "E" in text else text


def _datetime(value: datetime) -> str:
    if value.tzinfo is not None:
        value = value.astimezone(UTC)
    return value.isoformat(" ")


def _timedelta(value: timedelta) -> str:
    """Gives an interval as PostgreSQL does: 2 days 03:04:05.5 has the sign before each part."""
    sign = "-" if value < timedelta() else ""
    size = abs(value)
    minutes, seconds = divmod(size.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{size.microseconds:06d}" if size.microseconds else ""
    clock = f"{sign}{hours:02d}:{minutes:02d}:{seconds:02d}{fraction}"
    if not size.days:
        return clock
    days = "day" if size.days == 1 and not sign else "days"
    return f"{sign}{size.days} {days} {clock}"


def _bytes(value: bytes | bytearray | memoryview) -> str:
    return "\\x" + value.hex()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=spell)


SPELLERS = Spellers(
    {
        NoneType: lambda _: "",
        bool: _boolean,
        int: int.__repr__,
        float: _float,
        Decimal: _decimal,
        str: str.__str__,
        datetime: _datetime,
        date: date.isoformat,
        time: time.isoformat,
        timedelta: _timedelta,
        bytes: _bytes,
        bytearray: _bytes,
        memoryview: _bytes,
        UUID: str,
        dict: _json,
        list: _json,
        tuple: _json,
    }
)
