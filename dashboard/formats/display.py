"""Values as people read them in a PDF and on the covers of files."""

import math
import re
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from dashboard.formats.spelling import spell
from dashboard.formats.table import NUMERIC, Column

# An id or a year is a name made of digits: separators between thousands would spoil it.
_is_name = re.compile(r"(?:^|[_ ])(?:id|year|number|no|code|zip|postcode)$", re.IGNORECASE).search

# Digits behind the point that a reader can use; averages come with sixteen.
MOST_DECIMALS = 6


def is_grouped(column: Column) -> bool:
    """Whether the whole numbers of *column* get separators between thousands."""
    return not (_is_name(column.name) or _is_name(column.label))


def display(value: object, column: Column, zone: ZoneInfo) -> str:
    """Gives *value* for reading; a moment with a time zone is shown in *zone*."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if column.type == "boolean" and isinstance(value, int) and value in (0, 1):
        return "Yes" if value else "No"  # SQLite knows no booleans.
    if isinstance(value, int | float | Decimal):
        if column.type in NUMERIC and math.isfinite(value):
            return _number(value, column)
    elif isinstance(value, datetime):
        if value.tzinfo is not None:
            value = value.astimezone(zone).replace(tzinfo=None)
        return value.isoformat(" ", "seconds")
    return spell(value)


def _number(value: float | Decimal, column: Column) -> str:
    """Gives a finite number: 13,204.50 for money, 25.3% for percent, else as it is."""
    if column.type == "percent":
        return f"{value:,.1%}"
    if column.type == "money":
        return f"{value:,f}" if 2 < decimals(value) <= MOST_DECIMALS else f"{value:,.2f}"
    if isinstance(value, int):
        return f"{value:,}" if is_grouped(column) else str(value)
    if isinstance(value, Decimal) and decimals(value) <= MOST_DECIMALS:
        return f"{value:,f}"
    if column.type == "integer" and value == int(value):
        return _number(int(value), column)
    return _fraction(value)


def _fraction(value: float | Decimal) -> str:
    """Gives a number whose digits never end with two to four decimals, or in four digits."""
    if value and not 0.001 <= abs(float(value)) < 1e15:
        return f"{value:.4g}"
    whole, point, rest = f"{value:,.4f}".partition(".")
    return whole + point + rest[:2] + rest[2:].rstrip("0")


def decimals(value: float | Decimal) -> int:
    """Gives how many digits a decimal has behind the point; 0 for any other number."""
    if not isinstance(value, Decimal):
        return 0
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
