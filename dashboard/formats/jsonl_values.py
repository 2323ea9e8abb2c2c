"""Values as JSON, a whole column of a batch at once."""

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from json import JSONEncoder
from types import NoneType
from uuid import UUID

from dashboard.formats.remarks import Remarks
from dashboard.formats.spelling import SPELLERS, spell
from dashboard.formats.table import Column

# Where a column's value stands in the format of a line; texts that need no escapes get their quotes
# there, which is cheapest.
BARE, QUOTED = "%s", '"%s"'

# Values of these classes are spelled without any character that JSON escapes.
QUIET = frozenset({date, datetime, time, timedelta, UUID})

# A line feed within a text is escaped, so it parts the values of a list for certain.
PART = "\n"
_encoder = JSONEncoder(ensure_ascii=False, check_circular=False, separators=(PART, ":"))
_needs_escapes = re.compile(r'["\\\x00-\x1f]').search

# Up to this size Python and PostgreSQL write numbers alike, but for a final .0.
LEAST_EXPONENT = 1e15

BOOLEANS = {True: "true", False: "false", None: "null"}


class JsonlColumn:
    """Turns the values of one column into JSON."""

    def __init__(self, column: Column, remarks: Remarks) -> None:
        self._label = column.label
        self._remarks = remarks

    def texts(self, values: Sequence[object]) -> tuple[str, Iterable[str]]:
        """Gives BARE or QUOTED, and the texts of *values* for that place."""
        kinds = set(map(type, values))
        nulls = NoneType in kinds
        kinds.discard(NoneType)
        if len(kinds) == 1:
            (kind,) = kinds
            if kind is str:
                return _strings(values, nulls)  # type: ignore[arg-type]  # kinds proved it
            if kind is bool:
                return BARE, [BOOLEANS[value] for value in values]  # type: ignore[index]  # Same.
            if kind is int:
                return BARE, _or_null(values, list(map(str, values)), nulls)
            if kind is Decimal:
                return BARE, self._decimals(values, nulls)  # type: ignore[arg-type]  # Same.
            if kind is float:
                return BARE, self._floats(values, nulls)  # type: ignore[arg-type]  # Same.
            if kind in QUIET and not nulls:
                return QUOTED, map(SPELLERS[kind], values)
        return BARE, [self._text(value) for value in values]

    def _decimals(self, values: Sequence[Decimal | None], nulls: bool) -> Sequence[str]:
        texts = list(map(str, values))
        joined = "".join(texts)
        # The letters of exponents, NaN and Infinity, which None has not.
        if "E" in joined or "a" in joined or "I" in joined:
            return [self._text(value) for value in values]
        return _or_null(values, texts, nulls)

    def _floats(self, values: Sequence[float | None], nulls: bool) -> Sequence[str]:
        present = [value for value in values if value is not None] if nulls else values
        if not all(map(math.isfinite, present)) or max(map(abs, present)) >= LEAST_EXPONENT:  # type: ignore[arg-type]  # None has gone.
            return [self._text(value) for value in values]
        joined = PART.join(map(repr, values)) + PART
        return _or_null(values, joined.replace(f".0{PART}", PART).split(PART)[:-1], nulls)

    def _text(self, value: object) -> str:
        if value is None:
            return "null"
        if isinstance(value, bool | int):
            return spell(value)
        if isinstance(value, float | Decimal):
            if math.isfinite(value):
                return spell(value)
            self._remarks.add("no-number", self._label)
            return "null"
        return quoted(spell(value))


def quoted(text: str) -> str:
    """Gives *text* as a string of JSON."""
    return _encoder.encode(text)


def _strings(values: Sequence[str | None], nulls: bool) -> tuple[str, Iterable[str]]:
    present = [text for text in values if text is not None] if nulls else values
    if _needs_escapes("".join(present)):  # type: ignore[arg-type]  # None has gone.
        return BARE, _encoder.encode(values)[1:-1].split(PART)
    if nulls:
        return BARE, ["null" if text is None else f'"{text}"' for text in values]
    return QUOTED, values  # type: ignore[return-value]  # None has gone.


def _or_null(values: Sequence[object], texts: Sequence[str], nulls: bool) -> Sequence[str]:
    """Gives *texts* with null where there is no value, if *nulls* says there are such places."""
    if not nulls:
        return texts
    pairs = zip(values, texts, strict=True)
    return ["null" if value is None else text for value, text in pairs]
