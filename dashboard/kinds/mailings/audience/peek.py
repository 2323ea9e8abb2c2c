"""Looks at the first rows of an audience, for the preview of what is not checked yet."""

from itertools import islice
from typing import Final, NamedTuple

from dashboard.jobs.errors import Permanent, Transient
from dashboard.kinds.mailings.audience.choice import Audience
from dashboard.kinds.mailings.audience.reading import Entry, Source, opened, said_plainly
from dashboard.models import User
from dashboard.words import told

MOST: Final = 200  # rows


class Peek(NamedTuple):
    """The *n*-th row of an audience, from 1, among the first MOST; None where it has none.

    *fields* are the names of all fields, *total* how many rows there are, None while unknown.
    *trouble* is a sentence where nothing can be read, else "".
    """

    fields: tuple[str, ...]
    row: dict[str, str] | None
    n: int
    total: int | None
    trouble: str = ""


def peek(audience: Audience, person: User | None, n: int = 1) -> Peek:
    """Give the *n*-th row, or the last one that is looked at; *person* may read it (None: anyone).

    Raises nothing: what is wrong is the trouble.
    """
    try:
        with opened(audience, person, batch=MOST) as source, said_plainly():
            rows, is_all = _first(source)
            total = source.total if source.total is not None else len(rows) if is_all else None
            n = max(1, min(n, len(rows)))
            row = _values(source, rows[n - 1]) if rows else None
            return Peek(source.fields, row, n, total)
    except (Permanent, Transient) as error:
        return Peek((), None, 0, None, told(error.what))


def fields_of(audience: Audience, person: User | None) -> tuple[str, ...]:
    """Give the names of the fields of *audience*, none where it cannot be read."""
    return peek(audience, person).fields


def _first(source: Source) -> tuple[list[Entry], bool]:
    """Give the first rows, and whether these are all."""
    rows: list[Entry] = []
    for entries in source.batches:
        rows += islice(entries, MOST + 1 - len(rows))
        if len(rows) > MOST:
            return rows[:MOST], False
    return rows, True


def _values(source: Source, entry: Entry) -> dict[str, str]:
    cells = (*entry.cells, *("",) * (len(source.fields) - len(entry.cells)))
    return dict(zip(source.fields, cells, strict=False))
