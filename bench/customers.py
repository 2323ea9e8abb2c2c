"""Customers to import: twelve columns of every sort, the same for the same seed."""

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import psycopg

from bench.orders import dsn

COLUMNS: Final = (
    "id",
    "customer_no",
    "name",
    "street",
    "city",
    "postcode",
    "email",
    "credit",
    "born",
    "seen_at",
    "active",
    "status",
)
TABLE: Final = """
CREATE TABLE customers (
    id integer PRIMARY KEY, customer_no text NOT NULL, name text NOT NULL, street text, city text,
    postcode varchar(10), email text, credit numeric(10, 2), born date, seen_at timestamp,
    active boolean, status text NOT NULL CHECK (status IN ('new', 'active', 'paused', 'closed'))
)
"""
LEFT_BEHIND: Final = ("customers", "bellhop_import", "bellhop_import_before")
PACKED: Final = "bellhop_import_packed"

_NAMES: Final = ("Müller & Söhne", "Łódź Trading", "O'Neill, Ltd.", "Weber", 'The "Corner" Shop')
_CITIES: Final = ("Köln", "Zürich", "Paris", "Praha", "London", "Wien")
_STATES: Final = ("new", "active", "paused", "closed")
_FIRST_DAY: Final = date(1940, 1, 1)
_FIRST_SEEN: Final = datetime(2023, 1, 1, 8)


def write(path: Path, rows: int, seed: int) -> None:
    """Write a CSV with *rows* customers."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_customers(rows, seed))


def make_postgresql(url: str) -> None:
    """Make the table, empty, in the database *url*."""
    with psycopg.connect(dsn(url), autocommit=True) as db:
        db.execute(TABLE.encode())


def make_sqlite(path: Path) -> None:
    """Make a new SQLite file with the table, empty."""
    with closing(sqlite3.connect(path)) as db:
        db.execute(TABLE)


def empty_postgresql(url: str) -> int:
    """Empty the table, and what imports have kept; gives how many rows there were."""
    with psycopg.connect(dsn(url), autocommit=True) as db:
        row = db.execute("SELECT count(*) FROM customers").fetchone()
        db.execute(f"TRUNCATE {', '.join((*LEFT_BEHIND, PACKED))}".encode())
        db.execute("CHECKPOINT")
    assert row is not None
    return int(row[0])


def empty_sqlite(path: Path) -> int:
    """Empty the table, and what imports have kept; gives how many rows there were."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        (rows,) = db.execute("SELECT count(*) FROM customers").fetchone()
        for name in LEFT_BEHIND:
            db.execute(f"DELETE FROM {name}")
        db.execute("VACUUM")
    return int(rows)


def _customers(rows: int, seed: int) -> Iterator[tuple[object, ...]]:
    for number in range(1, rows + 1):
        mixed = number * 7919 + seed
        yield (
            number,
            f"C-{number:07d}",
            f"{_NAMES[number * 31 % len(_NAMES)]} {mixed % 50_000}",
            f"Street {mixed % 977}",
            _CITIES[number * 17 % len(_CITIES)] if number % 11 else None,
            f"{10_000 + mixed % 89_999}",
            f"person{number}@example.org",
            f"{mixed % 1_000_000 / 100:.2f}",
            _FIRST_DAY + timedelta(days=mixed % 22_000),
            _FIRST_SEEN + timedelta(seconds=61 * number),
            ("true", "false")[mixed % 2],
            _STATES[number * 7 % len(_STATES)],
        )
