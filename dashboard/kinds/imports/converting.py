"""Cells of a file become values of a column, or the reason why they cannot."""

import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Final, TypeGuard
from zoneinfo import ZoneInfo

from dashboard.formats.spelling import spell
from dashboard.kinds.imports.addresses import ADDRESS, address
from dashboard.kinds.imports.days import clock, day, moment
from dashboard.kinds.imports.numbers import (
    DECIMALS,
    DIGITS,
    NOT_A_NUMBER,
    OUT_OF_RANGE,
    decimal,
    whole,
)
from dashboard.kinds.imports.spelling import NULL_MARK, Spelling
from dashboard.kinds.imports.unfit import Unfit
from dashboard.kinds.imports.wholesale import (
    APPROXIMATE,
    Converted,
    Wholesale,
    wholesale,
    with_gaps,
)
from dashboard.sources.writing import TargetColumn
from dashboard.words import marked

Convert = Callable[[object], object]
"""Gives the value of one cell; raises Unfit."""

MISSING: Final = marked("Missing")
TOO_LONG: Final = marked("Too long: at most %(limit)s characters, this has %(length)s")
NO_CHOICE: Final = marked("Not one of %(choices)s")
NOT_YES_OR_NO: Final = marked("Neither yes nor no")
NOT_JSON: Final = marked("Not JSON")
NOT_A_UUID: Final = marked("Not a UUID, as in 123e4567-e89b-12d3-a456-426614174000")

YES: Final = frozenset({"true", "t", "yes", "y", "1", "on", "x", "ja", "j", "wahr"})
NO: Final = frozenset({"false", "f", "no", "n", "0", "off", "nein", "falsch"})
SHOWN_CHOICES: Final = 6
OFTEN: Final = 2
"""Looking up what was read before pays where a text comes twice on average."""


@dataclass(frozen=True)
class Converter:
    """Reads the cells of one column: *one* of them, or *many* at once, which is much faster.

    Both raise Unfit; what many refuses, one by one tells which.
    """

    one: Convert
    many: Callable[[Sequence[object]], Converted]


def converter(column: TargetColumn, spelling: Spelling, *, texts: bool = False) -> Converter:
    """Give the converter for *column* of cells that are spelled like *spelling*.

    With *texts* all cells are known to be texts, as those of a CSV are.
    """
    value = _value_of(column, spelling)
    text = column.type == "text" or (column.type is None and value is _as_text)
    empties = frozenset({NULL_MARK} if text and spelling.nulls == "mark" else {NULL_MARK, ""})
    must = column.required

    def one(cell: object) -> object:
        if cell is None or cell in empties or (not text and _is_blank(cell)):
            if must:
                raise Unfit(MISSING)
            return None
        return value(cell)

    is_short = isinstance(value, partial) and value.func is _short
    if text and (value is _as_text or is_short):
        longest = column.max_length if is_short else None
        return Converter(one, partial(_texts, one, empties, must, longest, texts))
    return Converter(one, partial(_many, one, wholesale(column, spelling), must, texts))


def _many(
    one: Convert, convert: Wholesale | None, must: bool, texts: bool, cells: Sequence[object]
) -> Converted:
    """Give the values; of texts that come again and again each one is read once."""
    if not _are_texts(cells, known=texts):
        return Converted(list(map(one, cells)))
    if convert is not None and not (must and "" in cells):
        found = with_gaps(convert, cells)
        if found is not None:
            return found
    distinct = set(cells)
    if len(distinct) * OFTEN < len(cells):
        known = {cell: one(cell) for cell in distinct}
        return Converted([known[cell] for cell in cells])
    return Converted(list(map(one, cells)))


def _texts(
    one: Convert,
    empties: frozenset[str],
    must: bool,
    longest: int | None,
    texts: bool,
    cells: Sequence[object],
) -> Converted:
    """Give texts of which at most the length is asked: those of a CSV are what they are."""
    if not _are_texts(cells, known=texts):
        return Converted(list(map(one, cells)))
    if longest is not None and max(map(len, cells)) > longest:
        return Converted(list(map(one, cells)))
    if not any(empty in cells for empty in empties):
        return Converted(cells, cells, is_filled=True)
    if must:
        raise Unfit(MISSING)
    values = [None if cell in empties else cell for cell in cells]
    return Converted(values, values)


def _are_texts(cells: Sequence[object], *, known: bool) -> TypeGuard[Sequence[str]]:
    return known or set(map(type, cells)) == {str}


def _is_blank(cell: object) -> bool:
    return type(cell) is str and (not cell or cell.isspace())


def _value_of(column: TargetColumn, spelling: Spelling) -> Convert:
    match column.type:
        case "integer":
            return _whole(column, spelling)
        case "number":
            return _number(column, spelling)
        case "date":
            return lambda cell: day(cell, spelling.days)
        case "datetime":
            zone = ZoneInfo(spelling.zone)
            aware = "with time zone" in column.native or column.native == "timestamptz"
            return lambda cell: moment(cell, spelling.days, zone, aware=aware)
        case "time":
            return clock
        case "boolean":
            return yes_or_no
    return _text(column)


def _whole(column: TargetColumn, spelling: Spelling) -> Convert:
    sign = spelling.decimal
    least, most = column.bounds or (-(2**63), 2**63 - 1)

    def read(cell: object) -> object:
        if type(cell) is str and len(cell) < 19 and cell.isascii() and cell.isdecimal():
            number = int(cell)
        else:
            number = whole(cell, sign)
        if not least <= number <= most:
            raise Unfit(OUT_OF_RANGE, least=least, most=most)
        return number

    return read


def _number(column: TargetColumn, spelling: Spelling) -> Convert:
    sign, scale, precision = spelling.decimal, column.scale, column.precision
    if any(word in column.native.lower() for word in APPROXIMATE):
        return lambda cell: cell if type(cell) is float else _float(decimal(cell, sign))
    if scale is None:
        return lambda cell: decimal(cell, sign)
    most = Decimal(10) ** (precision - scale) if precision is not None else None
    step = Decimal(1).scaleb(-scale)

    def read(cell: object) -> object:
        number = decimal(cell, sign)
        exponent = number.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > scale:
            # A spreadsheet keeps 0.1 as 0.1000000000000000055; its decimals are not a person's.
            rounded = number.quantize(step)
            if rounded != number and type(cell) is not float:
                raise Unfit(DECIMALS, limit=scale)
            number = rounded
        if most is not None and abs(number) >= most:
            raise Unfit(DIGITS, limit=(precision or 0) - scale)
        return number

    return read


def _float(number: Decimal) -> float:
    value = float(number)
    if value in (float("inf"), float("-inf")):
        raise Unfit(NOT_A_NUMBER, example="1.5")
    return value


def yes_or_no(cell: object) -> object:
    """Give the truth in *cell*; raises Unfit."""
    if isinstance(cell, bool):
        return cell
    word = spell(cell).strip().casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise Unfit(NOT_YES_OR_NO)


def _text(column: TargetColumn) -> Convert:
    native, choices = column.native.lower(), column.choices
    if choices:
        known = frozenset(choices)
        shown = ", ".join(choices[:SHOWN_CHOICES]) + ("…" if len(choices) > SHOWN_CHOICES else "")

        def choose(cell: object) -> object:
            text = _as_text(cell)
            if text not in known:
                raise Unfit(NO_CHOICE, choices=shown)
            return text

        return choose
    if native == ADDRESS:
        return address
    if column.max_length is not None:
        return partial(_short, column.max_length)
    if native == "uuid":
        return _uuid
    return _json if native in ("json", "jsonb") else _as_text


def _short(limit: int, cell: object) -> object:
    text = _as_text(cell)
    if len(text) > limit:
        raise Unfit(TOO_LONG, limit=limit, length=len(text))
    return text


def _as_text(cell: object) -> str:
    """Give *cell* as text: a whole number of a spreadsheet has no decimals, midnight no time."""
    if type(cell) is str:
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    return spell(cell)


def _uuid(cell: object) -> object:
    try:
        return str(uuid.UUID(_as_text(cell).strip()))
    except ValueError:
        raise Unfit(NOT_A_UUID) from None


def _json(cell: object) -> object:
    text = _as_text(cell)
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        raise Unfit(NOT_JSON) from None
    return text
