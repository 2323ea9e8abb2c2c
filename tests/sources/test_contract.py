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
    elif shop.engine == "generic-mariadb":  # Its booleans are whole numbers.
        assert first[4:] == (1, date(2026, 10, 31), datetime(2026, 10, 31, 14, 5, 9))
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
        with closing(chunks):
            next(chunks)
    assert everything(reading, "SELECT count(*) FROM numbers") == [(2500,)]


def test_a_stream_may_outlive_its_reading_unread(shop: Database) -> None:
    query = "SELECT a.n, b.n AS m FROM numbers a, numbers b WHERE b.n < 100"
    with shop.source.reading() as reading:
        batches = reading.rows(query, {})
        next(batches)
    batches.close()
    with shop.source.reading() as reading:
        chunks = reading.csv(query, {})
        if chunks is not None:
            next(chunks)
    if chunks is not None:
        chunks.close()


def test_count_counts_the_rows_of_the_query(reading: Reading) -> None:
    assert reading.count("SELECT n FROM numbers WHERE n > :least ORDER BY n", {"least": 5}) == 2495


def test_a_count_that_takes_too_long_is_none_and_the_reading_goes_on(
    shop: Database, reading: Reading
) -> None:
    assert reading.count(endless(shop), {}, timeout=0.2) is None
    assert reading.count("SELECT n FROM numbers", {}) == 2500
    assert everything(reading, "SELECT max(n) FROM numbers") == [(2500,)]


@pytest.mark.parametrize(
    ("column", "value", "ids"),
    [
        ("name", "Lamp", [1]),
        ("name", "O'Lamp\\' -- :x", []),
        ("id", 2, [2]),
        ("id", 2**70, []),
        ("price", Decimal("12.50"), [1]),
        ("price", 3, [2]),
        ("weight", 0.25, [1]),
        ("day", date(2024, 2, 29), [2]),
        ("made", datetime(2026, 10, 31, 14, 5, 9), [1]),
        ("sold", False, [2]),
        ("name", None, []),
    ],
)
def test_a_value_of_each_type_is_bound(
    shop: Database, reading: Reading, column: str, value: object, ids: list[int]
) -> None:
    if shop.engine == "generic-sqlite" and column in ("made", "price"):
        return  # SQLAlchemy keeps these otherwise in SQLite than other programs do.
    if shop.engine.startswith("generic-") and value == 2**70:
        return  # SQLAlchemy takes every whole number for a bigint.
    query = f"SELECT id FROM items WHERE {column} = :value"
    assert [found for (found,) in everything(reading, query, value=value)] == ids
    assert reading.count(query, {"value": value}) == len(ids)
    chunks = reading.csv(query, {"value": value})
    if chunks is not None:
        assert b"".join(chunk for chunk, _ in chunks).decode().split() == list(map(str, ids))


@pytest.mark.parametrize("where", ["name IN :names", "name IN (:names)", "name IN\n( :names )"])
def test_a_list_is_for_in(reading: Reading, where: str) -> None:
    query = f"SELECT id FROM items WHERE {where} ORDER BY id"
    assert everything(reading, query, names=["Lamp", "it's", "x"]) == [(1,)]
    assert everything(reading, query, names=("Lamp",)) == [(1,)]


def test_an_empty_list_is_refused_as_in_would_lie(reading: Reading) -> None:
    with pytest.raises(QueryError, match="The list “names” is empty"):
        everything(reading, "SELECT id FROM items WHERE name NOT IN :names", names=[])


def test_a_choice_may_be_left_open(reading: Reading) -> None:
    query = "SELECT id FROM items WHERE (:name IS NULL OR name = :name) ORDER BY id"
    assert everything(reading, query, name=None) == [(1,), (2,), (3,)]
    assert everything(reading, query, name="Lamp") == [(1,)]
    query = "SELECT id FROM items WHERE (:ids is not null AND id IN :ids) OR day < :until"
    assert everything(reading, query, ids=None, until=None) == []
    assert everything(reading, query, ids=[3], until=None) == [(3,)]


def test_a_value_may_be_used_twice_where_both_must_be_the_same(
    shop: Database, reading: Reading
) -> None:
    step = shop.say(
        sqlite="n / :step", postgresql="n / CAST(:step AS integer)", mariadb="n DIV :step"
    )
    query = f"SELECT {step} AS step, count(*) AS many FROM numbers GROUP BY {step} ORDER BY 1"
    assert everything(reading, query, step=1000) == [(0, 999), (1, 1000), (2, 501)]


def test_a_value_is_never_sql(reading: Reading) -> None:
    evil = "x'; DROP TABLE items; --"
    query = "SELECT :value AS said, id FROM items WHERE name = 'Lamp'"
    assert everything(reading, query, value=evil) == [(evil, 1)]


def test_colons_of_the_query_itself_are_left_alone(shop: Database, reading: Reading) -> None:
    cast = shop.say(sqlite="'7'", postgresql="'7'::text")
    query = f"""
        SELECT ':no' AS a, {cast} AS ":b", 'it''s :no' AS c /* :no */, :yes AS d -- :no
        FROM items WHERE id = 1; -- :no
    """
    assert everything(reading, query, yes="yes") == [(":no", "7", "it's :no", "yes")]


def test_a_value_that_is_not_given_is_named(reading: Reading) -> None:
    with pytest.raises(QueryError, match="asks for “until”, which was not given"):
        everything(reading, "SELECT id FROM items WHERE day < :until")


def test_a_value_that_no_query_asks_for_does_no_harm(reading: Reading) -> None:
    assert everything(reading, "SELECT id FROM items WHERE id = 1", other=5) == [(1,)]


@pytest.mark.parametrize("broken", ["\ud800", "a\0b"])
def test_a_text_that_is_none_is_refused(reading: Reading, broken: str) -> None:
    with pytest.raises(QueryError, match="holds a character that is no text"):
        everything(reading, "SELECT id FROM items WHERE name = :name", name=broken)


def test_a_column_named_twice_is_refused_by_name(shop: Database, reading: Reading) -> None:
    query = "SELECT id AS total, name AS total FROM items"
    asking: dict[str, Callable[[], object]] = {
        "columns": lambda: reading.columns(query, {}),
        "rows": lambda: everything(reading, query),
        "csv": lambda: list(reading.csv(query, {}) or everything(reading, query)),
    }
    if shop.engine == "generic-sqlite":
        del asking["columns"]  # There SQLite has renamed the second before anyone sees it.
    for ask in asking.values():
        with pytest.raises(QueryError, match="The column “total” is named twice in the query"):
            ask()


def test_a_missing_table_and_column_are_named(reading: Reading) -> None:
    with pytest.raises(QueryError, match="The source “shop” has no table “order_lines”"):
        reading.columns("SELECT 1 AS one FROM order_lines", {})
    with pytest.raises(QueryError, match=r"The source “shop” has no column “i\.colour”"):
        everything(reading, "SELECT i.colour FROM items i")


def test_nonsense_is_a_query_error_with_the_databases_own_words(
    shop: Database, reading: Reading
) -> None:
    with pytest.raises(QueryError, match="does not understand the query") as caught:
        everything(reading, "SELECT FROM WHERE")
    said = shop.say(
        sqlite="syntax error", postgresql="syntax error", mariadb="error in your SQL syntax"
    )
    assert said in caught.value.detail


@pytest.mark.parametrize("query", ["", "  ", "-- nothing\n"])
def test_an_empty_query_is_refused(reading: Reading, query: str) -> None:
    with pytest.raises(QueryError, match="The query is empty"):
        everything(reading, query)


def test_a_reading_goes_on_after_a_query_that_was_wrong(reading: Reading) -> None:
    with pytest.raises(QueryError):
        reading.columns("SELECT nothing FROM nowhere", {})
    with pytest.raises(QueryError):
        reading.count("SELECT nothing FROM nowhere", {})
    assert everything(reading, "SELECT id FROM items WHERE id = 1") == [(1,)]


def test_values_and_with_are_queries_too(reading: Reading) -> None:
    assert everything(reading, "VALUES (1, 'a'), (2, 'b')") == [(1, "a"), (2, "b")]
    query = "WITH big AS (SELECT n FROM numbers WHERE n > 2498) SELECT n FROM big ORDER BY n"
    assert everything(reading, query) == [(2499,), (2500,)]


def test_the_order_of_the_query_is_kept(reading: Reading) -> None:
    query = "SELECT n FROM numbers ORDER BY n % 7, n DESC"
    expected = [n for (n,) in everything(reading, query)]
    assert expected == sorted(range(1, 2501), key=lambda n: (n % 7, -n))
    chunks = reading.csv(query, {})
    if chunks is not None:
        assert b"".join(chunk for chunk, _ in chunks).decode().split() == list(map(str, expected))


def test_a_reading_shows_one_moment(shop: Database) -> None:
    shop.execute("DROP TABLE IF EXISTS moments; CREATE TABLE moments (n integer)")
    shop.execute("INSERT INTO moments VALUES (1)")
    before = datetime.now(UTC)
    with shop.source.reading() as reading:
        shop.execute("INSERT INTO moments VALUES (2)")
        assert reading.count("SELECT n FROM moments", {}) == 1
        assert everything(reading, "SELECT n FROM moments") == [(1,)]
        assert reading.as_of.utcoffset() == timedelta()
        assert before - timedelta(seconds=1) < reading.as_of < datetime.now(UTC)
    with shop.source.reading() as reading:
        assert reading.count("SELECT n FROM moments", {}) == 2


def test_huge_texts_come_whole(shop: Database, reading: Reading) -> None:
    size = 3_000_000
    text = shop.say(
        sqlite=f"replace(hex(zeroblob({size // 2})), '00', 'ä,')",
        postgresql=f"repeat('ä,', {size // 2})",
        mariadb=f"repeat('ä,', {size // 2})",
    )
    query = f"SELECT {text} AS huge FROM items"
    assert everything(reading, query)[0] == ("ä," * (size // 2),)
    chunks = reading.csv(query, {})
    if chunks is not None:
        whole = b"".join(chunk for chunk, _ in chunks).decode()
        assert whole == ('"' + "ä," * (size // 2) + '"\n') * 3


def test_csv_comes_in_large_chunks_that_end_at_a_row(shop: Database, reading: Reading) -> None:
    query = "SELECT a.n, 'some text, some more' AS t FROM numbers a, numbers b WHERE b.n <= 20"
    chunks = reading.csv(query, {})
    if chunks is None:
        assert shop.engine.startswith("generic-")
        return
    pieces = list(chunks)
    assert all(len(chunk) >= 64 * 1024 for chunk, _ in pieces[:-1])
    assert all(len(chunk) <= 1024 * 1024 for chunk, _ in pieces)
    assert all(chunk.count(b"\n") == rows for chunk, rows in pieces)
    assert sum(rows for _, rows in pieces) == 50_000


def test_tables_are_named_with_their_columns(shop: Database) -> None:
    tables = {table.name: table for table in shop.source.tables()}
    assert {"items", "numbers"} <= set(tables)
    types = {column.name: column.type for column in tables["items"].columns}
    assert types == {
        "id": "integer",
        "name": "text",
        "price": "number",
        "weight": "number",
        "sold": "integer" if shop.engine == "generic-mariadb" else "boolean",
        "day": "date",
        "made": "datetime",
    }


def test_a_table_is_quoted_as_a_query_must_spell_it(shop: Database) -> None:
    shop.execute('CREATE TABLE IF NOT EXISTS "Odd ""name" (n integer)')
    (odd,) = [table for table in shop.source.tables() if table.name == 'Odd "name']
    with shop.source.reading() as reading:
        assert everything(reading, f"SELECT * FROM {odd.quoted}") == []


@pytest.mark.parametrize(
    "query",
    [
        "INSERT INTO items (id) VALUES (9)",
        "UPDATE items SET name = 'x'",
        "DELETE FROM items",
        "CREATE TABLE more (n integer)",
        "DROP TABLE items",
        "COMMIT",
        "ATTACH 'other.db' AS other",
        "PRAGMA journal_mode = DELETE",
        "COPY items TO '/tmp/items'",
        "COPY items TO PROGRAM 'cat'",
        "EXPLAIN SELECT 1",
    ],
)
def test_a_query_begins_with_a_word_of_reading(reading: Reading, query: str) -> None:
    word = query.split()[0]
    for ask in (reading.columns, reading.count, lambda q, p: everything(reading, q)):
        with pytest.raises(WriteRefused, match=f"not with {word}"):
            ask(query, {})


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1 AS one; DELETE FROM items",
        "SELECT 1 AS one; COMMIT; DELETE FROM items",
        "SELECT 1 AS one;\n-- then\nDROP TABLE items",
        "SELECT 1 AS one) TO STDOUT; DELETE FROM items; --",
    ],
)
def test_a_query_is_one_statement(reading: Reading, query: str) -> None:
    for ask in (reading.columns, reading.count, lambda q, p: everything(reading, q)):
        with pytest.raises(QueryError, match="A query is one statement"):
            ask(query, {})


def endless(shop: Database) -> str:
    """Give a query that works for longer than any test before its first row."""
    return shop.say(
        sqlite="SELECT count(*) FROM numbers a, numbers b, numbers c, numbers d",
        postgresql="SELECT pg_sleep(600) IS NULL AS slept",
    )


def test_a_query_that_takes_too_long_is_stopped(shop: Database) -> None:
    with (
        shop.source.reading(timeout=0.3) as reading,
        pytest.raises(SourceTimeout, match="The source “shop” took longer than 0.3 seconds"),
    ):
        everything(reading, endless(shop))


def test_a_uuid_and_a_time_are_bound(shop: Database, reading: Reading) -> None:
    if shop.engine == "postgresql":
        row = (UUID("0b6bbb53-05a2-4bd4-9c05-8c6d3d3e9f5b"), time(14, 5, 9))
        assert everything(reading, "SELECT :id AS id, :at AS at", id=row[0], at=row[1]) == [row]
    elif shop.engine == "sqlite":
        value = UUID("0b6bbb53-05a2-4bd4-9c05-8c6d3d3e9f5b")
        query = "SELECT :id AS id, :at AS at"
        assert everything(reading, query, id=value, at=time(14, 5)) == [(str(value), "14:05:00")]
