"""A file into an empty table as a short script does it: plain converters, one transaction.

It validates nothing beyond them. PostgreSQL gets the rows by COPY, SQLite by executemany.
"""

import csv
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg

from bench.customers import COLUMNS
from bench.fresh import arguments, tell
from bench.orders import dsn

given = arguments()

WORDS = {"true": True, "false": False}


def text(cell: str) -> str | None:
    """Give a text."""
    return cell or None


def whole(cell: str) -> int | None:
    """Give a whole number."""
    return int(cell) if cell else None


def number(cell: str) -> Decimal | None:
    """Give a number."""
    return Decimal(cell) if cell else None


def day(cell: str) -> date | None:
    """Give a day."""
    return date.fromisoformat(cell) if cell else None


def moment(cell: str) -> datetime | None:
    """Give a moment."""
    return datetime.fromisoformat(cell) if cell else None


def truth(cell: str) -> bool | None:
    """Give true or false."""
    return WORDS[cell] if cell else None


CONVERTERS: dict[str, Callable[[str], object]] = {
    "id": whole,
    "credit": number,
    "born": day,
    "seen_at": moment,
    "active": truth,
}


def rows() -> Iterator[list[object]]:
    """Give the rows of the file."""
    converters = [CONVERTERS.get(name, text) for name in COLUMNS]
    with Path(given["file"]).open(newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        next(reader)
        for row in reader:
            yield [convert(cell) for convert, cell in zip(converters, row, strict=True)]


def copy(url: str) -> int:
    """Bring them into a PostgreSQL database; gives how many."""
    into = f"COPY customers ({', '.join(COLUMNS)}) FROM STDIN"
    with psycopg.connect(dsn(url)) as connection, connection.cursor() as cursor:
        with cursor.copy(into.encode()) as copying:
            for row in rows():
                copying.write_row(row)
        return cursor.rowcount


def execute(path: str) -> int:
    """Bring them into a SQLite file; gives how many."""
    sqlite3.register_adapter(Decimal, float)
    marks = ", ".join("?" * len(COLUMNS))
    with closing(sqlite3.connect(path)) as connection, connection:
        return connection.executemany(f"INSERT INTO customers VALUES ({marks})", rows()).rowcount


def work() -> Mapping[str, Any]:
    """Bring all rows in; gives how many."""
    url = given["url"]
    is_sqlite = url.startswith("sqlite:")
    return {"rows": execute(url.removeprefix("sqlite:///")) if is_sqlite else copy(url)}


tell(work)
