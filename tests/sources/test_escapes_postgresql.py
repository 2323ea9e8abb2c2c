"""Every way out of a PostgreSQL source's read-only reading, and what shuts it.

Most are tried by a superuser, for whom only the read-only transaction and the one statement
stand in the way; what needs a role that may only SELECT is said so.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import make_url

from dashboard.sources import QueryError, Reading, Source, WriteRefused, from_url
from dashboard.sources.postgresql.reading import PostgreSQLReading
from tests.sources.databases import Database, everything, postgresql_database

TABLES = """
CREATE TABLE items (id integer);
INSERT INTO items VALUES (1), (2);
CREATE SEQUENCE numbers;
CREATE FUNCTION wipe() RETURNS integer LANGUAGE sql SECURITY DEFINER
    AS 'DELETE FROM items; SELECT 1';
CREATE FUNCTION wipe_stably() RETURNS integer LANGUAGE plpgsql STABLE SECURITY DEFINER
    AS 'BEGIN EXECUTE ''DELETE FROM items''; RETURN 1; END';
CREATE FUNCTION wipe_boldly() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER AS '
    BEGIN
        PERFORM set_config(''transaction_read_only'', ''off'', false);
        DELETE FROM items;
        RETURN 1;
    END';
"""


@pytest.fixture(scope="module")
def shop(postgres_url: str) -> Iterator[Database]:
    with postgresql_database(postgres_url) as database:
        database.execute(TABLES)
        yield database


@pytest.fixture(scope="module")
def superuser(shop: Database) -> Source:
    """Give the shop as a superuser reads it: the worst role that an operator can choose."""
    url = make_url(shop.url).set(username="postgres")
    return from_url("shop", url.render_as_string(hide_password=False))


@pytest.fixture
def reading(superuser: Source) -> Iterator[PostgreSQLReading]:
    with superuser.reading() as reading:
        assert isinstance(reading, PostgreSQLReading)
        yield reading


@pytest.fixture
def as_reader(shop: Database) -> Iterator[Reading]:
    with shop.source.reading() as reading:
        yield reading


@pytest.fixture(autouse=True)
def _nothing_has_changed(shop: Database, superuser: Source) -> Iterator[None]:
    yield
    with superuser.reading() as later:
        assert everything(later, "SELECT id FROM items ORDER BY id") == [(1,), (2,)]
        assert everything(later, "SELECT is_called FROM numbers") == [(False,)]
        assert everything(later, "SELECT relname FROM pg_class WHERE relname = 'more'") == []
        assert everything(later, "SELECT oid FROM pg_largeobject_metadata") == []


def ways(reading: Reading, query: str) -> list[Callable[[], object]]:
    """Give every way in which a reading runs *query*."""
    return [
        lambda: reading.count(query, {}),
        lambda: everything(reading, query),
        lambda: list(reading.csv(query, {}) or ()),
    ]


@pytest.mark.parametrize(
    "query",
    [
        "WITH gone AS (DELETE FROM items RETURNING id) SELECT id FROM gone",
        "WITH new AS (INSERT INTO items VALUES (3) RETURNING id) SELECT id FROM new",
        "SELECT id FROM items FOR UPDATE",
        "SELECT nextval('numbers') AS n",
        "SELECT setval('numbers', 7) AS n",
        "SELECT wipe() AS n",
        "SELECT query_to_xml('DELETE FROM items RETURNING id', true, false, '')::text AS x",
    ],
)
def test_a_write_within_a_query_is_refused_even_to_a_superuser(
    superuser: Source, query: str
) -> None:
    for place in range(3):
        with superuser.reading() as reading, pytest.raises(WriteRefused, match="is read only"):
            ways(reading, query)[place]()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT wipe_boldly() AS n",
        "SELECT id INTO more FROM items",
        "SELECT set_config('transaction_read_only', 'off', false) AS s, wipe() AS n",
        "SELECT set_config('transaction_read_only', 'off', true) AS s",
        "SELECT 1 AS one) TO PROGRAM 'touch {file}' --",
        "SELECT 1 AS one) TO '{file}' --",
        "SELECT 1 AS one) AS asked OFFSET 0) AS result (c0)) TO PROGRAM 'touch {file}' --",
        "(SELECT 1 AS one",
        "SELECT 1 AS one /* to the end",
        "SELECT 1 AS one, 'to the end",
        "SELECT 1 AS one, $$to the end",
    ],
)
def test_what_would_break_out_is_no_query(superuser: Source, tmp_path: Path, query: str) -> None:
    tmp_path.chmod(0o777)
    file = tmp_path / "made"
    for place in range(3):
        with superuser.reading() as reading, pytest.raises(QueryError):
            ways(reading, query.format(file=file))[place]()
    assert not file.exists()


@pytest.mark.parametrize(
    "query", ["SELECT lo_create(47) AS n", "SELECT lo_from_bytea(0, 'x') AS n"]
)
def test_large_objects_are_refused_or_taken_back(superuser: Source, query: str) -> None:
    # PostgreSQL refuses them since 16; what an older one has made ends with the transaction.
    with superuser.reading() as reading, suppress(WriteRefused):
        everything(reading, query)


def test_a_function_that_lies_about_writing_is_refused(superuser: Source) -> None:
    for place in (1, 2):  # Counting does not call it.
        with superuser.reading() as reading, pytest.raises(WriteRefused):
            ways(reading, "SELECT wipe_stably() AS n")[place]()


@pytest.mark.parametrize(
    "statements",
    [
        "SELECT 1; DELETE FROM items",
        "SELECT 1; COMMIT; DELETE FROM items",
        "COMMIT",
        "DELETE FROM items",
        "COPY items TO PROGRAM 'cat'",
        "INSERT INTO items VALUES (3) RETURNING id",
    ],
)
def test_the_server_takes_one_select_whatever_the_scanner_lets_through(
    reading: PostgreSQLReading, statements: str
) -> None:
    with reading._cursor() as cursor, pytest.raises(psycopg.errors.SyntaxError):
        cursor.execute(statements.encode())


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM items",
        "CREATE TABLE more (n integer)",
        "SET TRANSACTION READ WRITE",
        "SET transaction_read_only = off",
        "COPY items FROM PROGRAM 'echo 3'",
    ],
)
def test_the_transaction_itself_refuses(reading: PostgreSQLReading, statement: str) -> None:
    with pytest.raises((errors.ReadOnlySqlTransaction, errors.ActiveSqlTransaction)):
        reading._connection.execute(statement.encode())


@pytest.mark.parametrize(
    "query",
    [
        "SELECT pg_read_file('PG_VERSION') AS f",
        "SELECT pg_ls_dir('.') AS f",
        "SELECT lo_import('/etc/passwd') AS f",
        "SELECT lo_export(1, '/tmp/f') AS f",
        "SELECT pg_reload_conf() AS f",
        "SELECT rolpassword FROM pg_authid",
        "SELECT pg_switch_wal()::text AS f",
    ],
)
def test_a_role_that_may_only_select_reaches_no_files_and_no_secrets(
    as_reader: Reading, query: str
) -> None:
    with pytest.raises(QueryError, match="The source “shop” refuses: permission denied"):
        everything(as_reader, query)


def test_what_a_query_locks_ends_with_its_reading(shop: Database, superuser: Source) -> None:
    with shop.source.reading() as reading:
        everything(reading, "SELECT pg_advisory_lock(5) IS NULL AS l")
        everything(reading, "SELECT pg_notify('news', 'x') IS NULL AS n")
    with superuser.reading() as reading:
        assert everything(reading, "SELECT pid FROM pg_locks WHERE locktype = 'advisory'") == []


def test_a_reading_leaves_no_setting_behind_for_whoever_shares_a_pooled_connection(
    reading: PostgreSQLReading,
) -> None:
    connection = reading._connection
    connection.rollback()
    connection.read_only = None
    connection.isolation_level = None
    row = connection.execute(
        """
        SELECT count(*) FROM pg_settings
        WHERE source = 'session' AND name NOT IN ('client_encoding', 'application_name')
        """
    ).fetchone()
    assert row == (0,)
