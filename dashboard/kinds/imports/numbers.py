"""Cells of numbers: whole ones, decimals, and what only looks like one."""

import math
import re
from decimal import Decimal
from typing import Final

from dashboard.kinds.imports.spelling import Decimal as Sign
from dashboard.kinds.imports.unfit import Unfit
from dashboard.words import marked

BLANKS: Final = " \u00a0\u202f'’"
"""What may stand between thousands whatever the decimal sign is."""

LONGEST: Final = 200
"""Characters of a number: no database keeps as many digits, and Python is slow with more."""

LARGEST_EXPONENT: Final = 400
"""No database keeps a floating point number beyond it."""

NOT_A_NUMBER: Final = marked("Not a number. Use %(example)s")
NOT_WHOLE: Final = marked("Not a whole number")
TWO_WAYS: Final = marked("May be %(one)s or %(other)s: write it without “%(sign)s”")
WRONG_SIGN: Final = marked(
    "This file’s numbers have “%(sign)s” before the decimals: use %(example)s"
)
OUT_OF_RANGE: Final = marked("Out of range: from %(least)s to %(most)s")
DECIMALS: Final = marked("At most %(limit)s decimals")
DIGITS: Final = marked("At most %(limit)s digits before the decimals")

_thousands = re.compile(rf"(?<=\d)[{BLANKS}](?=\d{{3}}(?!\d))")
_plain = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
_simple = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_groups = {",": re.compile(r"[+-]?\d{1,3}(?:,\d{3})+", re.ASCII)}
_groups["."] = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+", re.ASCII)


def whole(cell: object, sign: Sign) -> int:
    """Give the whole number in *cell*; raises Unfit."""
    if type(cell) is int:
        return cell
    try:
        number = decimal(cell, sign)
    except Unfit as unfit:
        if unfit.message == NOT_A_NUMBER:
            raise Unfit(NOT_WHOLE) from None
        raise
    if number != number.to_integral_value():
        raise Unfit(NOT_WHOLE)
    return int(number)


def decimal(cell: object, sign: Sign) -> Decimal:
    """Give the number in *cell*, exactly as it is written; raises Unfit."""
    if isinstance(cell, str):
        return _read(cell.strip(), sign)
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        raise Unfit(NOT_A_NUMBER, example=_example(sign))
    if isinstance(cell, float):
        if not math.isfinite(cell):
            raise Unfit(NOT_A_NUMBER, example=_example(sign))
        return Decimal(repr(cell))
    return Decimal(cell)


def _read(text: str, sign: Sign) -> Decimal:
    if len(text) > LONGEST:
        raise Unfit(NOT_A_NUMBER, example=_example(sign))
    if sign == "." and _simple.fullmatch(text):
        return Decimal(text)  # As nearly all are.
    text = _thousands.sub("", text).replace("\u2212", "-")
    other: Sign = "," if sign == "." else "."
    if other in text:
        text = _without(text, other, sign)
    text = text.replace(sign, ".")
    if not _plain.fullmatch(text):
        raise Unfit(NOT_A_NUMBER, example=_example(sign))
    number = Decimal(text)
    if number and abs(number.adjusted()) > LARGEST_EXPONENT:
        raise Unfit(NOT_A_NUMBER, example=_example(sign))
    return number


def _without(text: str, other: Sign, sign: Sign) -> str:
    """Give *text* without the *other* sign between its thousands.

    A number is never guessed: where that sign may as well be a decimal one, nobody knows.
    """
    front, _, decimals = text.partition(sign)
    if not _groups[other].fullmatch(front) or other in decimals:
        mended = text.replace(other, sign)
        if (
            text.count(other) == 1
            and sign not in text
            and _plain.fullmatch(mended.replace(sign, "."))
        ):
            raise Unfit(WRONG_SIGN, sign=sign, example=mended)
        raise Unfit(NOT_A_NUMBER, example=_example(sign))
    if front.count(other) == 1 and sign not in text:
        one, either = text.replace(other, ""), text.replace(other, sign)
        raise Unfit(TWO_WAYS, one=one, other=either, sign=other)
    return text.replace(other, "")


def _example(sign: Sign) -> str:
    return f"1234{sign}5"
