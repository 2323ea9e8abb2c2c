"""Values of a row as text that gives the very same values again."""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

_PACKERS: Final[dict[type, tuple[str, Callable[[Any], str]]]] = {
    Decimal: ("n", str),
    datetime: ("m", datetime.isoformat),
    date: ("d", date.isoformat),
    time: ("t", time.isoformat),
    UUID: ("u", str),
    bytes: ("b", bytes.hex),
}
_UNPACKERS: Final[dict[str, Callable[[str], object]]] = {
    "n": Decimal,
    "m": datetime.fromisoformat,
    "d": date.fromisoformat,
    "t": time.fromisoformat,
    "u": UUID,
    "b": bytes.fromhex,
}


def pack(values: Sequence[object]) -> str:
    """Give *values* as JSON; what JSON does not know stands as [sort, text]."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: object) -> list[str]:
    sort, spelled = _PACKERS[type(value)]
    return [sort, spelled(value)]


def unpack(text: str) -> tuple[Any, ...]:
    """Give the values that pack took."""
    return tuple(map(_value, json.loads(text)))


def _value(each: Any) -> Any:
    return _UNPACKERS[each[0]](each[1]) if isinstance(each, list) else each
