"""What every engine promises alike."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from dashboard.sources import QueryError, Reading, SourceTimeout, WriteRefused
from tests.sources.databases import Database, everything


def test_rows_come_as_natural_values_of_python(shop: Database, reading: Reading) -> None:
    first, second, third = everything(reading, "SELECT * FROM items ORDER BY id")
    assert third == (3, None, None, None, None, None, None)
    assert second[1] == "Żółć “ünïcode” 灯 🪔"
    assert first[:4] == (1, "Lamp", Decimal("12.50"), 0.25)
    assert second[2:4] == (3, 1.0)
    if shop.engine == "generic-sqlite":  # Nothing tells SQLAlchemy what plain SQL gives.
        assert first[4:] == (1, "2026-10-31", "2026-10-31 14:05:09")
    else:
        assert first[4:] == (True, date(2026, 10, 31), datetime(2026, 10, 31, 14, 5, 9))
        assert second[4] is False
        assert second[6] == datetime(2024, 2, 29, 0, 0, 0, 123456)


def test_columns_have_names_and_types(shop: Database, reading: Reading) -> None:
    columns = reading.columns("SELECT * FROM items", {})
    assert [column.name for column in columns] == [
        *("id", "name", "price", "weight", "sold", "day", "made")
    ]
    known = ["integer", "text", "number", "number", "boolean", "date", "datetime"]
    unknown = [None] * 7
    generic = shop.engine.startswith("generic-")
    assert [column.type for column in columns] == (unknown if generic else known)


def test_columns_need_no_row_and_no_value_of_sense(reading: Reading) -> None:
    query = "SELECT id, name AS label FROM items WHERE name = :name AND id IN :ids"
    columns = reading.columns(query, {"name": None, "ids": [1]})
    assert [column.name for column in columns] == ["id", "label"]


def test_rows_come_in_batches_of_the_size_asked_for(reading: Reading) -> None:
    sizes = [len(rows) for rows in reading.rows("SELECT n FROM numbers ORDER BY n", {}, batch=1000)]
    assert sizes == [1000, 1000, 500]


def test_no_rows_give_no_batch(reading: Reading) -> None:
    query = "SELECT id FROM items WHERE 1 = 0"
    assert list(reading.rows(query, {})) == []
    assert list(reading.csv(query, {}) or []) == []
    assert reading.count(query, {}) == 0


def test_rows_can_be_left_in_the_middle(reading: Reading) -> None:
    with closing(reading.rows("SELECT n FROM numbers ORDER BY n", {}, batch=10)) as batches:
        assert len(next(batches)) == 10
    assert everything(reading, "SELECT count(*) FROM numbers") == [(2500,)]


def test_csv_can_be_left_in_the_middle(reading: Reading) -> None:
    chunks = reading.csv("SELECT a.n, b.n AS m FROM numbers a, numbers b WHERE b.n < 100", {})
    if chunks is not None:
        with chunks:
            next(chunks)
    assert everything(reading, "SELECT count(*) FROM numbers") == [(2500,)]
