"""The names by which a message calls the columns of its audience, and what stands in them."""

import re
from collections.abc import Sequence
from typing import Final

from dashboard.formats.reading import Cell
from dashboard.formats.spelling import spell, whole

NAME_LIMIT: Final = 80  # characters

# What a placeholder would take for something else than a name.
RESERVED: Final = frozenset(
    {"and", "else", "false", "False", "if", "in", "is", "none", "None", "not", "or", "true", "True"}
)
YES: Final = "yes"


def field_name(column: str) -> str:
    """Give the name of the field that *column* fills: first_name for “First name”.

    A column that is called as a field can be keeps its name, capitals and all.
    """
    name = column.strip()
    if not name.isidentifier():
        name = re.sub(r"\W+", "_", name.lower()).strip("_") or "field"
        if not name.isidentifier():
            name = f"_{name}" if f"_{name}".isidentifier() else "field"
    name = name[:NAME_LIMIT]
    return f"{name}_" if name in RESERVED else name


def field_names(columns: Sequence[str]) -> tuple[str, ...]:
    """Give the names of the fields of *columns*, of which no two are the same."""
    names: dict[str, None] = {}
    for column in columns:
        name, number = field_name(column), 1
        while name in names:
            number += 1
            name = f"{field_name(column)}_{number}"
        names[name] = None
    return tuple(names)


def text_of(cell: Cell) -> str:
    """Give what a message has of *cell*.

    What is false is blank, so that a condition on it does not hold.
    """
    match cell:
        case str():
            text = cell
        case None | False:
            return ""
        case True:
            return YES
        case _:
            text = spell(cell)
    # No database takes the one, no file the other.
    return text if text.isprintable() else whole(text).replace("\0", "")
