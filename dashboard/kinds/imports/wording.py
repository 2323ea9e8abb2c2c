"""The jobs of an import in words: their titles and the choices that were made."""

from collections.abc import Mapping
from typing import Any, Final

from dashboard.formats.reading import DELIMITERS, ENCODINGS
from dashboard.kinds.imports.opened import Opened
from dashboard.kinds.imports.params import MODES, Chosen, chosen_of
from dashboard.words import marked

IN_LINE: Final = 12  # names of columns
DECIMALS: Final = {".": "decimal point", ",": "decimal comma"}
DAYS: Final = {"dmy": "day before month", "mdy": "month before day"}
HOW: Final = {
    "whole": "all rows or none",
    "overwrite": "also over what changed since the check",
}


def check_title(opened: Opened, params: Mapping[str, Any]) -> str:
    """Give the title of a check, as in “Import customers: check of spring list.csv”."""
    return f"{opened.title}: check of {params['file']}"


def import_title(opened: Opened, params: Mapping[str, Any]) -> str:
    """Give the title of an import, as in “Import customers: spring list.csv”."""
    return f"{opened.title}: {params['file']}"


def describe(opened: Opened, params: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Give label and value of each choice."""
    chosen = chosen_of(params)
    names = [pair.target for pair in chosen.mapped]
    more = f" and {len(names) - IN_LINE} more" if len(names) > IN_LINE else ""
    told = [
        (marked("File"), chosen.file),
        (marked("Read as"), _manner(chosen)),
        (marked("Into"), f"{opened.table} ({opened.source})"),
        (marked("Columns"), ", ".join(names[:IN_LINE]) + more),
    ]
    if chosen.by:
        told.append((marked("Rows told apart by"), ", ".join(chosen.by)))
    told.append((marked("What to do"), MODES[chosen.mode]))
    return tuple(told)


def describe_import(opened: Opened, params: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Give label and value of what an import does."""
    rows, skipped = params["rows"], params["skip"]
    left = f", {skipped:,} skipped" if skipped else ""
    if gone := params.get("delete"):
        left += f", {gone:,} to delete"
    how = [text for name, text in HOW.items() if params.get(name)]
    return (
        *describe(opened, params),
        (marked("Rows"), f"{rows:,} to import{left}"),
        *([(marked("How"), ", ".join(how))] if how else []),
    )


def _manner(chosen: Chosen) -> str:
    manner, spelling = chosen.manner, chosen.spelling
    parts = [
        f"sheet {manner.sheet}" if manner.sheet else ENCODINGS.get(manner.encoding, ""),
        DELIMITERS.get(manner.delimiter, "").lower(),
        "with a header" if manner.header else "without a header",
        DECIMALS[spelling.decimal],
        DAYS[spelling.days],
        "\\N is no value" if spelling.nulls == "mark" else "",
    ]
    return ", ".join(part for part in parts if part)
