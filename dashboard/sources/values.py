"""The value of a filter: the text that was typed becomes what its column is compared with."""

import re
from datetime import date, time
from decimal import Decimal
from typing import Final

from dashboard.sources.source import ColumnType
from dashboard.words import gettext as _

LONGEST: Final = 1000
"""Characters of one value. SQLite takes patterns of 50,000 bytes, and each letter may need many."""

MOST_VALUES: Final = 10_000
"""Values of one choice, all its filters together: SQLite binds 32,766 and PostgreSQL 65,535."""

LARGEST_EXPONENT: Final = 400
"""No database keeps a floating point number beyond it."""

Value = str | int | Decimal | date | time | bool
Values = tuple[Value, ...]

_no_text = re.compile("[\0\ud800-\udfff]")
_whole = re.compile(r"[+-]?[0-9]{1,100}")
_number = re.compile(
    r"[+-]?(?:[0-9]{1,100}(?:\.[0-9]{0,100})?|\.[0-9]{1,100})(?:[eE][+-]?[0-9]{1,4})?"
)
_day = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_clock = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?")


def read(type_: ColumnType | None, op: str, text: str) -> Values:
    """Give the one value in *text*, or for one-of that of each line, as a column of *type_* has it.

    Text stays exactly as it stands; of anything else, the space around it goes. Raises ValueError
    with a sentence.
    """
    if op != "one-of":
        return (_read(type_, text),)
    found = tuple(_read(type_, line) for line in lines(text))
    if not found:
        raise ValueError(_("Give at least one value."))
    return found


def lines(text: str) -> list[str]:
    """Give the lines of *text* that hold anything."""
    return [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


def _read(type_: ColumnType | None, text: str) -> Value:
    if _no_text.search(text):
        raise ValueError(_("The value contains a character that no text may contain."))
    if len(text) > LONGEST:
        raise ValueError(_("A value has at most %(limit)s characters.", limit=LONGEST))
    match type_:
        case "text" | None:
            if not text:
                raise ValueError(_("Give a value."))
            return text
        case "integer":
            return _integer(text.strip())
        case "number":
            return _decimal(text.strip())
        case "date" | "datetime":
            return _date(text.strip())
        case "time":
            return _time(text.strip())
        case "boolean":
            return _boolean(text.strip())


def _integer(text: str) -> int:
    if not _whole.fullmatch(text):
        raise ValueError(_("The value must be a whole number, such as 12."))
    return int(text)


def _decimal(text: str) -> Decimal:
    if not _number.fullmatch(text):
        raise ValueError(_("The value must be a number, such as 12.5."))
    number = Decimal(text)
    if number and abs(number.adjusted()) > LARGEST_EXPONENT:
        raise ValueError(_("The value must be a number, such as 12.5."))
    return number


def _date(text: str) -> date:
    if not _day.fullmatch(text):
        raise ValueError(_("The value must be a day, written like 2026-10-31."))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("%(day)s is no day of the calendar.", day=text)) from None


def _time(text: str) -> time:
    if _clock.fullmatch(text):
        try:
            return time.fromisoformat(text)
        except ValueError:
            pass
    raise ValueError(_("The value must be a time, written like 14:05."))


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(_("The value must be true or false."))
    return text == "true"
