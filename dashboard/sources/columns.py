"""The names of a result's columns."""

from collections.abc import Sequence
from typing import Final

from dashboard.sources.errors import QueryError

NAMELESS: Final = "?column?"
"""What PostgreSQL calls a column without a name."""


def refuse_twins(names: Sequence[str]) -> None:
    """Raise QueryError where two columns of a result have one name, or where there are none."""
    if not names:
        raise QueryError("The query has no columns.")
    seen: set[str] = set()
    for name in names:
        if name in seen and name == NAMELESS:
            raise QueryError("Two columns of the query have no name: give them one with AS.")
        if name in seen:
            raise QueryError(f"The column “{name}” is named twice in the query.")
        seen.add(name)
