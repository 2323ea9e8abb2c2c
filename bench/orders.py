"""Orders to export: twelve columns of every sort, the same for the same seed."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

import psycopg

FOLDER: Final = Path(__file__).parent
QUERY: Final = "SELECT * FROM orders"
KIND: Final = "export-orders-orders"  # of the table, once it is open at a desk
STEP: Final = 250_000  # rows that are made in one statement
SQLITE_COLUMNS: Final = (
    "order_id integer, ordered_at timestamp, customer_id integer, customer text, city text, "
    "sku text, quantity integer, unit_price numeric, discount numeric, amount numeric, "
    "status text, note text"
)


def fill_postgresql(url: str, first: int, last: int, seed: int) -> None:
    """Add the orders *first* to *last* to a database; a table without rows is made by the first."""
    select = (FOLDER / "orders_postgresql.sql").read_text()
    for name, value in {"seed": seed, "first": first, "last": last}.items():
        select = select.replace(f":{name}", str(value))
    with psycopg.connect(dsn(url), autocommit=True) as db:
        if first == 1:
            db.execute(f"CREATE UNLOGGED TABLE orders AS {select} WITH NO DATA".encode())
        db.execute(f"INSERT INTO orders {select}".encode())
        # Without it the first reading would write: it marks which rows are there for all.
        db.execute("VACUUM ANALYZE orders")


def fill_sqlite(path: Path, rows: int, seed: int) -> None:
    """Make a new SQLite file with *rows* orders."""
    insert = (FOLDER / "orders_sqlite.sql").read_text()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        db.execute(f"CREATE TABLE orders ({SQLITE_COLUMNS})")
        for first in range(1, rows + 1, STEP):
            last = min(rows, first + STEP - 1)
            db.execute(insert, {"seed": seed, "first": first, "last": last})


def dsn(url: str) -> str:
    """Give the URL of a database as libpq and psql understand it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)
