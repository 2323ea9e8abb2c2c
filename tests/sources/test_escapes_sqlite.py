"""Every way out of a SQLite source's read-only reading is shut, by more than one layer."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dashboard.sources import QueryError, WriteRefused
from dashboard.sources.sqlite.guard import authorize
from dashboard.sources.sqlite.reading import SQLiteReading
from tests.sources.databases import Database, everything, sqlite_database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shop.db"


@pytest.fixture
def shop(path: Path) -> Database:
    database = sqlite_database(path)
    database.execute(
        """
        CREATE TABLE items (id integer);
        CREATE INDEX items_by_id ON items (id);
        INSERT INTO items VALUES (1), (2);
        """
    )
    return database


@pytest.fixture
def reading(shop: Database) -> Iterator[SQLiteReading]:
    with shop.source.reading() as reading:
        assert isinstance(reading, SQLiteReading)
        yield reading


WRITES = (
    "INSERT INTO items VALUES (3)",
    "UPDATE items SET id = 0",
    "DELETE FROM items",
    "REPLACE INTO items VALUES (3)",
    "CREATE TABLE more (n)",
    "CREATE INDEX fast ON items (id)",
    "CREATE VIEW seen AS SELECT 1",
    "ALTER TABLE items ADD COLUMN more",
    "DROP TABLE items",
    "REINDEX",
    "ANALYZE",
    "VACUUM",
    "UPDATE sqlite_master SET sql = ''",
)

WAYS_OUT = (
    "ATTACH '{other}' AS other",
    "ATTACH ':memory:' AS other",
    "DETACH main",
    "VACUUM INTO '{new}'",
    "PRAGMA query_only = 0",
    "PRAGMA writable_schema = 1",
    "PRAGMA trusted_schema = 1",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "PRAGMA user_version = 7",
    "SELECT * FROM pragma_table_info('items')",
    "SELECT load_extension('{other}')",
    "SELECT fts3_tokenizer('simple', x'00')",
    "CREATE TEMP TABLE scratch (n)",
    "CREATE TEMP TRIGGER t AFTER INSERT ON items BEGIN SELECT 1; END",
    "COMMIT",
    "ROLLBACK",
    "END",
    "SAVEPOINT s",
)


@pytest.mark.parametrize("statement", [*WRITES, *WAYS_OUT])
def test_the_connection_itself_refuses(
    reading: SQLiteReading, tmp_path: Path, statement: str
) -> None:
    other, new = tmp_path / "other.db", tmp_path / "new.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE secrets (n)")
    with pytest.raises(sqlite3.DatabaseError):
        reading._connection.execute(statement.format(other=other, new=new)).fetchall()
    assert not new.exists()
    assert everything(reading, "SELECT id FROM items") == [(1,), (2,)]
    assert reading._connection.in_transaction


@pytest.mark.parametrize(
    "query",
    [
        "WITH gone AS (SELECT 1) DELETE FROM items",
        "WITH new AS (SELECT 1) INSERT INTO items SELECT 3",
        "SELECT load_extension('x')",
        "SELECT * FROM pragma_table_info('items')",
    ],
)
def test_a_query_that_begins_like_reading_is_still_refused(
    shop: Database, reading: SQLiteReading, query: str
) -> None:
    for ask in (reading.count, lambda q, _: everything(reading, q)):
        with pytest.raises(QueryError):
            ask(query, {})
    with shop.source.reading() as later:
        assert everything(later, "SELECT id FROM items") == [(1,), (2,)]


def test_a_refused_way_out_is_told_as_such(reading: SQLiteReading) -> None:
    with pytest.raises(WriteRefused, match="The source “shop” is read only"):
        everything(reading, "SELECT load_extension('x')")


@pytest.mark.parametrize("statement", WRITES)
def test_a_write_is_refused_without_the_authorizer(reading: SQLiteReading, statement: str) -> None:
    reading._connection.set_authorizer(None)
    with pytest.raises(sqlite3.OperationalError):
        reading._connection.execute(statement).fetchall()


@pytest.mark.parametrize("statement", WRITES)
def test_a_write_is_refused_by_the_file_alone(reading: SQLiteReading, statement: str) -> None:
    reading._connection.set_authorizer(None)
    reading._connection.execute("PRAGMA query_only = 0")
    with pytest.raises(sqlite3.OperationalError):
        reading._connection.execute(statement).fetchall()


def test_attach_is_refused_without_the_authorizer(reading: SQLiteReading) -> None:
    reading._connection.set_authorizer(None)
    reading._connection.execute("ROLLBACK")
    with pytest.raises(sqlite3.OperationalError, match="too many attached databases"):
        reading._connection.execute("ATTACH ':memory:' AS other")


@pytest.mark.parametrize("statement", [*WRITES, *WAYS_OUT])
def test_the_authorizer_refuses_alone(path: Path, shop: Database, statement: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.set_authorizer(authorize)
        with pytest.raises(sqlite3.DatabaseError):
            connection.execute(statement.format(other="other.db", new="new.db")).fetchall()


def test_the_connection_that_asks_for_types_cannot_write_either(
    shop: Database, reading: SQLiteReading
) -> None:
    with closing(reading._connect()) as connection:
        for statement in WRITES[:9]:
            with pytest.raises(sqlite3.OperationalError):
                connection.execute(statement)


def test_reading_leaves_no_file_behind(shop: Database, path: Path) -> None:
    with shop.source.reading() as reading:
        everything(reading, "SELECT id FROM items ORDER BY id")
    assert {file.name for file in path.parent.iterdir()} <= {
        *("shop.db", "shop.db-wal", "shop.db-shm")
    }
