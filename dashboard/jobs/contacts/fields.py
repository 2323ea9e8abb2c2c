"""The fields of a list: their columns for imports, and their values as JSON keeps them."""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from dashboard.models.contact import EMAIL_LIMIT, VALUE_LIMIT
from dashboard.models.contact_list import FieldType
from dashboard.sources.source import ColumnType
from dashboard.sources.writing import TargetColumn, TargetTable
from dashboard.words import marked

EMAIL: Final = "email"
"""The column of the address, and its type as the desk itself calls it."""

NATIVE: Final[Mapping[FieldType, tuple[ColumnType, str]]] = {
    "text": ("text", "text"),
    "number": ("number", "numeric"),
    "date": ("date", "date"),
    "boolean": ("boolean", "boolean"),
}
TYPES: Final[Mapping[FieldType, str]] = {
    "text": marked("text"),
    "number": marked("number"),
    "date": marked("day"),
    "boolean": marked("yes or no"),
}
EMAIL_ALIASES: Final = ("E-mail", "Mail", "E-mail address", "E-Mail-Adresse", "Mailadresse")
NAME_LIMIT: Final = 40
NUMBER_DIGITS: Final = 30
NUMBER_DECIMALS: Final = 10

_READ: Final[Mapping[str, Callable[[Any], object]]] = {
    "number": Decimal,
    "date": date.fromisoformat,
}


def table_of(row: Any) -> TargetTable:
    """Give the table of a *row* of contact_lists; statements spell it by the list's number."""
    return TargetTable(
        name=row.name,
        quoted=str(row.id),
        columns=(
            TargetColumn(EMAIL, "text", EMAIL, required=True, max_length=EMAIL_LIMIT),
            *(_column(field["name"], field["type"]) for field in row.fields),
        ),
        key=(EMAIL,),
    )


def _column(name: str, sort: FieldType) -> TargetColumn:
    type_, native = NATIVE[sort]
    is_number = sort == "number"
    return TargetColumn(
        name,
        type_,
        native,
        required=False,
        max_length=VALUE_LIMIT if sort == "text" else None,
        precision=NUMBER_DIGITS if is_number else None,
        scale=NUMBER_DECIMALS if is_number else None,
    )


def kept(value: object) -> Any:
    """Give a *value* of a field as JSON keeps it."""
    match value:
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
    return value


def natural(value: Any, type_: str | None) -> object:
    """Give what kept() kept of a field of this type; one that had another type stays a text."""
    if value is None or not isinstance(value, str):
        return value
    read = _READ.get(type_ or "")
    try:
        return read(value) if read else value
    except (ValueError, ArithmeticError):
        return value


def spelled(values: Mapping[str, object]) -> str:
    """Give *values* as the one JSON text for them; what has none is left out."""
    present = {name: kept(values[name]) for name in values if values[name] is not None}
    return json.dumps(present, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def name_of(label: str, taken: Collection[str]) -> str:
    """Give the name of a new field called *label*: first_name for “First name”."""
    plain = re.sub(r"\W+", "_", label.casefold()).strip("_")[:NAME_LIMIT] or "field"
    names = [plain, *(f"{plain}_{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken and name != EMAIL)


def checks_of(fields: Sequence[Mapping[str, Any]]) -> str:
    """Give the TOML by which columns of files are found for a list with these *fields*."""
    aliases = {EMAIL: list(EMAIL_ALIASES), **{each["name"]: [each["label"]] for each in fields}}
    return "\n".join(
        f"[columns.{_quoted(name)}]\naliases = [{', '.join(map(_quoted, labels))}]"
        for name, labels in aliases.items()
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "")
