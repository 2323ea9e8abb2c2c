"""Finds out, of many rows that are written at once, those that the database refuses."""

from collections.abc import Callable, Sequence

import psycopg
from psycopg import Connection

from dashboard.sources.writing.postgresql import refusing
from dashboard.sources.writing.postgresql.refusing import LeftOut, Refusing


def sieve(
    connection: Connection, places: Sequence[int], attempt: Callable[[Sequence[int]], None]
) -> dict[int, Refusing]:
    """Attempt all *places* at once, and halves of them where that fails.

    Gives the error of each place that cannot be done even alone. Raises psycopg.Error where the
    error is about none of them.
    """
    failed: dict[int, Refusing] = {}
    parts = [places] if places else []
    while parts:
        part = parts.pop()
        try:
            with connection.transaction():
                attempt(part)
        except (psycopg.Error, UnicodeEncodeError, LeftOut) as error:
            if not refusing.is_about_rows(error):
                raise
            if len(part) == 1:
                failed[part[0]] = error
            else:
                middle = len(part) // 2
                parts += [part[middle:], part[:middle]]  # The first rows are first again.
    return failed
