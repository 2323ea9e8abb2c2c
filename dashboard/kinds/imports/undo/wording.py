"""The jobs of an undo in words: their titles and the choices that were made."""

from collections.abc import Mapping
from typing import Any

from dashboard.kinds.imports.opened import Opened
from dashboard.words import marked


def check_title(opened: Opened, params: Mapping[str, Any]) -> str:
    """Give the title of a look, as in “Import customers: look before the undo of list.csv”."""
    return f"{opened.title}: look before the undo of {params['file']}"


def undo_title(opened: Opened, params: Mapping[str, Any]) -> str:
    """Give the title of an undo, as in “Import customers: undo of list.csv”."""
    return f"{opened.title}: undo of {params['file']}"


def describe_check(opened: Opened, params: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Give label and value of what is looked at."""
    return ((marked("File"), params["file"]), (marked("Into"), f"{opened.table} ({opened.source})"))


def describe_undo(opened: Opened, params: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Give label and value of what an undo does."""
    chosen, overwrite = params["numbers"], params["overwrite"]
    return (
        *describe_check(opened, params),
        (
            marked("Rows"),
            f"{params['rows']:,} chosen" if chosen else f"{params['rows']:,}, all of them",
        ),
        (
            marked("Rows that were changed since"),
            marked("Restore what was there before") if overwrite else marked("Keep theirs"),
        ),
    )
