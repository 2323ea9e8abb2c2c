"""What a source tells of its tables and views, all at once or one by its name."""

import pytest

from dashboard.sources import SourceUnavailable, Table, from_url
from tests.sources.databases import Database


@pytest.fixture
def stocked(shop: Database) -> Database:
    """Give the shop with a view, and a table with a key of two columns in their own order."""
    shop.execute("DROP VIEW IF EXISTS cheap")
    shop.execute("DROP TABLE IF EXISTS pairs")
    shop.execute("CREATE TABLE pairs (a integer, note text, b integer, PRIMARY KEY (b, a))")
    shop.execute("CREATE VIEW cheap AS SELECT id, name, price FROM items")
    return shop


def test_one_table_is_what_it_is_among_all(stocked: Database) -> None:
    every = {table.name: table for table in stocked.source.tables()}
    assert {"items", "numbers", "pairs", "cheap"} <= set(every)
    for name, table in every.items():
        assert stocked.source.table(name) == table


def test_tables_and_views_are_told_apart(stocked: Database) -> None:
    kinds = {table.name: table.kind for table in stocked.source.tables()}
    assert kinds["items"] == "table"
    assert kinds["cheap"] == "view"


def test_a_key_has_its_columns_in_its_own_order(stocked: Database) -> None:
    keys = {table.name: table.key for table in stocked.source.tables()}
    assert keys["items"] == ("id",)
    assert keys["pairs"] == ("b", "a")
    assert keys["cheap"] == ()


@pytest.mark.parametrize("name", ["nothing", "", "Items ", "a.b.c", "'; --", "100%"])
def test_a_table_that_is_not_there_is_none(shop: Database, name: str) -> None:
    assert shop.source.table(name) is None


def test_a_source_that_does_not_answer_tells_no_table() -> None:
    source = from_url("shop", "sqlite:////nowhere/shop.db")
    with pytest.raises(SourceUnavailable):
        source.table("items")


@pytest.mark.parametrize("shop", ["sqlite"], indirect=True)
def test_a_view_of_what_has_gone_hides_no_other_table(shop: Database) -> None:
    shop.execute("CREATE TABLE gone (n integer); CREATE VIEW broken AS SELECT n FROM gone;")
    shop.execute("DROP TABLE gone")
    try:
        names = [table.name for table in shop.source.tables()]
        assert "items" in names
        assert "broken" not in names
        assert shop.source.table("broken") is None
    finally:
        shop.execute("DROP VIEW broken")


@pytest.mark.parametrize("shop", ["sqlite"], indirect=True)
def test_generated_columns_of_sqlite_are_there(shop: Database) -> None:
    shop.execute("DROP TABLE IF EXISTS doubled")
    shop.execute("CREATE TABLE doubled (n integer, twice integer AS (2 * n), q int AS (n) STORED)")
    table = shop.source.table("doubled")
    assert table is not None
    assert [column.name for column in table.columns] == ["n", "twice", "q"]


@pytest.mark.parametrize("shop", ["postgresql"], indirect=True)
def test_a_dot_parts_the_schema_or_belongs_to_a_name(shop: Database) -> None:
    shop.execute(
        'CREATE SCHEMA IF NOT EXISTS "my.own"; GRANT USAGE ON SCHEMA "my.own" TO reader;'
        'DROP TABLE IF EXISTS "my.own"."a.b", "c.d"; CREATE TABLE "my.own"."a.b" (n integer);'
        'CREATE TABLE "c.d" (m integer); GRANT SELECT ON "my.own"."a.b" TO reader'
    )
    found = shop.source.table("my.own.a.b")
    assert found is not None
    assert found.quoted == '"my.own"."a.b"'
    found = shop.source.table("c.d")
    assert found is not None
    assert found.quoted == '"c.d"'
    assert shop.source.table("b") is None


@pytest.mark.parametrize("shop", ["postgresql"], indirect=True)
def test_what_a_role_may_not_read_is_neither_a_column_nor_a_key(shop: Database) -> None:
    shop.execute(
        "DROP TABLE IF EXISTS secret; CREATE TABLE secret (a integer, b integer, c text, "
        "PRIMARY KEY (a, b)); REVOKE ALL ON secret FROM reader; GRANT SELECT (b, c) ON secret TO "
        "reader"
    )
    table = shop.source.table("secret")
    assert table is not None
    assert [column.name for column in table.columns] == ["b", "c"]
    assert table.key == ()


@pytest.mark.parametrize("shop", ["postgresql"], indirect=True)
def test_matviews_partitions_and_foreign_parts_have_their_kinds(shop: Database) -> None:
    shop.execute(
        "DROP MATERIALIZED VIEW IF EXISTS summed; DROP TABLE IF EXISTS parted; "
        "CREATE MATERIALIZED VIEW summed AS SELECT count(*) AS n FROM items; "
        "CREATE TABLE parted (n integer PRIMARY KEY, i integer) PARTITION BY RANGE (n); "
        "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (9); "
        "GRANT SELECT ON summed TO reader"
    )
    tables: dict[str, Table] = {table.name: table for table in shop.source.tables()}
    assert tables["summed"].kind == "view"
    assert tables["parted"].kind == "table"
    assert tables["parted"].key == ("n",)
    assert "parted_1" not in tables
