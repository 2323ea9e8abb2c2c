"""How numbers, sizes and times read on a page, in the manner of whoever reads it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from flask import Flask

from dashboard import words
from dashboard.formats import FORMATS
from dashboard.words import gettext as _, marked, ngettext, reader

UNITS = (marked("bytes"), "KB", "MB", "GB", "TB")
TENTHS = 2  # from this unit on
MINUTE = 60
HOUR = 3600
DAY = 86400
JUST_NOW_SECONDS = 30


class Step(NamedTuple):
    """Below *limit* seconds a moment is told in units of *size* seconds, *gone* or *coming*."""

    limit: int
    size: int
    gone: Callable[[int], str]
    coming: Callable[[int], str]


# What is farther away is told by its date.
STEPS = (
    Step(
        MINUTE,
        1,
        lambda n: ngettext("%(num)s second ago", "%(num)s seconds ago", n),
        lambda n: ngettext("in %(num)s second", "in %(num)s seconds", n),
    ),
    Step(
        HOUR,
        MINUTE,
        lambda n: ngettext("%(num)s minute ago", "%(num)s minutes ago", n),
        lambda n: ngettext("in %(num)s minute", "in %(num)s minutes", n),
    ),
    Step(
        DAY,
        HOUR,
        lambda n: ngettext("%(num)s hour ago", "%(num)s hours ago", n),
        lambda n: ngettext("in %(num)s hour", "in %(num)s hours", n),
    ),
    Step(
        21 * DAY,
        DAY,
        lambda n: ngettext("%(num)s day ago", "%(num)s days ago", n),
        lambda n: ngettext("in %(num)s day", "in %(num)s days", n),
    ),
    Step(
        90 * DAY,
        7 * DAY,
        lambda n: ngettext("%(num)s week ago", "%(num)s weeks ago", n),
        lambda n: ngettext("in %(num)s week", "in %(num)s weeks", n),
    ),
)


def number(value: float | None) -> str:
    """1234567 → 1,234,567; 12.34 → 12.3."""
    if value is None:
        return ""
    few = not isinstance(value, int) and value < 100
    return reader().number(value, tenths=few)


def spelled(value: str) -> str:
    """“1,234.50”, as the ledger keeps a total → 1.234,50 where that is how it is written."""
    return reader().spelled(value)


def cell(value: str) -> str:
    """“2.9%”, as the ledger keeps a number of a table → 2,9 % where that is how it is written."""
    return reader().cell(value)


def size(value: int | None) -> str:
    """Bytes → 14.2 MB (powers of 1000, as files are sold and shown)."""
    if value is None:
        return ""
    amount, unit = _in_units(value)
    return f"{reader().number(amount, tenths=unit >= TENTHS)} {_(UNITS[unit])}"


def roughly(value: int | None) -> str:
    """Bytes → 14 MB, 1.3 MB, 460 bytes: two digits say all that is known of what is judged."""
    if value is None:
        return ""
    amount, unit = _in_units(round(value, min(0, 2 - len(str(value)))))
    return f"{reader().number(amount, tenths=amount % 1 != 0)} {_(UNITS[unit])}"


def _in_units(value: int) -> tuple[float, int]:
    """Give *value* in the unit in which it has fewer than four digits once it is rounded."""
    amount, unit = float(value), 0
    while round(amount, 1 if unit >= TENTHS else 0) >= 1000 and unit < len(UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return amount, unit


def duration(seconds: float | None) -> str:
    """Seconds → under 0.1 s, 0.4 s, 8 s, 1 min 9 s, 4 min, 2 h 5 min."""
    if seconds is None:
        return ""
    tenths = round(seconds, 1)
    if not tenths:
        return _("under %(time)s", time=f"{reader().number(0.1, tenths=True)} s")
    if tenths < 10 and tenths % 1:
        return f"{reader().number(tenths, tenths=True)} s"
    whole = round(seconds)
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return _two(whole // MINUTE, "min", whole % MINUTE, "s")
    return _two(whole // HOUR, "h", whole % HOUR // MINUTE, "min")


def stopwatch(seconds: float | None) -> str:
    """Seconds → 0:43, 12:07, 1:02:03."""
    whole = int(seconds or 0)
    hours, rest = divmod(whole, HOUR)
    if hours:
        return f"{hours}:{rest // MINUTE:02}:{rest % MINUTE:02}"
    return f"{rest // MINUTE}:{rest % MINUTE:02}"


def left(seconds: float | None) -> str:
    """Seconds → about 26 s: to 1 s below a minute, 10 s below ten minutes, then minutes.

    Hours from two on, days from two on: what is that far away is not known by the minute.
    """
    if seconds is None:
        return ""
    if seconds < MINUTE:
        return _about(f"{max(1, round(seconds))} s")
    if seconds < 10 * MINUTE:
        tens = round(seconds / 10) * 10
        return _about(_two(tens // MINUTE, "min", tens % MINUTE, "s"))
    if seconds < 2 * HOUR:
        return _about(f"{round(seconds / MINUTE)} min")
    if seconds < 2 * DAY:
        return _about(f"{round(seconds / HOUR)} h")
    return ngettext("about %(num)s day", "about %(num)s days", round(seconds / DAY))


def clock(value: datetime | str | None) -> str:
    """20 November 2026 at 09:41."""
    return reader().moment(_moment(value)) if value else ""


def date(value: datetime | str | None) -> str:
    """20 November 2026."""
    return reader().date(_moment(value)) if value else ""


def time_of_day(value: datetime | str | None) -> str:
    """09:41:07."""
    return reader().time(_moment(value)) if value else ""


def hour(value: datetime | str | None) -> str:
    """09:41."""
    return reader().hour(_moment(value)) if value else ""


def stamp(value: datetime | str | None) -> str:
    """27 Nov 09:41:07."""
    return reader().stamp(_moment(value)) if value else ""


def day(value: datetime | str | None) -> str:
    """Friday 27 November."""
    return reader().day(_moment(value)) if value else ""


def ago(value: datetime | str | None) -> str:
    """just now, 43 seconds ago, yesterday, in 3 days; times.js keeps it true by the same rules."""
    if value is None:
        return ""
    then, now = _moment(value), datetime.now(UTC)
    seconds = round((now - then).total_seconds())
    size = abs(seconds)
    if -2 <= seconds < JUST_NOW_SECONDS:
        return _("just now")
    if size >= 12 * HOUR:
        days = reader().days_between(then, now)
        if abs(days) == 1:
            return _("yesterday") if days == 1 else _("tomorrow")
    for step in STEPS:
        if size < step.limit:
            tell = step.coming if seconds < 0 else step.gone
            return tell(max(1, size // step.size))
    return date(then)


def since(value: datetime | str) -> float:
    """Seconds from then to now; less than 0 for what is still to come."""
    return (datetime.now(UTC) - _moment(value)).total_seconds()


def iso(value: datetime | str | None) -> str:
    """2026-11-20T08:41:07Z."""
    if value is None:
        return ""
    return _moment(value).isoformat(timespec="seconds").replace("+00:00", "Z")


def shorthash(value: str) -> str:
    """9f2c…b81e."""
    return f"{value[:4]}…{value[-4:]}"


def format_title(name: str) -> str:
    """csv → CSV, jsonl → JSON lines."""
    return FORMATS[name].title if name in FORMATS else name.upper()


def ordinal(value: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th."""
    last = 0 if value % 100 in (11, 12, 13) else value % 10
    if last == 1:
        return _("%(number)sst", number=value)
    if last == 2:
        return _("%(number)snd", number=value)
    return _("%(number)srd", number=value) if last == 3 else _("%(number)sth", number=value)


def told(text: str | None) -> str:
    """Give a sentence that the ledger keeps in English, where it is one that is translated."""
    return words.told(text) if text else ""


def _about(time: str) -> str:
    return _("about %(time)s", time=time)


def _two(large: int, unit: str, small: int, small_unit: str) -> str:
    return f"{large} {unit} {small} {small_unit}" if small else f"{large} {unit}"


def _moment(value: datetime | str) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(UTC)


FILTERS: tuple[Any, ...] = (
    number,
    spelled,
    cell,
    size,
    roughly,
    duration,
    stopwatch,
    left,
    clock,
    date,
    time_of_day,
    hour,
    stamp,
    day,
    ago,
    since,
    iso,
    shorthash,
    ordinal,
    format_title,
    told,
)


def init_app(app: Flask) -> None:
    """Give the filters to every template, by their names."""
    for filter_ in FILTERS:
        app.add_template_filter(filter_)
