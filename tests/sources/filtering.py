"""What a filter means, in plain Python, over values as rows() gives them."""

from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from dashboard.sources import Choice, ColumnType, Condition, Table


def holds(value: object, type_: ColumnType | None, condition: Condition, zone: ZoneInfo) -> bool:
    """Say whether a row whose column has *value* is sought."""
    op, text = condition.op, condition.value
    if op in ("empty", "not-empty"):
        nothing = value is None or (type_ in ("text", None) and value == "")
        return nothing is (op == "empty")
    if value is None:
        return op == "is-not"
    match type_:
        case "integer" | "number":
            return _number_holds(value, op, text)
        case "date" | "datetime":
            return _day_holds(_day(value, zone), op, date.fromisoformat(text))
        case "time":
            clock = _time(value)
            wanted = time.fromisoformat(text)
            return clock is not None and (clock >= wanted if op == "from" else clock <= wanted)
        case "boolean":
            return value is (text == "true")
    return _text_holds(str(value), op, text)


def sought(rows: list[dict[str, object]], choice: Choice, table: Table, zone: str) -> list[int]:
    """Give the places of the *rows* that fulfil every condition."""
    types = {column.name: column.type for column in table.columns}
    return [
        place
        for place, row in enumerate(rows)
        if all(
            holds(row[one.column], types[one.column], one, ZoneInfo(zone)) for one in choice.where
        )
    ]


def folded(text: str) -> str:
    return "".join(character.lower() for character in text)


def _text_holds(value: str, op: str, text: str) -> bool:
    match op:
        case "is":
            return value == text
        case "is-not":
            return value != text
        case "one-of":
            return value in text.split("\n")
        case "contains":
            return folded(text) in folded(value)
    return folded(value).startswith(folded(text))


def _number_holds(value: object, op: str, text: str) -> bool:
    if not isinstance(value, int | float | Decimal):
        return op == "is-not"

    def read(one: str) -> float | Decimal:
        return float(one) if isinstance(value, float) else Decimal(one)

    match op:
        case "is":
            return value == read(text)
        case "is-not":
            return value != read(text)
        case "one-of":
            return value in map(read, text.split("\n"))
        case "from":
            return value >= read(text)
    return value <= read(text)


def _day_holds(day: date | None, op: str, wanted: date) -> bool:
    if day is None:
        return False
    return {"on": day == wanted, "from": day >= wanted, "to": day <= wanted}[op]


def _day(value: object, zone: ZoneInfo) -> date | None:
    if isinstance(value, str):  # SQLite keeps it; it may be no day at all.
        with suppress(ValueError):
            value = datetime.fromisoformat(value.replace(" UTC", "Z").replace(" +", "+"))
    if isinstance(value, datetime):
        return (value.astimezone(zone) if value.tzinfo else value).date()
    return value if isinstance(value, date) else None


def _time(value: object) -> time | None:
    if isinstance(value, str):
        with suppress(ValueError):
            return time.fromisoformat(value)
    return value if isinstance(value, time) else None
