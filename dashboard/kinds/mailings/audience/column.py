"""Finds the column with the addresses."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from dashboard.jobs.contacts.address import NotAnAddress, normal_form

# What people call it, without spaces and signs; what may as well be something else comes last.
SURE: Final = frozenset(
    {"email", "emails", "emailaddress", "mailaddress", "emailadresse", "mailadresse", "mail"}
)
MAYBE: Final = frozenset({"address", "adresse", "recipient", "empfänger", "to", "an"})


def email_column(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> int | None:
    """Give the place of the column with the addresses, None where there is none.

    *rows* are the first rows as texts.
    """
    names = [re.sub(r"[\W_]+", "", column.casefold()) for column in columns]
    sure = [at for at, name in enumerate(names) if name in SURE]
    cells = [_cells(rows, at) for at in range(len(columns))]
    looking = [at for at in range(len(columns)) if _are_addresses(cells[at])]
    maybe = [at for at in looking if names[at] in MAYBE]
    # Of several that are called so, the one that looks like it.
    best = [at for at in sure if at in looking]
    return next(iter([*best, *sure, *maybe, *looking]), None)


def _cells(rows: Iterable[Sequence[str]], at: int) -> list[str]:
    return [row[at] for row in rows if at < len(row) and row[at].strip()]


def _are_addresses(cells: Sequence[str]) -> bool:
    return sum(map(_is_address, cells)) * 2 > len(cells)


def _is_address(text: str) -> bool:
    try:
        normal_form(text)
    except NotAnAddress:
        return False
    return True
