"""The shop's file: made beside its place and moved there when it is whole."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from random import Random

from dashboard.demo import cast, schema
from dashboard.demo.trade import Trade

YEARS = 3
ORDERS = 112_000
# Invoices fall due after today, so the calendar goes on.
CALENDAR_AHEAD_DAYS = 120

Rows = Iterable[Sequence[object]]


def load(path: Path, today: date, *, orders: int = ORDERS) -> dict[str, int]:
    """Make the shop as an SQLite file at *path*; give the number of rows of each table.

    About *orders* orders, three lines each, end on the day before *today*. The same day gives the
    same file. A file that is there already is replaced in one step: a reader sees the old shop or
    the new one, never half of one.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    counts: dict[str, int] = {}
    try:
        with closing(sqlite3.connect(draft, isolation_level=None)) as db:
            # The draft is thrown away if the machine stops, so it needs no journal.
            db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
            db.executescript(schema.TABLES)
            db.execute("BEGIN")
            for table, rows in tables(today, orders=orders):
                counts[table] = counts.get(table, 0) + _insert(db, table, rows)
            db.execute("COMMIT")
            db.executescript(schema.INDEXES + "ANALYZE;")
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return counts


def tables(
    today: date, *, orders: int = ORDERS
) -> Iterator[tuple[str, Sequence[Sequence[object]]]]:
    """Give table names with rows for them, parents first; a table comes in many parts."""
    random = Random(f"shop {today.isoformat()}")
    start = first_day(today)
    people = cast.customers(random, start)
    things = cast.products(random, start, today)
    yield "calendar", calendar(start, today + timedelta(days=CALENDAR_AHEAD_DAYS))
    yield "regions", cast.regions()
    yield "customers", [_plain(person) for person in people]
    yield "products", [_plain(thing.row()) for thing in things]
    for day in Trade(random, people, things, start, today, count=orders).days():
        yield "orders", day.orders
        yield "order_lines", day.lines
        yield "invoices", day.invoices


def first_day(today: date) -> date:
    """Give the first day of trade: the first of the month three years ago."""
    return today.replace(year=today.year - YEARS, day=1)


def calendar(start: date, end: date) -> list[tuple[str, int, str, str, int, str]]:
    """Give a row for each day from *start* to *end*, by which any SQL can count days."""
    days = (start + timedelta(days=number) for number in range((end - start).days + 1))
    return [
        (
            day.isoformat(),
            day.toordinal(),
            f"{day:%Y-%m}",
            f"{day.year}-Q{(day.month + 2) // 3}",
            day.year,
            f"{day:%A}",
        )
        for day in days
    ]


def _plain(row: Iterable[object]) -> tuple[object, ...]:
    return tuple(value.isoformat() if isinstance(value, date) else value for value in row)


def _insert(db: sqlite3.Connection, table: str, rows: Sequence[Sequence[object]]) -> int:
    if rows:
        marks = ", ".join("?" * len(rows[0]))
        db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    return len(rows)
