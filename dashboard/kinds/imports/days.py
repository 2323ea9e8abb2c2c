"""Cells of days, times and moments."""

import re
from datetime import UTC, date, datetime, time, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from dashboard.kinds.imports.spelling import Days
from dashboard.kinds.imports.unfit import Unfit
from dashboard.words import marked

NOT_A_DATE: Final = marked("Not a date. Use 2026-02-28")
NOT_A_MOMENT: Final = marked("Not a date with a time. Use 2026-02-28 14:05")
NOT_A_TIME: Final = marked("Not a time. Use 14:05")
NO_SUCH_DAY: Final = marked("No day of the calendar. Use 2026-02-28")
HAS_A_TIME: Final = marked("Has a time, but the column keeps only the day")
SHORT_YEAR: Final = marked("Write the year with four digits, as in 2026-02-28")

SECONDS: Final = len("2026-02-28 14:05:09")

_iso = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_other = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})", re.ASCII)
_clock = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?", re.ASCII)
_offset = re.compile(r"(?:Z|[+-]\d{2}(?::?\d{2})?)", re.ASCII)
_moment = re.compile(rf"(\S+?)(?:[T ]\s*({_clock.pattern})\s?({_offset.pattern}|UTC)?)?", re.ASCII)


def day(cell: object, order: Days) -> date:
    """Give the day in *cell*; raises Unfit."""
    if isinstance(cell, str):
        return _day(cell.strip(), order)
    if isinstance(cell, datetime):
        if cell.time() != time():
            raise Unfit(HAS_A_TIME)
        return cell.date()
    if isinstance(cell, date):
        return cell
    raise Unfit(NOT_A_DATE)


def _day(text: str, order: Days) -> date:
    if len(text) == 10 and text[4] == text[7] == "-" and text.isascii():
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    if found := _iso.fullmatch(text):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _other.fullmatch(text):
        if len(found[4]) < 4:
            raise Unfit(SHORT_YEAR)
        first, second = int(found[1]), int(found[3])
        month, number = (second, first) if order == "dmy" else (first, second)
        return _date(int(found[4]), month, number)
    moment = _moment.fullmatch(text)
    if moment and moment[2]:
        if not re.fullmatch(r"[0:.,]+", moment[2]):
            raise Unfit(HAS_A_TIME)
        return _day(moment[1], order)
    raise Unfit(NOT_A_DATE)


def _date(year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        raise Unfit(NO_SUCH_DAY) from None


def moment(cell: object, order: Days, zone: ZoneInfo, *, aware: bool) -> datetime:
    """Give the moment in *cell*; raises Unfit.

    For a column that knows zones (*aware*) one that names none is of *zone*; for another column
    one that names a zone is taken at its UTC time, as exports write it.
    """
    found = _found(cell, order)
    if aware:
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found


def _found(cell: object, order: Days) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    if not isinstance(cell, str):
        raise Unfit(NOT_A_MOMENT)
    if len(cell) == SECONDS and cell[4] == cell[7] == "-" and cell.isascii():
        try:
            return datetime.fromisoformat(cell)  # As nearly all are.
        except ValueError:
            pass
    parts = _moment.fullmatch(cell.strip())
    if parts is None:
        raise Unfit(NOT_A_MOMENT)
    try:
        found = _day(parts[1], order)
    except Unfit as error:
        raise Unfit(NOT_A_MOMENT) if error.message == NOT_A_DATE else error from None
    at = _time(parts[2]) if parts[2] else time()
    return datetime.combine(found, at, _zone(parts[3]))


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text in ("Z", "UTC"):
        return UTC
    digits = text[1:].replace(":", "")
    spelled = f"{text[0]}{digits[:2]}:{digits[2:] or '00'}"
    try:
        return datetime.fromisoformat(f"2000-01-01T00:00{spelled}").tzinfo
    except ValueError:
        raise Unfit(NOT_A_MOMENT) from None


def clock(cell: object) -> time:
    """Give the time of day in *cell*; raises Unfit."""
    if isinstance(cell, time):
        return cell
    if isinstance(cell, str) and _clock.fullmatch(cell.strip()):
        return _time(cell.strip())
    raise Unfit(NOT_A_TIME)


def _time(text: str) -> time:
    hours, minutes, *rest = text.replace(",", ".").split(":")
    seconds, _, fraction = (rest[0] if rest else "0").partition(".")
    try:
        return time(int(hours), int(minutes), int(seconds), int(fraction[:6].ljust(6, "0")))
    except ValueError:
        raise Unfit(NOT_A_TIME) from None
