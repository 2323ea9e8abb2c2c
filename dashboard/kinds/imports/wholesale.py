"""Whole columns of cells that are all spelled as nearly all are: one look at all of them.

Each gives None where one cell is not; one by one tells then what it is. What is not plain, such as
an empty cell, is for others.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Final, NamedTuple

from dashboard.kinds.imports.numbers import LONGEST
from dashboard.kinds.imports.spelling import Spelling
from dashboard.sources.writing import TargetColumn


class Converted(NamedTuple):
    """The values of a column's cells in their order, None for no value.

    *spelled* are the same as texts that every database reads as these very values, None where the
    cells are spelled in another way; texts are spelled as they are. *is_filled* says that it is
    known that no value is missing.
    """

    values: Sequence[object]
    spelled: Sequence[str | None] | None = None
    is_filled: bool = False


Wholesale = Callable[[Sequence[str]], Converted | None]
"""Converts cells that are texts and not empty."""

APPROXIMATE: Final = ("real", "double", "float")
SAFE_DIGITS: Final = 18
"""Of a whole number that fits into 64 bits whatever its digits are."""

_whole_numbers = re.compile(rf"(?:-?\d{{1,{SAFE_DIGITS}}}\n)*", re.ASCII)
_days = re.compile(r"(?:\d{4}-\d\d-\d\d\n)*", re.ASCII)
_moments = re.compile(r"(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\n)*", re.ASCII)
_utc_moments = re.compile(r"(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00:00\n)*", re.ASCII)


def wholesale(column: TargetColumn, spelling: Spelling) -> Wholesale | None:
    """Give what converts cells of *column* at one go; None where nothing does."""
    match column.type:
        case "integer":
            return partial(_wholes, column.bounds or (-(2**63), 2**63 - 1))
        case "number" if spelling.decimal == "." and (found := _digits(column)):
            is_approximate = any(word in column.native.lower() for word in APPROXIMATE)
            return partial(_numbers, found, float if is_approximate else Decimal)
        case "date":
            return _dates
        case "datetime" if "with time zone" in column.native or column.native == "timestamptz":
            return partial(_instants, _utc_moments)
        case "datetime":
            return partial(_instants, _moments)
    return None


def with_gaps(convert: Wholesale, cells: Sequence[str]) -> Converted | None:
    """Give what *convert* makes of *cells*, where an empty one has no value."""
    if "" not in cells:
        found = convert(cells)
        return found and found._replace(is_filled=True)
    filled = [cell for cell in cells if cell]
    found = convert(filled) if filled else Converted(())
    if found is None:
        return None
    values = iter(found.values)
    return Converted(
        [next(values) if cell else None for cell in cells],
        found.spelled and [cell or None for cell in cells],
    )


def _wholes(bounds: tuple[int, int], cells: Sequence[str]) -> Converted | None:
    if not _all_lines(_whole_numbers, cells):
        return None
    values = list(map(int, cells))
    least, most = bounds
    if not least <= min(values) <= max(values) <= most:
        return None
    return Converted(values, cells)


def _digits(column: TargetColumn) -> re.Pattern[str] | None:
    """Give the pattern of numbers that *column* keeps as they are, one in a line."""
    scale, precision = column.scale, column.precision
    if scale is None:
        return re.compile(
            rf"(?:-?\d{{1,{LONGEST // 2}}}(?:\.\d{{1,{LONGEST // 4}}})?\n)*", re.ASCII
        )
    before = LONGEST // 2 if precision is None else precision - scale
    if before < 1 or scale < 0:
        return None
    after = rf"(?:\.\d{{1,{scale}}})?" if scale else ""
    return re.compile(rf"(?:-?\d{{1,{before}}}{after}\n)*", re.ASCII)


def _numbers(
    pattern: re.Pattern[str], number: Callable[[str], object], cells: Sequence[str]
) -> Converted | None:
    if not _all_lines(pattern, cells):
        return None
    return Converted(list(map(number, cells)), cells)


def _dates(cells: Sequence[str]) -> Converted | None:
    if not _all_lines(_days, cells):
        return None
    try:
        return Converted(list(map(date.fromisoformat, cells)), cells)
    except ValueError:
        return None


def _instants(pattern: re.Pattern[str], cells: Sequence[str]) -> Converted | None:
    if not _all_lines(pattern, cells):
        return None
    try:
        values = list(map(datetime.fromisoformat, cells))
    except ValueError:
        return None
    # Not every database keeps a moment with its zone.
    return Converted(values, cells if pattern is _moments else None)


def _all_lines(pattern: re.Pattern[str], cells: Sequence[str]) -> bool:
    """Say whether each cell fits *pattern*, which is one of whole lines."""
    joined = "\n".join(cells) + "\n"
    return joined.count("\n") == len(cells) and pattern.fullmatch(joined) is not None
