"""How numbers, sizes and times read on a page."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask

UNITS = ("bytes", "KB", "MB", "GB", "TB")
MINUTE = 60
HOUR = 3600


def number(value: float | None) -> str:
    """1234567 → 1,234,567."""
    if value is None:
        return ""
    return f"{value:,.0f}" if isinstance(value, int) or value >= 100 else f"{value:,.1f}"


def size(value: int | None) -> str:
    """Bytes → 14.2 MB (powers of 1000, as files are sold and shown)."""
    if value is None:
        return ""
    amount, unit = float(value), 0
    while amount >= 1000 and unit < len(UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.0f} {UNITS[unit]}" if unit < 2 else f"{amount:.1f} {UNITS[unit]}"


def duration(seconds: float | None) -> str:
    """Seconds → 0.4 s, 8 s, 1 min 9 s, 4 min, 2 h 5 min."""
    if seconds is None:
        return ""
    tenths = round(seconds, 1)
    if tenths < 10:
        return f"{tenths:g} s"
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
    """Seconds → about 26 s: to 1 s below a minute, 10 s below ten minutes, then minutes."""
    if seconds is None:
        return ""
    if seconds < MINUTE:
        return f"about {max(1, round(seconds))} s"
    if seconds < 10 * MINUTE:
        tens = round(seconds / 10) * 10
        return f"about {_two(tens // MINUTE, 'min', tens % MINUTE, 's')}"
    return f"about {round(seconds / MINUTE)} min"


def clock(value: datetime | str | None) -> str:
    """20 November 2026 at 09:41 UTC; the browser turns it into the person's own zone."""
    if value is None:
        return ""
    moment = _moment(value)
    return f"{moment.day} {moment:%B %Y at %H:%M} UTC"


def time_of_day(value: datetime | str | None) -> str:
    """09:41:07."""
    return f"{_moment(value):%H:%M:%S}" if value else ""


def stamp(value: datetime | str | None) -> str:
    """27 Nov 09:41:07."""
    if value is None:
        return ""
    moment = _moment(value)
    return f"{moment.day} {moment:%b %H:%M:%S}"


def since(value: datetime | str) -> float:
    """Seconds from then to now; less than 0 for what is still to come."""
    return (datetime.now(UTC) - _moment(value)).total_seconds()


def day(value: datetime | str | None) -> str:
    """Friday 27 November."""
    if value is None:
        return ""
    moment = _moment(value)
    return f"{moment:%A} {moment.day} {moment:%B}"


def iso(value: datetime | str | None) -> str:
    """2026-11-20T08:41:07Z."""
    if value is None:
        return ""
    return _moment(value).isoformat(timespec="seconds").replace("+00:00", "Z")


def shorthash(value: str) -> str:
    """9f2c…b81e."""
    return f"{value[:4]}…{value[-4:]}"


def ordinal(value: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th."""
    if value % 100 in (11, 12, 13):
        return f"{value}th"
    return f"{value}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(value % 10, 'th') }"


def plural(value: int, one: str, many: str | None = None) -> str:
    """1 row, 2 rows, 1,234 rows."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def _two(large: int, unit: str, small: int, small_unit: str) -> str:
    return f"{large} {unit} {small} {small_unit}" if small else f"{large} {unit}"


def _moment(value: datetime | str) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(UTC)


FILTERS: tuple[Any, ...] = (
    number,
    size,
    duration,
    stopwatch,
    left,
    clock,
    time_of_day,
    stamp,
    since,
    day,
    iso,
    shorthash,
    ordinal,
    plural,
)


def init_app(app: Flask) -> None:
    """Give the filters to every template, by their names."""
    for filter_ in FILTERS:
        app.add_template_filter(filter_)
