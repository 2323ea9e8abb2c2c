"""Whatever a table holds and somebody chooses, the statement gives what plain Python gives."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from dashboard.sources import (
    OPS,
    WITHOUT_VALUE,
    Choice,
    Condition,
    SourceColumn,
    check,
    parse_condition,
    select_of,
    spelled,
)
from tests.sources.databases import Database, everything
from tests.sources.filtering import sought

TABLE = 'CREATE TABLE grid (id integer PRIMARY KEY, "t :p0" {text}, n {integer}, x {number}, '
TABLE += "d date, m {naive}, z {zoned}, h time{digits}, b {boolean})"
WORDS = {
    "sqlite": {
        "text": "text COLLATE NOCASE",
        "integer": "bigint",
        "number": "double",
        "naive": "datetime",
        "zoned": "timestamp",
        "boolean": "boolean",
        "digits": "",
    },
    "postgresql": {
        "text": "text",
        "integer": "bigint",
        "number": "double precision",
        "naive": "timestamp",
        "zoned": "timestamptz",
        "boolean": "boolean",
        "digits": "",
    },
    "generic-mariadb": {
        "text": "text",
        "integer": "bigint",
        "number": "double",
        "naive": "datetime(6)",
        "zoned": "datetime(6)",
        "boolean": "boolean",
        "digits": "(6)",
    },
}
COLUMNS = ("id", "t :p0", "n", "x", "d", "m", "z", "h", "b")
SORTED = ("id", "n", "x", "d", "b")

# On 4 November 2018, clocks in São Paulo left out the hour after midnight.
NOON = datetime(2018, 11, 4, 12)
ZONES = (
    *("UTC", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Kiritimati", "Pacific/Pago_Pago"),
    *("Asia/Kathmandu", "America/New_York"),
)
TEXTS = st.text("aAbBäÄ%_\\!*?[]^-'\" \n:é灯🪔ÿŸ.", max_size=4)
WHOLE = st.sampled_from([0, 1, -1, 7, 42, 2**31, 2**53 + 1, 2**63 - 1, -(2**63)])
NUMBERS = st.sampled_from([0.0, 0.1, 0.5, -1.5, 7.0, 1e15, 1e300, -1e-9])
MOMENTS = st.builds(
    lambda hours, seconds, micro: (
        NOON + timedelta(hours=hours, seconds=seconds, microseconds=micro)
    ),
    st.sampled_from(range(-60, 61)),
    st.sampled_from([0, 1, 3599]),
    st.sampled_from([0, 0, 500_000, 999_999]),
)
DAYS = st.builds(lambda days: (NOON + timedelta(days=days)).date(), st.sampled_from(range(-3, 4)))
TIMES = st.sampled_from([time(), time(9, 5), time(14, 5, 10), time(14, 5, 10, 500_000), time.max])

# What programs write into SQLite: with T or a blank, in full or not, with or without a zone.
OFFSETS = ("Z", "+00:00", "+02:00", "-03:00", "+0545", "+14", "-11:00", " UTC", " +01:00")
SQLITE_CLOCK = st.one_of(
    st.builds(lambda at, sep: at.isoformat(sep), MOMENTS, st.sampled_from(" T")),
    st.builds(lambda at: at.isoformat("T", "minutes"), MOMENTS),
    st.builds(lambda at: at.isoformat(" ", "milliseconds"), MOMENTS),
)
SQLITE_NAIVE = SQLITE_CLOCK | DAYS.map(str)
SQLITE_ZONED = st.builds(lambda text, zone: text + zone, SQLITE_CLOCK, st.sampled_from(OFFSETS))
GARBAGE = st.sampled_from(["", "soon", "31.10.2018", 5, 1541332800, 2.5])


def rows_of(engine: str) -> st.SearchStrategy[list[tuple[object, ...]]]:
    """Give rows without their id."""
    if engine == "sqlite":
        naive: st.SearchStrategy[Any] = st.one_of(SQLITE_NAIVE, SQLITE_ZONED, GARBAGE)
        zoned: st.SearchStrategy[Any] = st.one_of(SQLITE_ZONED, SQLITE_NAIVE)
    else:
        naive = MOMENTS
        zoned = (
            MOMENTS.map(lambda at: at.replace(tzinfo=UTC)) if engine == "postgresql" else MOMENTS
        )
    columns: Sequence[st.SearchStrategy[Any]] = (
        *(TEXTS, WHOLE, NUMBERS, DAYS, naive, zoned, TIMES, st.booleans()),
    )
    cells = (st.one_of(values, values, values, st.none()) for values in columns)
    row = st.tuples(*cells)
    return st.lists(row, max_size=3) | st.lists(row, min_size=8, max_size=12)


def literal(value: object) -> str:
    match value:
        case None:
            return "NULL"
        case bool() | int() | float():
            return str(value).lower()
        case datetime():
            return f"'{value.isoformat(' ')}'"
    return "'" + str(value).replace("'", "''") + "'"


VALUES: dict[str | None, st.SearchStrategy[str]] = {
    "text": TEXTS.filter(bool),
    "integer": st.one_of(WHOLE.map(str), st.sampled_from(["2147483648 ", "+7", "9" * 25])),
    "number": st.one_of(NUMBERS.map(str), st.sampled_from(["0.10", ".5", "7", "1e+300", "-2"])),
    "date": st.one_of(DAYS, st.sampled_from([date.min, date.max])).map(str),
    "time": TIMES.map(str) | st.sampled_from(["09:05", "14:05", "00:00"]),
    "boolean": st.sampled_from(["true", "false"]),
}
VALUES["datetime"] = VALUES["date"]


@st.composite
def conditions(draw: st.DrawFn, column: SourceColumn) -> Condition:
    op = draw(st.sampled_from(OPS[column.type]))
    values = VALUES[column.type]
    if op == "one-of":
        lines = values.filter(lambda text: "\n" not in text and bool(text.strip()))
        return Condition(column.name, op, "\n".join(draw(st.lists(lines, min_size=1, max_size=3))))
    return Condition(column.name, op, "" if op in WITHOUT_VALUE else draw(values))


@st.composite
def choices(draw: st.DrawFn, columns: Sequence[SourceColumn]) -> Choice:
    where = draw(st.lists(st.sampled_from(columns).flatmap(conditions), max_size=3))
    names = [column.name for column in columns]
    sort = draw(st.lists(st.tuples(st.sampled_from(SORTED), st.booleans()), max_size=2))
    return Choice(
        tuple(draw(st.lists(st.sampled_from(names), unique=True))),
        tuple(where),
        tuple({name: (name, descending) for name, descending in sort}.values()),
        draw(st.none() | st.integers(1, 5)),
    )


@pytest.mark.parametrize("shop", WORDS, indirect=True)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_statement_gives_what_a_plain_filter_gives(shop: Database, data: st.DataObject) -> None:
    rows = data.draw(rows_of(shop.engine), "rows")
    inserted = ", ".join(
        f"({', '.join([str(number), *map(literal, row)])})" for number, row in enumerate(rows)
    )
    script = f"DROP TABLE IF EXISTS grid; {TABLE.format(**WORDS[shop.engine])}"
    shop.execute(f"{script}; INSERT INTO grid VALUES {inserted}" if rows else script)
    table = shop.source.table("grid")
    assert table is not None
    with shop.source.reading() as reading:
        present = [
            dict(zip(COLUMNS, row, strict=True))
            for row in everything(reading, "SELECT * FROM grid ORDER BY id")
        ]
        # Each column is asked about each time, and then several together.
        for asked in (
            *(conditions(column).map(lambda one: Choice(where=(one,))) for column in table.columns),
            *(choices(table.columns), choices(table.columns)),
        ):
            choice = data.draw(asked, "choice")
            zone = data.draw(st.sampled_from(ZONES), "zone")
            assert check(choice, table) == []
            assert all(parse_condition(spelled(one)) == one for one in choice.where)
            query, params = select_of(table, choice, dialect=shop.source.dialect, zone=zone)
            found = everything(reading, query, **params)
            places = sought(present, choice, table, zone)
            for name, descending in reversed(choice.sort):
                places = in_order(present, places, name, descending=descending)
            expected = [
                tuple(present[place][name] for name in choice.columns or COLUMNS)
                for place in places
            ]
            if choice.sort:
                assert found == expected[: choice.limit]
            else:
                assert len(found) == len(expected[: choice.limit])
                assert not Counter(map(repr, found)) - Counter(map(repr, expected))


def in_order(
    rows: list[dict[str, Any]], places: list[int], name: str, *, descending: bool
) -> list[int]:
    """Sort *places* by a column as sorted() does: equal ones keep their order, nulls are last."""
    nulls = [place for place in places if rows[place][name] is None]
    others = [place for place in places if rows[place][name] is not None]
    return sorted(others, key=lambda place: rows[place][name], reverse=descending) + nulls
