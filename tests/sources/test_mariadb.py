"""What is special about MariaDB: its values in the one spelling, its errors, its last row."""

from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice

import pytest

from dashboard.sources import QueryError, SourceUnavailable, WriteRefused
from tests.sources.databases import READER, Database, everything

pytestmark = pytest.mark.parametrize("shop", ["generic-mariadb"], indirect=True)


def test_values_are_those_that_a_source_promises(shop: Database) -> None:
    query = (
        "SELECT CAST('09:05:00' AS time) AS t, CAST('-100:00:01.5' AS time(1)) AS long_time, "
        "CAST('2026-10-31' AS date) AS d, CAST('2026-10-31 14:05:09.25' AS datetime(6)) AS m, "
        "12.50 AS p, 1e300 AS f, X'00FF' AS raw, 18446744073709551615 AS big, 'ü灯🪔' AS s, "
        "NULL AS nothing, 1 = 1 AS yes, JSON_OBJECT('a', 1) AS j"
    )
    with shop.source.reading() as reading:
        (row,) = everything(reading, query)
    assert row == (
        *(time(9, 5), "-100:00:01.500000", date(2026, 10, 31)),
        *(datetime(2026, 10, 31, 14, 5, 9, 250_000), Decimal("12.50"), 1e300, b"\x00\xff"),
        *(18446744073709551615, "ü灯🪔", None, 1, '{"a": 1}'),
    )


def test_a_write_is_refused_in_depth(shop: Database) -> None:
    with shop.source.reading() as reading, pytest.raises(WriteRefused, match="begins with SELECT"):
        everything(reading, "DELETE FROM items")
    with shop.source.reading() as reading, pytest.raises(QueryError):
        everything(reading, "SELECT * FROM items INTO OUTFILE '/tmp/bellhop-items'")
    with shop.source.reading() as reading, pytest.raises(QueryError):
        everything(reading, "WITH one AS (SELECT 1) DELETE FROM items")
    with shop.source.reading() as reading:
        assert reading.count("SELECT id FROM items", {}) == 3


def test_a_count_and_a_stream_share_the_snapshot(shop: Database) -> None:
    with shop.source.reading() as reading:
        assert reading.count("SELECT n FROM numbers", {}) == 2500
        shop.execute("INSERT INTO numbers VALUES (0)")
        try:
            assert len(everything(reading, "SELECT n FROM numbers")) == 2500
            assert reading.count("SELECT n FROM numbers", {}) == 2500
        finally:
            shop.execute("DELETE FROM numbers WHERE n = 0")


def test_a_server_that_goes_away_in_the_middle_is_unavailable(shop: Database) -> None:
    query = "SELECT a.n AS a, b.n AS b, c.n AS c FROM numbers a, numbers b, numbers c"
    with shop.source.reading() as reading:
        batches = reading.rows(query, {}, batch=10)
        next(batches)
        shop.execute(f"KILL USER {READER}@localhost")
        with pytest.raises(SourceUnavailable, match="The source “shop” does not answer"):
            for _ in batches:
                pass
        with pytest.raises(SourceUnavailable):
            reading.count("SELECT n FROM numbers", {})
    with shop.source.reading() as reading:
        assert reading.count("SELECT n FROM numbers", {}) == 2500


def test_a_stream_that_is_left_ends_at_the_server(shop: Database) -> None:
    query = "SELECT a.n AS a, b.n AS b, c.n AS c FROM numbers a, numbers b, numbers c"
    with shop.source.reading() as reading:
        batches = reading.rows(query, {})
        assert len(list(islice(batches, 2))) == 2
        batches.close()
        assert everything(reading, "SELECT count(*) AS n FROM numbers") == [(2500,)]
