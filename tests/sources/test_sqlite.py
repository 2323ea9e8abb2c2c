"""What is special about SQLite files."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from dashboard.sources import (
    QueryError,
    Source,
    SourceColumn,
    SourceError,
    SourceUnavailable,
    from_url,
)
from dashboard.sources.sqlite import source as sqlite_source
from tests.sources.databases import everything, sqlite_database


def source_of(path: Path) -> Source:
    return from_url("archive", f"sqlite:///{path}")


def test_a_missing_file_is_unavailable_and_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "gone.db"
    source = source_of(path)
    for ask in (lambda: source.reading().__enter__(), source.check, source.tables):
        with pytest.raises(
            SourceUnavailable, match="The file of the source “archive” is missing"
        ) as caught:
            ask()
        assert caught.value.detail == str(path)
    assert not path.exists()


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match="is missing"):
        source_of(tmp_path).check()


def test_a_file_that_is_no_database_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("Dear diary, today I was not a database.\n" * 50)
    before = path.read_bytes()
    with pytest.raises(SourceError, match="“archive” is not a sound SQLite database") as caught:
        source_of(path).check()
    assert not isinstance(caught.value, SourceUnavailable)
    assert path.read_bytes() == before


def test_a_damaged_file_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (n)")
        connection.executemany("INSERT INTO t VALUES (?)", [("x" * 500,)] * 200)
        connection.commit()
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    with (
        source_of(path).reading() as reading,
        pytest.raises(SourceError, match="is not a sound SQLite database"),
    ):
        everything(reading, "SELECT n FROM t")


def test_an_empty_file_is_a_database_without_tables(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    source = source_of(path)
    assert source.check() == []
    assert source.tables() == []
    with source.reading() as reading, pytest.raises(QueryError, match="has no table “t”"):
        everything(reading, "SELECT * FROM t")


def test_a_locked_file_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_source, "LOCK_PATIENCE", 0.05)
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("CREATE TABLE t (n)")
        writer.execute("BEGIN EXCLUSIVE")
        with pytest.raises(
            SourceUnavailable, match="The source “archive” is locked by another program"
        ):
            source_of(path).check()
        writer.execute("COMMIT")
        assert source_of(path).check() == []


@pytest.mark.parametrize("name", ["a b.db", "what?.db", "100%.db", "#1.db", "ä'\".db", "x&y=z.db"])
def test_a_path_may_hold_any_character(tmp_path: Path, name: str) -> None:
    with closing(sqlite3.connect(tmp_path / name)) as connection:
        connection.execute("CREATE TABLE t (n)")
    url = f"sqlite:///{tmp_path / name}".replace("%", "%25").replace("?", "%3F")
    if "%" not in url:
        with from_url("archive", url).reading() as reading:
            assert everything(reading, "SELECT n FROM t") == []


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_an_address_without_a_file_is_refused(url: str) -> None:
    with pytest.raises(SourceError, match="The address of the source “archive” names no file"):
        from_url("archive", url)


DECLARED = """
CREATE TABLE t (id INTEGER PRIMARY KEY, day DATE, made DATETIME, at TIME, ok BOOLEAN,
                stamp TIMESTAMP, price DECIMAL(10, 2), label VARCHAR(10), ratio DOUBLE, x);
"""

VALUES = [
    ("2026-10-31", date(2026, 10, 31), "day", "2026-10-31"),
    ("2026-02-30", "2026-02-30", "day", "2026-02-30"),
    ("2026-W01-1", "2026-W01-1", "day", "2026-W01-1"),
    ("31.10.2026", "31.10.2026", "day", "31.10.2026"),
    ("=10/31/26", "=10/31/26", "day", "'=10/31/26"),
    (46326, 46326, "day", "46326"),
    ("2026-10-31 14:05:09", datetime(2026, 10, 31, 14, 5, 9), "made", "2026-10-31 14:05:09"),
    ("2026-10-31T14:05:09", datetime(2026, 10, 31, 14, 5, 9), "made", "2026-10-31 14:05:09"),
    ("2026-10-31 14:05:09.000000", datetime(2026, 10, 31, 14, 5, 9), "made", "2026-10-31 14:05:09"),
    (
        "2026-10-31 14:05:09.25",
        datetime(2026, 10, 31, 14, 5, 9, 250000),
        "made",
        "2026-10-31 14:05:09.250000",
    ),
    (
        "2026-10-31 14:05:09.123456",
        datetime(2026, 10, 31, 14, 5, 9, 123456),
        "stamp",
        "2026-10-31 14:05:09.123456",
    ),
    (
        "2026-10-31T14:05:09Z",
        datetime(2026, 10, 31, 14, 5, 9, tzinfo=UTC),
        "made",
        "2026-10-31 14:05:09+00:00",
    ),
    (
        "2026-10-31 14:05:09+02:00",
        datetime(2026, 10, 31, 14, 5, 9, tzinfo=timezone(timedelta(hours=2))),
        "made",
        "2026-10-31 12:05:09+00:00",
    ),
    ("2026-10-31 25:05:09", "2026-10-31 25:05:09", "made", "2026-10-31 25:05:09"),
    ("2026-10-31 14:05+02", "2026-10-31 14:05+02", "made", "2026-10-31 14:05+02"),
    ("=NOW()+1234567890123", "=NOW()+1234567890123", "made", "'=NOW()+1234567890123"),
    ("=NOW()+123456789012", "=NOW()+123456789012", "made", "'=NOW()+123456789012"),
    ("2026-10-31", "2026-10-31", "made", "2026-10-31"),
    (1793455509, 1793455509, "made", "1793455509"),
    ("14:05:09", time(14, 5, 9), "at", "14:05:09"),
    ("14:05:09.5", time(14, 5, 9, 500000), "at", "14:05:09.500000"),
    ("14:05", "14:05", "at", "14:05"),
    ("24:05:09", "24:05:09", "at", "24:05:09"),
    (1, True, "ok", "true"),
    (0, False, "ok", "false"),
    (2, 2, "ok", "2"),
    ("yes", "yes", "ok", "yes"),
    (12.5, 12.5, "price", "12.5"),
    (12, 12, "price", "12"),
    ("12,50", "12,50", "price", '"12,50"'),
]


@pytest.mark.parametrize(("kept", "value", "column", "field"), VALUES)
def test_a_declared_type_is_a_promise_that_values_may_break(
    tmp_path: Path, kept: object, value: object, column: str, field: str
) -> None:
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(DECLARED)
        connection.execute(f"INSERT INTO t ({column}) VALUES (?), (NULL)", (kept,))
        connection.commit()
    query = f"SELECT {column}, id FROM t"
    with source_of(path).reading() as reading:
        assert everything(reading, query) == [(value, 1), (None, 2)]
        chunks = reading.csv(query, {})
        assert chunks is not None
        assert list(chunks) == [(f"{field},1\n,2\n".encode(), 2)]


def test_all_those_values_together_are_spelled_as_each_alone(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(DECLARED)
        for kept, _, column, _ in VALUES:
            connection.execute(f"INSERT INTO t ({column}) VALUES (?)", (kept,))
        connection.commit()
    with source_of(path).reading() as reading:
        for column in ("day", "made", "at", "ok", "price"):
            query = f"SELECT {column}, 1 AS one FROM t WHERE {column} IS NOT NULL ORDER BY id"
            chunks = reading.csv(query, {})
            assert chunks is not None
            fields = [field for _, _, of, field in VALUES if of == column]
            assert list(chunks)[0][0].decode() == "".join(f"{field},1\n" for field in fields)


def test_types_come_from_what_the_file_declares(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    database = sqlite_database(path)
    database.execute(DECLARED)
    with database.source.reading() as reading:
        columns = reading.columns("SELECT *, count(*) AS many, day AS on_day FROM t", {})
    assert columns == [
        SourceColumn("id", "integer"),
        SourceColumn("day", "date"),
        SourceColumn("made", "datetime"),
        SourceColumn("at", "time"),
        SourceColumn("ok", "boolean"),
        SourceColumn("stamp", "datetime"),
        SourceColumn("price", "number"),
        SourceColumn("label", "text"),
        SourceColumn("ratio", "number"),
        SourceColumn("x", None),
        SourceColumn("many", None),
        SourceColumn("on_day", "date"),
    ]


def test_moments_with_a_zone_are_bound_as_utc(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path / "shop.db")
    database.execute("CREATE TABLE t (made DATETIME); INSERT INTO t VALUES ('2026-10-31 12:00:00')")
    noon = datetime(2026, 10, 31, 14, tzinfo=timezone(timedelta(hours=2)))
    with database.source.reading() as reading:
        assert reading.count("SELECT 1 AS one FROM t WHERE made = :noon", {"noon": noon}) == 1


def test_a_decimal_is_bound_as_the_number_that_sqlite_keeps(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path / "shop.db")
    database.execute("CREATE TABLE t (n); INSERT INTO t VALUES (12.5), (3)")
    with database.source.reading() as reading:
        for number in (Decimal("12.50"), Decimal("3"), Decimal("3.00"), Decimal("3E+0")):
            assert reading.count("SELECT n FROM t WHERE n = :n", {"n": number}) == 1


def test_text_that_is_not_utf8_is_told_as_such(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path / "shop.db")
    database.execute("CREATE TABLE t (name TEXT); INSERT INTO t VALUES (CAST(x'ff41' AS TEXT))")
    with (
        database.source.reading() as reading,
        pytest.raises(QueryError, match="holds text that is not UTF-8"),
    ):
        everything(reading, "SELECT name FROM t")


def test_full_text_search_can_be_read(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path / "shop.db")
    database.execute(
        "CREATE VIRTUAL TABLE notes USING fts5(body); INSERT INTO notes VALUES ('hello world')"
    )
    with database.source.reading() as reading:
        query = "SELECT highlight(notes, 0, '[', ']') AS found FROM notes WHERE notes MATCH :word"
        assert everything(reading, query, word="hello") == [("[hello] world",)]


def test_json_can_be_read(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path / "shop.db")
    with database.source.reading() as reading:
        query = "SELECT value AS v FROM json_each(:list)"
        assert everything(reading, query, list="[1, 2]") == [(1,), (2,)]


def test_a_writer_goes_on_while_a_file_in_wal_mode_is_read(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path / "shop.db")
    database.execute("CREATE TABLE t (n); INSERT INTO t VALUES (1)")
    with database.source.reading() as reading:
        database.execute("INSERT INTO t VALUES (2)")
        assert everything(reading, "SELECT n FROM t") == [(1,)]


def test_a_column_may_be_called_like_the_second_of_a_name(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path / "shop.db")
    with database.source.reading() as reading:
        columns = reading.columns("SELECT 1 AS a, 2 AS 'b:1', 3 AS 'c:x'", {})
    assert [column.name for column in columns] == ["a", "b:1", "c:x"]
