"""Values that a sheet keeps as plain text."""

from datetime import date, datetime, time
from math import isfinite

from dashboard.formats.reading.row import Cell


def number_of(text: str) -> int | float | str:
    """Gives the number that a sheet keeps as *text*; the text where it is none."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        return text
    return number if isfinite(number) else text


def iso_moment(text: str) -> Cell:
    """Gives the date or time that *text* spells in ISO 8601; the text where it is none."""
    for kind in (date, datetime, time):
        try:
            return kind.fromisoformat(text)
        except ValueError:
            continue
    return text
