"""Rows as CSV, in the spelling that all sources and the CSV format share.

The dialect is that of PostgreSQL's COPY: lines end with LF, and a text is quoted where it must be,
always when it would look like null. Whole columns of a batch are looked at at once, which is
several times faster than value by value.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from types import NoneType
from typing import Any, Final

FORMULA_STARTS: Final = frozenset("=+-@\t\r")
"""A spreadsheet takes a text that begins with one of these for a formula."""


def lines(columns: Sequence[Sequence[object]], *, formula_safe: bool, null: str = "") -> str:
    """Give the lines of a batch whose values come column by column; *null* is how null is told."""
    fields = [_fields(values, formula_safe, null) for values in columns]
    if len(fields) == 1:
        # Alone on its line, \. would end the data for COPY, which therefore quotes it.
        fields = [['"\\."' if field == "\\." else field for field in fields[0]]]
    return "\n".join(map(",".join, zip(*fields, strict=True))) + "\n"


def _fields(values: Sequence[Any], formula_safe: bool, null: str) -> Iterable[str]:
    kinds = set(map(type, values))
    nulls = NoneType in kinds
    kinds.discard(NoneType)
    present = [value for value in values if value is not None] if nulls else values
    if kinds == {str}:
        return _texts(values, present, formula_safe, null)
    if kinds == {int} and not nulls:
        return map(str, values)
    if kinds == {bool}:
        return [null if value is None else _BOOLEANS[value] for value in values]
    if kinds and kinds <= {int, float} and _short(min(present)) and _short(max(present)):
        return _numbers(values, null)
    return [null if value is None else _field(value, formula_safe, null) for value in values]


def _numbers(values: Sequence[float | None], null: str) -> list[str]:
    """Give what repr() gives, without a final .0, and *null* for null: all at once."""
    spelled = "\0".join(map(repr, values)) + "\0"
    return spelled.replace(".0\0", "\0").replace("None", null).split("\0")[:-1]


def _short(number: float) -> bool:
    """Say whether Python and PostgreSQL write numbers up to this size alike, but for a final .0."""
    return -1e15 < number < 1e15


def _texts(
    values: Sequence[str | None], present: Sequence[str], formula_safe: bool, null: str
) -> Iterable[str]:
    joined = "\0".join(present)
    least = min(present)
    if formula_safe and (
        # All that makes a formula sorts before the digits, but for these two.
        least < "0" or least[0] in "=@" or "\0=" in joined or "\0@" in joined
    ):
        return [
            null
            if text is None
            else _quoted("'" + text if text[:1] in FORMULA_STARTS else text, null)
            for text in values
        ]
    looks_null = null in joined if null else not least
    if looks_null or '"' in joined or "," in joined or "\n" in joined or "\r" in joined:
        return [null if text is None else _quoted(text, null) for text in values]
    return [null if text is None else text for text in values] if present is not values else present


def _quoted(text: str, null: str) -> str:
    if '"' in text:
        return '"' + text.replace('"', '""') + '"'
    if text == null or "," in text or "\n" in text or "\r" in text:
        return f'"{text}"'
    return text


def _field(value: object, formula_safe: bool, null: str) -> str:
    spell = SPELLERS.get(type(value))
    if spell is not None:
        return spell(value)
    text = str(value)
    return _quoted("'" + text if formula_safe and text[:1] in FORMULA_STARTS else text, null)


def _float(value: float) -> str:
    """Give the shortest text that reads back as *value*, in PostgreSQL's form."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    text = repr(value)
    if _short(value):
        return text.removesuffix(".0")
    # Python begins to write exponents with the 17th digit, PostgreSQL with the 16th.
    return f"{Decimal(text).normalize():e}" if "e" not in text else text


def _datetime(value: datetime) -> str:
    return (value if value.tzinfo is None else value.astimezone(UTC)).isoformat(" ")


def _bytes(value: bytes) -> str:
    return "\\x" + value.hex()


_BOOLEANS: Final = {True: "true", False: "false"}

SPELLERS: Final[Mapping[type, Callable[[Any], str]]] = {
    bool: lambda value: str(value).lower(),
    bytes: _bytes,
    datetime: _datetime,
    float: _float,
    int: str,
}
"""Values that are no text: they need neither quotes nor a guard."""
