"""Values as SQLite can compare them with what it keeps: numbers and ISO texts."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

LARGEST = 2**63 - 1


def bound(value: object) -> object:
    """Give *value* as SQLite keeps it.

    A moment with a zone becomes UTC without one, which is how SQLite's own functions speak.
    """
    match value:
        case bool():
            return int(value)
        case int() if abs(value) > LARGEST:
            return float(value)
        case Decimal():
            whole = value == value.to_integral_value() and abs(value) <= LARGEST
            return int(value) if whole else float(value)
        case datetime():
            if value.tzinfo is not None:
                value = value.astimezone(UTC).replace(tzinfo=None)
            return value.isoformat(" ")
        case date() | time():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            return value
