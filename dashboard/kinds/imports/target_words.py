"""What people call what a column of a table takes."""

from typing import Final

from dashboard.sources.writing import TargetColumn
from dashboard.words import gettext as _, marked, told

TYPES: Final = {
    "text": marked("text"),
    "integer": marked("whole number"),
    "number": marked("number"),
    "date": marked("day"),
    "datetime": marked("day and time"),
    "time": marked("time"),
    "boolean": marked("yes or no"),
}


def word_of(column: TargetColumn) -> str:
    """Give what people call what *column* takes."""
    if column.choices:
        return _("one of %(choices)s", choices=", ".join(column.choices))
    word = told(TYPES[column.type]) if column.type else column.native
    if column.max_length is None:
        return word
    return _("%(word)s of at most %(limit)s characters", word=word, limit=column.max_length)
