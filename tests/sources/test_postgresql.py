"""What is special about PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import make_url

from dashboard.sources import QueryError, SourceUnavailable, from_url
from dashboard.sources.postgresql import session
from tests.sources.databases import READER, Database, everything, postgresql_database


@pytest.fixture(scope="module")
def shop(postgres_url: str) -> Iterator[Database]:
    with postgresql_database(postgres_url) as database:
        database.execute("CREATE TABLE items (id integer, name text)")
        yield database


def superuser_url(shop: Database) -> str:
    return make_url(shop.url).set(username="postgres").render_as_string(hide_password=False)


def test_a_role_that_may_only_select_is_well(shop: Database) -> None:
    assert shop.source.check() == []


def test_a_superuser_is_warned_of(shop: Database) -> None:
    (warning,) = from_url("shop", superuser_url(shop)).check()
    assert warning == (
        "The role “postgres” of the source “shop” is a superuser: make one that may only SELECT."
    )


def test_each_right_beyond_reading_is_warned_of(shop: Database) -> None:
    shop.execute(
        f"""
        CREATE SCHEMA desk; GRANT ALL ON SCHEMA desk TO {READER};
        CREATE TABLE a (n int); CREATE TABLE b (n int); CREATE TABLE c (n int);
        CREATE TABLE d (n int);
        GRANT INSERT ON a TO {READER}; GRANT DELETE ON b TO {READER};
        GRANT UPDATE ON c TO {READER}; GRANT TRUNCATE ON d TO {READER};
        CREATE FUNCTION wipe() RETURNS void LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM a';
        GRANT pg_read_server_files, pg_execute_server_program TO {READER};
        ALTER ROLE {READER} CREATEDB;
        """
    )
    try:
        assert shop.source.check() == [
            f"The role “reader” of the source “shop” {words}."
            for words in (
                "may make databases",
                "is a member of pg_execute_server_program, pg_read_server_files",
                "may make tables in desk",
                "may change a, b, c and 1 more",
                "may call functions that work with their owner's rights: wipe",
            )
        ]
    finally:
        shop.execute(
            f"""
            REVOKE pg_read_server_files, pg_execute_server_program FROM {READER};
            ALTER ROLE {READER} NOCREATEDB;
            DROP SCHEMA desk; DROP TABLE a, b, c, d; DROP FUNCTION wipe();
            """
        )


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://reader@/shop?host={folder}",
        "postgresql://reader:secret@127.0.0.1:1/shop",
        "postgresql+psycopg://reader:secret@nowhere.invalid/shop",
    ],
)
def test_a_server_that_does_not_answer_is_unavailable(tmp_path: Path, url: str) -> None:
    source = from_url("shop", url.format(folder=tmp_path))
    for ask in (lambda: source.reading().__enter__(), source.check, source.tables):
        with pytest.raises(SourceUnavailable, match="The source “shop” does not answer") as caught:
            ask()
        assert "secret" not in caught.value.detail


def test_a_database_that_does_not_exist_is_unavailable(shop: Database) -> None:
    url = make_url(shop.url).set(database="nowhere").render_as_string(hide_password=False)
    with pytest.raises(SourceUnavailable) as caught:
        from_url("shop", url).check()
    assert "nowhere" in caught.value.detail


def test_a_locked_table_is_unavailable(shop: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(session.SETTINGS, "lock_timeout", 50)
    with from_url("shop", superuser_url(shop)).reading() as other:
        # A lock needs a transaction that may write; this one belongs to the test.
        connection = other._connection  # type: ignore[attr-defined]
        connection.rollback()
        connection.read_only = False
        connection.execute("LOCK TABLE items IN ACCESS EXCLUSIVE MODE")
        with (
            shop.source.reading() as reading,
            pytest.raises(SourceUnavailable, match="“shop” is locked by another program"),
        ):
            everything(reading, "SELECT id FROM items")


def test_the_zone_of_the_server_changes_nothing(shop: Database) -> None:
    shop.execute(f"ALTER ROLE {READER} SET timezone = 'Asia/Tokyo'")
    shop.execute(f"ALTER ROLE {READER} SET datestyle = 'German'")
    shop.execute(f"ALTER ROLE {READER} SET bytea_output = 'escape'")
    shop.execute(f"ALTER ROLE {READER} SET standard_conforming_strings = 'off'")
    try:
        with shop.source.reading() as reading:
            query = (
                "SELECT timestamptz '2026-10-31 12:00+00' AS a, date '2026-10-31' AS b,"
                " '\\x00'::bytea AS c, 'a\\' AS d, :e AS e"
            )
            ((moment, day, raw, text, given),) = everything(reading, query, e="\\' :x")
            assert moment == datetime(2026, 10, 31, 12, tzinfo=UTC)
            assert (day, raw, text, given) == (date(2026, 10, 31), b"\x00", "a\\", "\\' :x")
            chunks = reading.csv(query, {"e": "\\' :x"})
            assert chunks is not None
            expected = "2026-10-31 12:00:00+00:00,2026-10-31,\\x00,a\\,\\' :x\n"
            assert list(chunks) == [(expected.encode(), 1)]
    finally:
        shop.execute(f"ALTER ROLE {READER} RESET ALL")


def test_the_queries_own_expressions_are_worked_out_once(shop: Database) -> None:
    shop.execute(
        """
        CREATE FUNCTION slow() RETURNS text LANGUAGE plpgsql STABLE AS
            'BEGIN RAISE EXCEPTION ''called''; END';
        CREATE FUNCTION counted(text) RETURNS text LANGUAGE plpgsql VOLATILE AS
            'BEGIN PERFORM set_config(''my.calls'',
                (coalesce(nullif(current_setting(''my.calls'', true), ''''), ''0'')::int + 1)::text,
                false); RETURN $1; END';
        """
    )
    with shop.source.reading() as reading:
        chunks = reading.csv("SELECT counted('=x') AS a, 1 AS b", {})
        assert chunks is not None
        assert list(chunks) == [(b"'=x,1\n", 1)]
        assert everything(reading, "SELECT current_setting('my.calls') AS n") == [("1",)]
        # And columns() works nothing out at all.
        assert [c.name for c in reading.columns("SELECT slow() AS s FROM items", {})] == ["s"]


def test_the_order_survives_a_parallel_plan(shop: Database) -> None:
    shop.execute(
        """
        CREATE TABLE many AS SELECT n, md5(n::text) AS code FROM generate_series(1, 60000) n;
        ANALYZE many;
        """
    )
    shop.execute(f"ALTER ROLE {READER} SET parallel_setup_cost = 0")
    shop.execute(f"ALTER ROLE {READER} SET parallel_tuple_cost = 0")
    shop.execute(f"ALTER ROLE {READER} SET min_parallel_table_scan_size = 0")
    try:
        with shop.source.reading() as reading:
            chunks = reading.csv("SELECT code FROM many ORDER BY code", {})
            assert chunks is not None
            codes = b"".join(chunk for chunk, _ in chunks).decode().split()
        assert len(codes) == 60000
        assert codes == sorted(codes)
    finally:
        shop.execute(f"ALTER ROLE {READER} RESET ALL")


def test_literals_mean_what_bound_values_mean(shop: Database) -> None:
    query = "SELECT :f / 3 AS f, :d AS d, -:n AS m, :n::text || 'x' AS t, :day + 1 AS day"
    values = {"f": 1e20, "d": Decimal("-1.50"), "n": -3, "day": date(2026, 10, 31)}
    with shop.source.reading() as reading:
        assert everything(reading, query, **values) == [
            (1e20 / 3, Decimal("-1.50"), 3, "-3x", date(2026, 11, 1))
        ]
        chunks = reading.csv(query, values)
        assert chunks is not None
        assert list(chunks) == [(b"3.333333333333333e+19,-1.50,3,'-3x,2026-11-01\n", 1)]


def test_a_table_outside_of_the_search_path_has_its_schema(shop: Database) -> None:
    shop.execute(
        f"""
        CREATE SCHEMA "Old stock"; GRANT USAGE ON SCHEMA "Old stock" TO {READER};
        CREATE TABLE "Old stock"."Items" (id integer);
        GRANT SELECT ON "Old stock"."Items" TO {READER};
        CREATE TABLE hidden (n integer); REVOKE ALL ON hidden FROM {READER};
        """
    )
    tables = {table.name: table for table in shop.source.tables()}
    assert "hidden" not in tables
    table = tables["Old stock.Items"]
    assert table.quoted == '"Old stock"."Items"'
    with shop.source.reading() as reading:
        assert everything(reading, f"SELECT id FROM {table.quoted}") == []


def test_a_type_without_an_order_is_named_as_the_cause(shop: Database) -> None:
    query = "SELECT v FROM (VALUES ('{}'::json)) AS held (v) ORDER BY v"
    with (
        shop.source.reading() as reading,
        pytest.raises(QueryError, match="cannot sort by a column of this type"),
    ):
        everything(reading, query)
