"""Values as cells of a workbook: numbers stay numbers, dates become Excel's day numbers.

What Excel would change without a word is written as text, and a remark says so.
"""

import math
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import NoneType
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.formats.remarks import Remarks
from dashboard.formats.spelling import spell, whole
from dashboard.formats.spool import Plain
from dashboard.formats.table import Column, FormatError

MOST_DIGITS = 15
LEAST_LONG: int = 10**MOST_DIGITS
MOST_CHARACTERS = 32_767  # of a text, as Excel counts them: in units of UTF-16

DAY = timedelta(days=1)
MIDNIGHT_ZERO = datetime(1899, 12, 30)
DAY_ZERO = MIDNIGHT_ZERO.toordinal()
# Excel takes 1900 for a leap year, so the days before its 29 February are numbered one less.
FIRST_DAY = date(1900, 1, 1).toordinal() - DAY_ZERO
LEAP_MIDNIGHT = datetime(1900, 3, 1)
AFTER_LEAP_DAY = LEAP_MIDNIGHT.toordinal() - DAY_ZERO


class XlsxColumn:
    """Turns the values of one column into cells."""

    def __init__(self, column: Column, zone: ZoneInfo, remarks: Remarks) -> None:
        self._label = column.label
        self._zone = zone
        self._remarks = remarks
        self._convert: dict[type, Callable[..., Plain]] = {
            bool: bool,
            int: self._int,
            float: self._float,
            Decimal: self._decimal,
        }
        if column.type == "datetime":
            self._convert |= {datetime: self._datetime, date: self._date}
        elif column.type == "date":
            self._convert[date] = self._date
        elif column.type == "time":
            self._convert[time] = self._time

    def cells(self, values: Sequence[object], before: int) -> Sequence[Plain]:
        """Gives the cells of *values*, before which *before* rows were written.

        Raises FormatError for a text that no cell can hold.
        """
        kinds = set(map(type, values))
        kinds.discard(NoneType)
        if len(kinds) == 1:
            (kind,) = kinds
            if (is_plain := PLAIN.get(kind)) and is_plain([v for v in values if v is not None]):
                return values  # type: ignore[return-value]  # PLAIN has proved it
            if convert := self._convert.get(kind):
                return [None if value is None else convert(value) for value in values]
        return [
            None if value is None else self._cell(value, row)
            for row, value in enumerate(values, before + 1)
        ]

    def _cell(self, value: object, row: int) -> Plain:
        convert = self._convert.get(type(value))
        return convert(value) if convert else self._text(spell(value), row)

    def _text(self, text: str, row: int) -> str:
        try:
            units = len(text.encode("utf-16-le")) // 2
        except UnicodeEncodeError:
            self._remarks.add("broken", self._label)
            text = whole(text)
            units = len(text.encode("utf-16-le")) // 2
        if units > MOST_CHARACTERS:
            raise FormatError(
                f"Row {row:,}, column {self._label}: the text has {units:,} characters, but a cell "
                f"of an Excel workbook holds {MOST_CHARACTERS:,}. Choose CSV for these rows.",
                change=True,
            )
        return text

    def _int(self, value: int) -> int | str:
        if -LEAST_LONG < value < LEAST_LONG:
            return value
        self._remarks.add("long", self._label)
        return str(value)

    def _float(self, value: float) -> float | str:
        if math.isfinite(value):
            return value
        self._remarks.add("not-number", self._label)
        return spell(value)

    def _decimal(self, value: Decimal) -> float | str:
        text = str(value)
        number = float(text)
        # A text no longer than that cannot have too many digits, which is quick to know.
        if len(text) <= MOST_DIGITS and math.isfinite(number):
            return number
        text = spell(value)
        if not value.is_finite():
            self._remarks.add("not-number", self._label)
            return text
        if len(text.replace(".", "").strip("-0")) > MOST_DIGITS:
            if abs(value) >= LEAST_LONG:
                self._remarks.add("long", self._label)
                return text
            self._remarks.add("rounded", self._label)
        return number if math.isfinite(number) else text

    def _date(self, value: date) -> float | str:
        number = serial_of(value)
        if number is not None:
            return number
        self._remarks.add("early", self._label)
        return spell(value)

    def _datetime(self, value: datetime) -> float | str:
        if value.tzinfo is not None:
            value = value.astimezone(self._zone).replace(tzinfo=None)
        return self._date(value)

    def _time(self, value: time) -> float | str:
        number = serial_of(value)
        return spell(value) if number is None else number


def serial_of(value: date | time) -> float | None:
    """Gives the number of days that stands for *value* in a workbook.

    None where there is none: before 1900, and for what has a time zone.
    """
    if isinstance(value, time):
        return _part_of_day(value) if value.tzinfo is None else None
    if not isinstance(value, datetime):
        return _day_of(value)
    if value.tzinfo is not None:
        return None
    if value >= LEAP_MIDNIGHT:
        return (value - MIDNIGHT_ZERO) / DAY
    day = _day_of(value)
    return None if day is None else day + _part_of_day(value)


def _day_of(value: date) -> int | None:
    day = value.toordinal() - DAY_ZERO
    if day >= AFTER_LEAP_DAY:
        return day
    return day - 1 if day >= FIRST_DAY else None


def _are_short(texts: list[str]) -> bool:
    """Whether all *texts* fit into cells for certain and hold no broken characters."""
    try:
        "".join(texts).encode()
    except UnicodeEncodeError:
        return False
    return max(map(len, texts)) <= MOST_CHARACTERS // 2


def _are_exact(numbers: list[int]) -> bool:
    return min(numbers) > -LEAST_LONG and max(numbers) < LEAST_LONG


def _are_finite(numbers: list[float]) -> bool:
    return all(map(math.isfinite, numbers))


def _part_of_day(value: datetime | time) -> float:
    seconds = (value.hour * 60 + value.minute) * 60 + value.second
    return (seconds + value.microsecond / 1_000_000) / DAY.total_seconds()


# For a class of values: says whether all of a list may go into cells as they are.
PLAIN: dict[type, Callable[[list[Any]], bool]] = {
    bool: bool,
    float: _are_finite,
    int: _are_exact,
    str: _are_short,
}
