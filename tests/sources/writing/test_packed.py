"""Whole chunks of new rows that PostgreSQL keeps as they came, until an undo looks at them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Thread

import pytest

from dashboard.sources import QueryError, SourceInterrupted
from dashboard.sources.writing import Counts, Ready, ReadyColumn, Seen, Values, Written
from tests.sources.writing.places import Place, postgresql_place

COLUMNS = ("number", "name", "credit", "born", "seen", "tags", "100% odd")
ROWS: list[Values] = [
    (1, "Żółć\t灯\\N\r\n", Decimal("12.1"), date(2024, 2, 29), None, "{a,b}", ""),
    (2, "", None, None, datetime(2026, 10, 31, 14, 5, 9, 123456, UTC), None, "\\."),
    (3, None, Decimal("0.07"), None, None, "{}", "100%"),
]
THINGS = """
CREATE TABLE things (
    number integer PRIMARY KEY, name text, credit numeric(10,2), born date, seen timestamptz,
    tags text[], "100% odd" varchar(9), note text
)
"""
OWN = {
    "default": "ALTER TABLE things ALTER note SET DEFAULT 'new'",
    "generated": "ALTER TABLE things ADD twice integer GENERATED ALWAYS AS (number * 2) STORED",
    "identity": "ALTER TABLE things ADD id integer GENERATED ALWAYS AS IDENTITY",
    "domain": "CREATE DOMAIN odd AS text DEFAULT 'odd'; ALTER TABLE things ADD strange odd",
    "trigger": """
        CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN NEW.name = upper(NEW.name); RETURN NEW; END';
        CREATE TRIGGER shout BEFORE INSERT ON things FOR EACH ROW EXECUTE FUNCTION shout()
        """,
    "partitions": """
        ALTER TABLE things RENAME TO model;
        CREATE TABLE things (LIKE model INCLUDING INDEXES) PARTITION BY RANGE (number);
        CREATE TABLE few PARTITION OF things FOR VALUES FROM (0) TO (9)
        """,
}
PACKED = "SELECT run, chunk, target, rows FROM bellhop_import_packed ORDER BY run, chunk"
IMAGES = "SELECT chunk, file_row, key, before, after FROM bellhop_import_before ORDER BY 1, 2"
LATER = timedelta(minutes=1)


@pytest.fixture
def shop(postgres_url: str) -> Iterator[Place]:
    """Give a database with a table in which a new row is just what it is given."""
    with postgresql_place(postgres_url) as place:
        place.target.prepare()
        place.execute(THINGS)
        yield place


def imports(shop: Place, folder: Path, rows: Sequence[Values] = ROWS, *, chunk: int = 0) -> Written:
    """Import *rows* that were made ready, from row 2 of their file on, into the table."""
    path = folder / "ready.db"
    path.unlink(missing_ok=True)
    with shop.target.making(path, COLUMNS) as making:
        assert making is not None
        columns = [ReadyColumn(list(values)) for values in zip(*rows, strict=True)]
        making.add(chunk, range(2, 2 + len(rows)), columns, None)
    with Ready.open(path) as ready, shop.target.writing("r1") as writing:
        table = shop.table("things")
        return writing.write_ready(table, chunk, COLUMNS, ("number",), ready, {}, keep_before=True)


def look(shop: Place) -> list[Seen]:
    """Give all that a look at an undo sees."""
    with shop.target.undoing("u1", "r1", shop.table("things"), read_only=True) as undoing:
        return [seen for batch in undoing.look() for seen in batch]


def undo(shop: Place) -> Counts:
    """Take all back."""
    with shop.target.undoing("u1", "r1", shop.table("things")) as undoing:
        return sum((undoing.undo(chunk).counts for chunk in undoing.chunks()), Counts())


def test_the_rows_are_kept_as_they_came_and_images_are_made_for_a_look(
    shop: Place, tmp_path: Path
) -> None:
    assert imports(shop, tmp_path) == Written(Counts(inserted=3))
    assert shop.fetch(PACKED) == [("r1", 0, "things", 3)]
    assert shop.fetch(IMAGES) == []

    seen = look(shop)

    assert [(one.chunk, one.row, one.outlook) for one in seen] == [
        (0, 2, "remove"),
        (0, 3, "remove"),
        (0, 4, "remove"),
    ]
    assert all(one.after == one.now for one in seen)
    assert shop.fetch(PACKED) == []
    assert look(shop) == seen
    assert undo(shop) == Counts(deleted=3)
    assert shop.fetch("SELECT * FROM things") == []


def test_the_images_are_those_that_the_database_makes_itself(shop: Place, tmp_path: Path) -> None:
    imports(shop, tmp_path)
    look(shop)
    unpacked = shop.fetch(IMAGES)
    shop.execute("DELETE FROM things; DELETE FROM bellhop_import; DROP TABLE bellhop_import_packed")
    shop.execute("DELETE FROM bellhop_import_before")

    imports(shop, tmp_path)

    assert len(unpacked) == len(ROWS)
    assert shop.fetch(IMAGES) == unpacked


@pytest.mark.parametrize("own", OWN.values(), ids=OWN.keys())
def test_where_a_table_has_a_say_in_its_rows_the_images_are_made_at_once(
    shop: Place, tmp_path: Path, own: str
) -> None:
    shop.execute(own)
    shop.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO writer")

    assert imports(shop, tmp_path) == Written(Counts(inserted=3))

    assert shop.fetch(PACKED) == []
    assert len(shop.fetch(IMAGES)) == len(ROWS)
    assert {one.outlook for one in look(shop)} == {"remove"}
    assert undo(shop) == Counts(deleted=3)


def test_a_rule_of_the_table_is_not_gone_around(shop: Place, tmp_path: Path) -> None:
    shop.execute("CREATE RULE none AS ON INSERT TO things DO INSTEAD NOTHING")

    with pytest.raises(QueryError):
        imports(shop, tmp_path)

    assert shop.fetch("SELECT * FROM things") == []


def test_a_chunk_with_a_refused_row_is_not_packed(shop: Place, tmp_path: Path) -> None:
    shop.execute("INSERT INTO things (number) VALUES (2)")

    assert imports(shop, tmp_path).counts == Counts(inserted=2, refused=1)

    assert shop.fetch(PACKED) == []
    assert [(one.row, one.outlook) for one in look(shop)] == [(2, "remove"), (4, "remove")]


def test_what_somebody_changed_since_is_seen_also_in_a_column_that_was_not_given(
    shop: Place, tmp_path: Path
) -> None:
    imports(shop, tmp_path)
    shop.execute("UPDATE things SET note = 'mine' WHERE number = 1")
    shop.execute("UPDATE things SET credit = 1 WHERE number = 2")

    assert [one.outlook for one in look(shop)] == ["changed", "changed", "remove"]

    assert undo(shop) == Counts(deleted=1)
    assert shop.fetch("SELECT number FROM things ORDER BY 1") == [(1,), (2,)]


def test_a_table_that_was_altered_since_is_still_compared(shop: Place, tmp_path: Path) -> None:
    imports(shop, tmp_path)
    shop.execute("ALTER TABLE things RENAME born TO birthday")
    shop.execute("ALTER TABLE things ADD since integer DEFAULT 7")
    shop.execute("ALTER TABLE things ALTER number TYPE bigint, ALTER credit TYPE numeric(12,3)")
    assert {one.outlook for one in look(shop)} == {"remove"}

    assert undo(shop) == Counts(deleted=3)


def test_values_that_do_not_fit_a_column_any_more_count_as_changed(
    shop: Place, tmp_path: Path
) -> None:
    imports(shop, tmp_path)
    shop.execute("ALTER TABLE things ALTER name TYPE integer USING length(name)")

    seen = look(shop)

    assert {one.outlook for one in seen} == {"changed"}
    assert seen[0].after is not None
    assert seen[0].after["name"] == "Żółć\t灯\\N\r\n"


def test_two_looks_at_once_make_each_image_once(shop: Place, tmp_path: Path) -> None:
    for chunk in range(4):
        rows = [(100 * chunk + number, *[None] * 6) for number in range(50)]
        imports(shop, tmp_path, rows, chunk=chunk)

    looks = [Thread(target=look, args=[shop]) for _ in range(3)]
    for one in looks:
        one.start()
    for one in looks:
        one.join()

    assert shop.fetch(PACKED) == []
    assert shop.fetch("SELECT count(*), count(DISTINCT key::text) FROM bellhop_import_before") == [
        (200, 200)
    ]


def test_a_look_that_is_interrupted_has_unpacked_whole_chunks_only(
    shop: Place, tmp_path: Path
) -> None:
    imports(shop, tmp_path)
    with shop.target.undoing("u1", "r1", shop.table("things"), read_only=True) as undoing:
        undoing.interrupt()
        with pytest.raises(SourceInterrupted):
            undoing.kept()

    assert shop.fetch(PACKED) == [("r1", 0, "things", 3)]
    assert len(look(shop)) == len(ROWS)


def test_a_look_writes_nothing_behind_the_images(shop: Place, tmp_path: Path) -> None:
    imports(shop, tmp_path)
    with shop.target.undoing("u1", "r1", shop.table("things"), read_only=True) as undoing:
        assert undoing.kept() == len(ROWS)
        shop.execute("UPDATE things SET name = 'mine'")  # The look is one snapshot.
        seen = [one.outlook for batch in undoing.look() for one in batch]

    assert seen == ["remove"] * len(ROWS)


def test_packed_rows_are_forgotten_with_the_images(shop: Place, tmp_path: Path) -> None:
    for chunk in range(3):
        rows = [(100 * chunk + number, *[None] * 6) for number in range(5)]
        imports(shop, tmp_path, rows, chunk=chunk)
    later = datetime.now(UTC) + LATER

    assert shop.target.forget(later, keep=(), busy=["r1"], limit=100) == (0, 0, False)
    assert shop.target.forget(later, keep=(), busy=(), limit=7) == (10, 0, True)
    assert shop.target.forget(later, keep=(), busy=(), limit=100) == (5, 3, False)
    assert shop.fetch(PACKED) == []


def test_tables_of_an_earlier_version_pack_once_they_are_prepared_again(
    shop: Place, tmp_path: Path
) -> None:
    shop.execute("DROP TABLE bellhop_import_packed")
    assert shop.target.is_prepared()
    imports(shop, tmp_path)
    assert len(shop.fetch(IMAGES)) == len(ROWS)
    assert shop.target.forget(datetime.now(UTC) + LATER, keep=(), busy=(), limit=9).images == 3

    shop.target.prepare()

    shop.execute("DELETE FROM things")
    imports(shop, tmp_path)
    assert shop.fetch(PACKED) == [("r1", 0, "things", 3)]
