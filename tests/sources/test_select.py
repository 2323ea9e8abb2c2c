"""The statement of a choice gives the rows and columns that were asked for, on every engine."""

import sqlite3
from contextlib import closing

import psycopg
import pytest
from sqlalchemy import make_url

from dashboard.sources import Choice, Condition, Reading, Source, Table, check, select_of
from dashboard.sources.placeholders import parse
from tests.sources.databases import Database, everything

ODD = (
    *('"quoted"', "it's", "back`tick", "x:p0", ":p0", ": p0", "x", "x:1", "select", "Order By"),
    *("ünï 灯", "100%", "%s", "a?b", "semi;colon", "--dash", "/*open", "back\\slash", "$$", "[b]"),
    *("a]]:p0 b", "E'", "{brace}", "-minus", "\\:p0", "$1", "?1"),
)


def table_of(source: Source, name: str) -> Table:
    table = source.table(name)
    assert table is not None
    return table


def chosen(
    shop: Database, reading: Reading, name: str, choice: Choice, *, zone: str = "UTC"
) -> list[tuple[object, ...]]:
    table = table_of(shop.source, name)
    assert check(choice, table) == []
    query, params = select_of(table, choice, dialect=shop.source.dialect, zone=zone)
    rows = everything(reading, query, **params)
    chunks = reading.csv(query, params)
    if chunks is not None:
        assert sum(count for _, count in chunks) == len(rows)
    return rows


def ids(shop: Database, reading: Reading, *where: Condition, zone: str = "UTC") -> list[object]:
    choice = Choice(("id",), where, (("id", False),))
    return [found for (found,) in chosen(shop, reading, "items", choice, zone=zone)]


def test_a_choice_of_nothing_gives_the_whole_table(shop: Database, reading: Reading) -> None:
    whole = everything(reading, "SELECT * FROM items")
    assert sorted(chosen(shop, reading, "items", Choice()), key=str) == sorted(whole, key=str)


def test_columns_come_in_the_order_that_was_chosen(shop: Database, reading: Reading) -> None:
    choice = Choice(("name", "id"), (Condition("id", "is", "1"),))
    assert chosen(shop, reading, "items", choice) == [("Lamp", 1)]
    query, params = select_of(
        table_of(shop.source, "items"), choice, dialect=shop.source.dialect, zone="UTC"
    )
    assert [column.name for column in reading.columns(query, params)] == ["name", "id"]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (Condition("name", "is", "Lamp"), [1]),
        (Condition("name", "is", "lamp"), []),
        (Condition("name", "is", "Lamp "), []),
        (Condition("name", "is-not", "Lamp"), [2, 3]),
        (Condition("name", "is-not", "LAMP"), [1, 2, 3]),
        (Condition("name", "contains", "AM"), [1]),
        (Condition("name", "contains", "a_p"), []),
        (Condition("name", "contains", "%"), []),
        (Condition("name", "begins", "ŻÓŁĆ “ü"), [2]),
        (Condition("name", "begins", "amp"), []),
        (Condition("name", "one-of", "Lamp\r\nx\n"), [1]),
        (Condition("name", "one-of", "lamp"), []),
        (Condition("name", "empty"), [3]),
        (Condition("name", "not-empty"), [1, 2]),
        (Condition("price", "is", "12.5"), [1]),
        (Condition("price", "is", "3"), [2]),
        (Condition("price", "is-not", "3.00"), [1, 3]),
        (Condition("price", "from", "3"), [1, 2]),
        (Condition("price", "to", "12.49"), [2]),
        (Condition("price", "one-of", "3\n12.50\n1e300"), [1, 2]),
        (Condition("price", "empty"), [3]),
        (Condition("weight", "is", ".25"), [1]),
        (Condition("weight", "from", "1e0"), [2]),
        (Condition("id", "is", "2"), [2]),
        (Condition("id", "from", "99999999999999999999"), []),
        (Condition("id", "to", "99999999999999999999"), [1, 2, 3]),
        (Condition("id", "one-of", "3\n1"), [1, 3]),
        (Condition("day", "on", "2026-10-31"), [1]),
        (Condition("day", "from", "2026-10-31"), [1]),
        (Condition("day", "to", "2026-10-31"), [1, 2]),
        (Condition("day", "to", "9999-12-31"), [1, 2]),
        (Condition("day", "not-empty"), [1, 2]),
        (Condition("made", "on", "2026-10-31"), [1]),
        (Condition("made", "on", "2024-02-28"), []),
        (Condition("made", "from", "2024-02-29"), [1, 2]),
        (Condition("made", "from", "0001-01-01"), [1, 2]),
        (Condition("made", "to", "2026-10-30"), [2]),
        (Condition("made", "to", "9999-12-31"), [1, 2]),
        (Condition("made", "on", "9999-12-31"), []),
        (Condition("made", "empty"), [3]),
    ],
    ids=str,
)
def test_a_filter_finds_its_rows(
    shop: Database, reading: Reading, condition: Condition, found: list[int]
) -> None:
    # Days of moments that have no zone are the same for everybody.
    for zone in ("UTC", "Pacific/Kiritimati", "America/Sao_Paulo"):
        assert ids(shop, reading, condition, zone=zone) == found


def test_a_filter_of_booleans_finds_its_rows(shop: Database, reading: Reading) -> None:
    true, false = ("1", "0") if shop.engine == "generic-mariadb" else ("true", "false")
    assert ids(shop, reading, Condition("sold", "is", true)) == [1]
    assert ids(shop, reading, Condition("sold", "is", false)) == [2]
    assert ids(shop, reading, Condition("sold", "empty")) == [3]


def test_all_filters_hold_together(shop: Database, reading: Reading) -> None:
    where = (Condition("id", "from", "1"), Condition("id", "to", "2"), Condition("name", "empty"))
    assert ids(shop, reading, *where) == []
    assert ids(shop, reading, *where[:2]) == [1, 2]


def test_nulls_come_last_in_both_directions(shop: Database, reading: Reading) -> None:
    for descending, found in ((False, [2, 1, 3]), (True, [1, 2, 3])):
        for column in ("price", "day", "made"):
            choice = Choice(("id",), (), ((column, descending),))
            assert chosen(shop, reading, "items", choice) == [(one,) for one in found]


def test_a_limit_takes_the_first_rows(shop: Database, reading: Reading) -> None:
    choice = Choice(("n",), (Condition("n", "from", "10"),), (("n", True),), 3)
    assert chosen(shop, reading, "numbers", choice) == [(2500,), (2499,), (2498,)]
    assert len(chosen(shop, reading, "numbers", Choice(limit=7))) == 7
    assert len(chosen(shop, reading, "numbers", Choice(limit=2**63 - 1))) == 2500


def test_the_key_settles_what_an_order_leaves_open(shop: Database) -> None:
    shop.execute("DROP TABLE IF EXISTS ties")
    shop.execute("CREATE TABLE ties (b integer, a integer, same integer, PRIMARY KEY (a, b))")
    shop.execute("INSERT INTO ties VALUES (2, 1, 0), (1, 2, 0), (1, 1, 0), (2, 2, 0)")
    table = table_of(shop.source, "ties")
    assert table.key == ("a", "b")
    with shop.source.reading() as reading:
        sort = (("same", False),)
        rows = chosen(shop, reading, "ties", Choice(("a", "b"), (), sort))
        assert rows == [(1, 1), (1, 2), (2, 1), (2, 2)]
        rows = chosen(shop, reading, "ties", Choice(("a", "b"), (), (*sort, ("b", True))))
        assert rows == [(1, 2), (2, 2), (1, 1), (2, 1)]
    query, _ = select_of(table, Choice(), dialect=shop.source.dialect, zone="UTC")
    assert "ORDER BY" not in query


def test_a_name_may_be_anything(shop: Database) -> None:
    names = [name for name in ODD if not (shop.engine.startswith("generic-") and name == "x:1")]
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    shop.execute('DROP TABLE IF EXISTS "odd :p0 ""t%s"')
    described = ", ".join(f"{name} varchar(20)" for name in quoted)
    shop.execute(f'CREATE TABLE "odd :p0 ""t%s" ({described})')
    values = ", ".join(f"'v{place}'" for place in range(len(names)))
    shop.execute(f'INSERT INTO "odd :p0 ""t%s" VALUES ({values})')
    table = table_of(shop.source, 'odd :p0 "t%s')
    assert [column.name for column in table.columns] == names
    where = tuple(Condition(name, "is", f"v{place}") for place, name in enumerate(names))
    choice = Choice(tuple(reversed(names)), where, tuple((name, True) for name in names), 5)
    query, params = select_of(table, choice, dialect=shop.source.dialect, zone="UTC")
    with shop.source.reading() as reading:
        rows = chosen(shop, reading, table.name, choice)
        assert rows == [tuple(f"v{place}" for place in reversed(range(len(names))))]
        assert [column.name for column in reading.columns(query, params)] == names[::-1]
        assert reading.count(query, params) == 1
        reading.estimate(query, params)


def test_a_value_is_bound_and_never_sql(shop: Database, reading: Reading) -> None:
    evil = "x') OR ('1' = '1'; -- \\' :p0 %s"
    for op in ("is", "contains", "begins", "one-of"):
        assert ids(shop, reading, Condition("name", op, evil)) == []
    query, params = select_of(
        table_of(shop.source, "items"),
        Choice(where=(Condition("name", "is", evil),)),
        dialect=shop.source.dialect,
        zone="UTC",
    )
    assert "OR (" not in query
    assert list(params.values()) == [evil]


def test_texts_are_literal_whatever_is_in_them(shop: Database) -> None:
    texts = ["100%", "a_b", "a\\b", "[ab]", "a*b", "a?b", "a!b", "a'b", "^x", "]", "-", "a\nb", " "]
    shop.execute("DROP TABLE IF EXISTS texts")
    shop.execute("CREATE TABLE texts (id integer PRIMARY KEY, t varchar(20))")
    for place, text in enumerate(texts):
        quoted = text.replace("'", "''")
        shop.execute(f"INSERT INTO texts VALUES ({place}, '{quoted}')")
    with shop.source.reading() as reading:
        for place, text in enumerate(texts):
            for op in ("is", "contains", "begins"):
                choice = Choice(("id",), (Condition("t", op, text),))
                found = [one for (one,) in chosen(shop, reading, "texts", choice)]
                same = [at for at, one in enumerate(texts) if op == "contains" and text in one]
                assert found == (same or [place])


def test_many_values_are_bound(shop: Database, reading: Reading) -> None:
    many = "\n".join(map(str, range(3, 10_003)))
    assert ids(shop, reading, Condition("id", "one-of", many)) == [3]
    assert ids(shop, reading, Condition("name", "one-of", many)) == []


@pytest.mark.parametrize("shop", ["postgresql", "generic-postgresql"], indirect=True)
def test_the_days_of_moments_with_a_zone_are_the_persons(shop: Database) -> None:
    shop.execute("DROP TABLE IF EXISTS moments")
    shop.execute("CREATE TABLE moments (id integer PRIMARY KEY, z timestamptz, f real)")
    shop.execute(
        "INSERT INTO moments VALUES (1, '2026-10-30 22:59:59+00', 0.1), "
        "(2, '2026-10-30 23:00:00+00', 1e30), (3, '2026-10-31 22:59:59.9+00', 0), "
        "(4, 'infinity', 2)"
    )
    with shop.source.reading() as reading:

        def found(*where: Condition, zone: str = "UTC") -> list[object]:
            choice = Choice(("id",), where, (("id", False),))
            return [one for (one,) in chosen(shop, reading, "moments", choice, zone=zone)]

        day = "2026-10-31"
        assert found(Condition("z", "on", day), zone="Europe/Berlin") == [2, 3]
        assert found(Condition("z", "on", day), zone="UTC") == [3]
        assert found(Condition("z", "to", day), zone="America/New_York") == [1, 2, 3]
        assert found(Condition("z", "from", day), zone="Europe/Berlin") == [2, 3, 4]
        assert found(Condition("z", "on", "0001-01-01"), zone="Asia/Tokyo") == []
        assert found(Condition("z", "to", "9999-12-31"), zone="Asia/Tokyo") == [1, 2, 3]
        assert found(Condition("f", "is", "0.1")) == [1]
        assert found(Condition("f", "one-of", "0.10\n1e30")) == [1, 2]
        assert found(Condition("f", "to", "1e300")) == [1, 2, 3, 4]


@pytest.mark.parametrize("shop", ["postgresql"], indirect=True)
def test_the_indexes_of_postgresql_serve(shop: Database) -> None:
    shop.execute(
        "DROP TABLE IF EXISTS wide; CREATE TABLE wide (id bigint PRIMARY KEY, t text, v varchar(9),"
        " d date, m timestamp, z timestamptz, n numeric, b boolean); "
        + "".join(f"CREATE INDEX ON wide ({column}); " for column in ("t", "v", "d", "m", "z", "n"))
        + "INSERT INTO wide SELECT i, i, i, '2020-01-01'::date + i / 10, '2020-01-01'::timestamp + "
        "i * interval '1 hour', '2020-01-01'::timestamptz + i * interval '1 hour', i "
        "FROM generate_series(1, 20000) i; ANALYZE wide"
    )
    table = table_of(shop.source, "wide")
    for condition in (
        *(Condition("t", "is", "7"), Condition("v", "is", "7"), Condition("t", "one-of", "7\n8")),
        *(Condition("d", "on", "2020-02-01"), Condition("m", "on", "2020-02-01")),
        *(
            Condition("z", "on", "2020-02-01"),
            Condition("id", "is", "7"),
            Condition("n", "to", "7"),
        ),
    ):
        query, params = select_of(
            table, Choice(where=(condition,)), dialect="postgresql", zone="Europe/Berlin"
        )
        values: list[object] = []

        def mark(_key: str, value: object, values: list[object] = values) -> str:
            values.append(value)
            return f"${len(values)}"

        statement = parse(query, "postgresql").spell(params, mark)
        dsn = make_url(shop.url).set(drivername="postgresql", username="postgres")
        with psycopg.connect(dsn.render_as_string(hide_password=False)) as connection:
            cursor = psycopg.RawCursor(connection)
            plan = cursor.execute(f"EXPLAIN {statement}".encode(), values).fetchall()
        assert "Index" in str(plan), (condition, plan)


@pytest.mark.parametrize("shop", ["sqlite"], indirect=True)
def test_the_indexes_of_sqlite_serve(shop: Database) -> None:
    shop.execute(
        "DROP TABLE IF EXISTS wide; CREATE TABLE wide (id integer PRIMARY KEY, t text, d date, "
        "m datetime, n numeric, h time);"
        + "".join(f"CREATE INDEX wide_{column} ON wide ({column}); " for column in "tdmnh")
    )
    table = table_of(shop.source, "wide")
    for condition in (
        *(Condition("t", "is", "7"), Condition("t", "one-of", "7\n8"), Condition("n", "to", "7")),
        *(Condition("d", "on", "2020-02-01"), Condition("m", "on", "2020-02-01")),
        *(Condition("m", "from", "2020-02-01"), Condition("h", "from", "14:05")),
    ):
        query, params = select_of(table, Choice(where=(condition,)), dialect="sqlite", zone="UTC")
        statement = parse(query, "sqlite").spell(params, lambda _key, value: repr(value))
        with closing(sqlite3.connect(make_url(shop.url).database or "")) as connection:
            plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
        assert "USING INDEX" in str(plan), (condition, plan)


@pytest.mark.parametrize("shop", ["sqlite", "postgresql", "generic-mariadb"], indirect=True)
def test_a_column_that_has_gone_is_an_error_and_no_text(shop: Database) -> None:
    shop.execute("DROP TABLE IF EXISTS shrunk")
    shop.execute("CREATE TABLE shrunk (id integer, gone integer)")
    table = table_of(shop.source, "shrunk")
    shop.execute("ALTER TABLE shrunk DROP COLUMN gone")
    for choice in (
        Choice(("gone",)),
        Choice(("id",), (Condition("gone", "is", "1"),)),
        Choice(("id",), (), (("gone", False),)),
    ):
        query, params = select_of(table, choice, dialect=shop.source.dialect, zone="UTC")
        with shop.source.reading() as reading, pytest.raises(Exception, match="has no column"):
            everything(reading, query, **params)
