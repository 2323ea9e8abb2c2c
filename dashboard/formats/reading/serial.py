"""Dates and times as workbooks keep them: a number of days, and a format that tells which it is.

ECMA-376 part 1, 18.8.30 (formats) and 18.17.4 (dates).
"""

import re
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from dashboard.formats.reading.row import Cell
from dashboard.formats.xlsx_cells import AFTER_LEAP_DAY, DAY_ZERO

Temporal = Literal["date", "time", "datetime", "duration"]

# The formats that every workbook has without saying so, in any language.
BUILT_IN: Final[dict[int, Temporal]] = {
    **dict.fromkeys((*range(14, 18), *range(27, 32), 36, *range(50, 59)), "date"),
    **dict.fromkeys((18, 19, 20, 21, *range(32, 36), 45, 47), "time"),
    22: "datetime",
    46: "duration",
}
LATEST: Final = date.max.toordinal() - DAY_ZERO
# Workbooks of old Macs count from 1904, and have no leap day that never was.
DAYS_TO_1904: Final = date(1904, 1, 1).toordinal() - DAY_ZERO
LEAP_DAY: Final = AFTER_LEAP_DAY - 1
MILLISECONDS: Final = 86_400_000

_without_texts = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]').sub


def temporal_of(code: str) -> Temporal | None:
    """Gives which sort of time the numbers of the format *code* are; None where they are none."""
    code = _without_texts("", code.lower()).partition(";")[0]
    if re.search(r"\[[hms]+\]", code):
        return "duration"
    has_time = bool(re.search("[hs]", code))
    # Beside hours or seconds, m is minutes; e is a year in some languages, not in 0.00E+00.
    has_date = bool(re.search("[dy]" if has_time else "[dym]", code)) and "general" not in code
    if has_date:
        return "datetime" if has_time else "date"
    return "time" if has_time else None


def moment(number: float, kind: Temporal, *, from_1904: bool) -> Cell:
    """Gives what a spreadsheet shows for *number*; itself where that is no date."""
    if kind == "duration":
        return _duration(number)
    days, thousandths = divmod(round(number * MILLISECONDS), MILLISECONDS)
    if kind == "time" and days == 0:
        return (datetime.min + timedelta(milliseconds=thousandths)).time()
    if from_1904:
        days += DAYS_TO_1904
    elif days <= 0:
        return number if days < 0 or thousandths == 0 else _time(thousandths)
    elif days == LEAP_DAY:
        return "1900-02-29"
    elif days < LEAP_DAY:
        days += 1
    if not 0 < days <= LATEST:
        return number
    day = date.fromordinal(DAY_ZERO + days)
    if kind == "date" and thousandths == 0:
        return day
    return datetime.combine(day, _time(thousandths))


def _time(thousandths: int) -> time:
    return (datetime.min + timedelta(milliseconds=thousandths)).time()


def _duration(number: float) -> Cell:
    """Gives hours, minutes and seconds: a time of day where it is one, else a text."""
    thousandths = round(number * MILLISECONDS)
    if 0 <= thousandths < MILLISECONDS:
        return _time(thousandths)
    minutes, seconds = divmod(abs(thousandths) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{'-' if thousandths < 0 else ''}{hours}:{minutes:02}:{seconds:02}"
