"""How a file spells its numbers, days and empty cells: recognised, shown, and correctable."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Decimal = Literal[".", ","]
Days = Literal["dmy", "mdy"]
Nulls = Literal["empty", "mark"]

NULL_MARK: Final = "\\N"
"""How an export “for importing again” spells that there is no value."""

MONTHS: Final = 12

_point = re.compile(r"[+-]?[\d,'’ \u00a0\u202f]*\d?\.\d+")
_comma = re.compile(r"[+-]?[\d.'’ \u00a0\u202f]*\d?,\d+")
_day = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-]\d{4}\b")


@dataclass(frozen=True)
class Spelling:
    """The manner of one file; *zone* is that of moments which name none.

    *decimal* stands before the decimals of a number, *days* is the order of 3/4/2026 (whole dates
    such as 2026-04-03 are always understood). *nulls* says what has no value: an empty cell, or
    only the mark \\N, so that an empty cell is an empty text.
    """

    decimal: Decimal = "."
    days: Days = "dmy"
    nulls: Nulls = "empty"
    zone: str = "UTC"


def recognised(rows: Iterable[Sequence[object]], *, locale: str, zone: str) -> Spelling:
    """Give the spelling that the first *rows* show; where they show none, that of *locale*."""
    cells = [cell.strip() for row in rows for cell in row if isinstance(cell, str)]
    usual = usual_of(locale)
    return Spelling(
        decimal=_decimal(cells) or usual.decimal,
        days=_days(cells) or usual.days,
        nulls="mark" if NULL_MARK in cells else "empty",
        zone=zone,
    )


def usual_of(locale: str) -> Spelling:
    """Give the spelling that is usual where *locale* is read, as in en-US."""
    language, _, territory = locale.partition("-")
    comma = language == "de" or territory in {"AT", "BE", "DE", "DK", "FI", "NL", "SE"}
    if territory in {"CH", "LI"}:
        comma = False
    return Spelling(",") if comma else Spelling(days="mdy" if territory == "US" else "dmy")


def _decimal(cells: Sequence[str]) -> Decimal | None:
    """Give the sign that can only be a decimal one; None where there is none, or both are."""
    signs: dict[Decimal, re.Pattern[str]] = {".": _point, ",": _comma}
    found: set[Decimal] = set()
    for sign, pattern in signs.items():
        for cell in cells:
            if cell.count(sign) == 1 and pattern.fullmatch(cell):
                before, _, after = cell.partition(sign)
                # Three digits may as well be thousands, unless there is another sign before.
                if len(after) != 3 or before.lstrip("+-") in ("", "0") or _has_sign(before):
                    found.add(sign)
    return found.pop() if len(found) == 1 else None


def _has_sign(text: str) -> bool:
    return any(sign in text for sign in ".,'’ \u00a0\u202f")


def _days(cells: Sequence[str]) -> Days | None:
    """Give the order of days and months, where a number over twelve tells it."""
    firsts, seconds = [0], [0]
    for cell in cells:
        if found := _day.match(cell):
            firsts.append(int(found[1]))
            seconds.append(int(found[2]))
    day_first, month_first = max(firsts) > MONTHS, max(seconds) > MONTHS
    if day_first == month_first:
        # Dots between numbers are of places where the day comes first.
        dotted = any(_day.match(cell) and "." in cell for cell in cells)
        return "dmy" if dotted and not month_first else None
    return "dmy" if day_first else "mdy"
