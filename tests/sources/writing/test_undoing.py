"""An import that is taken back from the images that it has kept, in every engine."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from dashboard.sources import QueryError, SourceInterrupted
from dashboard.sources.writing import Change, Counts, Refusal, Seen, TargetTable, Written, target_of
from tests.sources.writing.places import BY, COLUMNS, Place, customer, new

ROWS = "SELECT number, name, credit, born, state, group_id FROM customers ORDER BY number"
SOME = ("number", "name", "credit")


def import_some(place: Place, table: TargetTable, *, delete: bool = False) -> None:
    """Import into customers A and B: A is updated, C and D are added, perhaps B is deleted."""
    rows = [customer("A", credit=Decimal("1.50"), born=date(2024, 2, 29), state="old's"),
            customer("B", 'Żółć "灯"\\', credit=Decimal(2), group_id=2)]  # fmt: skip
    with place.target.writing("theirs") as writing:
        writing.write(table, 0, COLUMNS, BY, new(rows))
    with place.target.writing("r1") as writing:
        before = writing.present(table, BY, SOME, [("A",)])[("A",)]
        changes = [Change(2, ("A", "Ada", Decimal("9.25")), before), Change(3, ("C", "Cy", None))]
        writing.write(table, 0, SOME, BY, changes, keep_before=True)
        writing.write(table, 1, SOME, BY, [Change(4, ("D", "Di", None))], keep_before=True)
        if delete:
            keys = [("A",), ("C",), ("D",)]
            writing.delete_missing(table, 2, BY, keys, keep_before=True)


def look(place: Place, table: TargetTable, run: str = "r1") -> list[Seen]:
    """Give all that a check of the undo sees."""
    with place.target.undoing("u1", run, table, read_only=True) as undoing:
        return [seen for batch in undoing.look() for seen in batch]


def outlooks(place: Place, table: TargetTable) -> dict[object, str]:
    """Give the outlook of each row by its number."""
    return {
        (seen.after or seen.before or {})["number"]: seen.outlook for seen in look(place, table)
    }


def undo(
    place: Place,
    table: TargetTable,
    run: str = "u1",
    *,
    keys: Collection[str] | None = None,
    overwrite: bool = False,
) -> Written:
    """Take all chunks back; give the sum of what came of them."""
    counts = Counts()
    refused: list[Refusal] = []
    with place.target.undoing(run, "r1", table) as undoing:
        for chunk in undoing.chunks():
            written = undoing.undo(chunk, keys=keys, overwrite=overwrite)
            counts += written.counts
            refused += written.refused
    return Written(counts, tuple(refused))


@pytest.fixture
def columns_of_own(place: Place) -> TargetTable:
    """Give a table with values that are easily damaged, and one that the database works out."""
    kinds = {
        "sqlite": "a BLOB, f double, m datetime, twice integer AS (id * 2)",
        "postgresql": "a bytea, f double precision, m timestamptz, tags text[], j json,"
        " twice integer GENERATED ALWAYS AS (id * 2) STORED",
    }
    numbered = "INTEGER" if place.is_sqlite else "integer GENERATED ALWAYS AS IDENTITY"
    place.execute(
        f'CREATE TABLE things (id {numbered} PRIMARY KEY, "100% odd""name" text UNIQUE,'
        f" {kinds[place.engine]})"
    )
    return place.table("things")


def test_everything_an_import_did_is_taken_back(place: Place, customers: TargetTable) -> None:
    import_some(place, customers, delete=True)
    found = outlooks(place, customers)
    assert found == {"A": "restore", "B": "restore", "C": "remove", "D": "remove"}

    written = undo(place, customers)

    assert written == Written(Counts(inserted=1, updated=1, deleted=2))
    assert [tuple(map(str, row)) for row in place.fetch(ROWS)] == [
        ("A", "Name of A", "1.5" if place.is_sqlite else "1.50", "2024-02-29", "old's", "None"),
        ("B", 'Żółć "灯"\\', "2" if place.is_sqlite else "2.00", "None", "None", "2"),
    ]
    assert set(outlooks(place, customers).values()) == {"already"}


def test_all_kinds_of_values_come_back_as_they_were(
    place: Place, columns_of_own: TargetTable
) -> None:
    table = columns_of_own
    odd = '100% odd"name'
    values = {
        "sqlite": "x'00ff', 0.1, '2026-10-31 14:05:09'",
        "postgresql": "'\\x00ff', 0.1, '2026-10-31 14:05:09.123456+02', '{a,\"b,\"}',"
        " '{\"z\": 1.10}'",
    }[place.engine]
    names = "a, f, m" + ("" if place.is_sqlite else ", tags, j")
    place.execute(f"INSERT INTO things ({quoted(odd)}, {names}) VALUES ('x', {values})")
    before = place.fetch("SELECT * FROM things")
    with place.target.writing("r1") as writing:
        was = writing.present(table, (odd,), (odd, "f", "m"), [("x",)])[("x",)]
        moment = datetime(2000, 1, 1, tzinfo=UTC)
        changes = [Change(2, ("x", 7.5, moment), was), Change(3, ("y", 1.0, moment))]
        assert writing.write(
            table, 0, (odd, "f", "m"), (odd,), changes, keep_before=True
        ).counts == Counts(1, 1)
        writing.delete_missing(table, 1, (odd,), [("y",)], keep_before=True)
    assert [seen.outlook for seen in look(place, table)] == ["gone", "remove", "restore"]

    # The last chunk comes first: the deleted row is there again before its update is taken back.
    written = undo(place, table)

    assert written.counts == Counts(inserted=1, updated=1, deleted=1)
    assert place.fetch("SELECT * FROM things") == before


def test_rows_that_somebody_changed_since_are_left(place: Place, customers: TargetTable) -> None:
    import_some(place, customers)
    place.execute("UPDATE customers SET state = 'new' WHERE number IN ('A', 'C')")
    place.execute("DELETE FROM customers WHERE number = 'D'")
    assert outlooks(place, customers) == {"A": "changed", "C": "changed", "D": "already"}

    assert undo(place, customers) == Written(Counts())

    assert [row[:2] for row in place.fetch(ROWS)] == [
        ("A", "Ada"),
        ("B", 'Żółć "灯"\\'),
        ("C", "Cy"),
    ]


def test_rows_that_somebody_changed_since_are_restored_where_that_is_asked_for(
    place: Place, customers: TargetTable
) -> None:
    import_some(place, customers, delete=True)
    place.execute("UPDATE customers SET state = 'new' WHERE number = 'C'")
    place.execute("DELETE FROM customers WHERE number = 'A'")
    place.execute("INSERT INTO customers (number, name) VALUES ('B2', 'x')")
    place.execute("UPDATE customers SET id = 2, number = 'B', name = 'Theirs' WHERE number = 'B2'")
    found = outlooks(place, customers)
    assert found == {"A": "gone", "B": "changed", "C": "changed", "D": "remove"}

    written = undo(place, customers, overwrite=True)

    assert written == Written(Counts(inserted=1, updated=1, deleted=2))
    assert [row[:2] for row in place.fetch(ROWS)] == [("A", "Name of A"), ("B", 'Żółć "灯"\\')]


def test_only_chosen_rows_are_taken_back(place: Place, customers: TargetTable) -> None:
    import_some(place, customers)
    keys = [seen.key for seen in look(place, customers) if seen.row in (2, 4)]

    written = undo(place, customers, keys=keys)

    assert written == Written(Counts(updated=1, deleted=1))
    assert [row[0] for row in place.fetch(ROWS)] == ["A", "B", "C"]


def test_what_a_constraint_refuses_is_told_and_the_others_go_on(
    place: Place, customers: TargetTable
) -> None:
    import_some(place, customers)
    place.execute(
        "CREATE TABLE orders (id integer PRIMARY KEY, customer text REFERENCES customers (number));"
        "INSERT INTO orders VALUES (1, 'C');"
        # The name and birthday that A had before belong to somebody else by now.
        "INSERT INTO customers (number, name, born) VALUES ('E', 'Name of A', '2024-02-29');"
    )

    written = undo(place, customers)

    assert written.counts == Counts(deleted=1, refused=2)
    assert [(one.row, one.sentence) for one in written.refused] == [
        (2, "Another row has these values already."),
        (3, "Other rows point to this one."),
    ]
    assert [row[:2] for row in place.fetch(ROWS)][::2] == [("A", "Ada"), ("C", "Cy")]


@pytest.mark.parametrize(
    "action", ["ON DELETE CASCADE", "ON DELETE SET NULL", "DEFERRABLE INITIALLY DEFERRED"]
)
def test_nothing_of_anybody_else_goes_along(
    place: Place, customers: TargetTable, action: str
) -> None:
    import_some(place, customers)
    place.execute(
        "CREATE TABLE orders (id integer PRIMARY KEY, customer text"
        f" REFERENCES customers (number) {action});"
        "INSERT INTO orders VALUES (1, 'C');"
    )

    written = undo(place, customers)

    assert [(one.row, one.sentence) for one in written.refused] == [
        (3, "Other rows point to this one.")
    ]
    assert place.fetch("SELECT * FROM orders") == [(1, "C")]


@pytest.mark.parametrize("when", ["", "DEFERRABLE INITIALLY DEFERRED"])
def test_a_row_that_would_point_nowhere_is_refused(place: Place, when: str) -> None:
    place.execute(
        "CREATE TABLE kinds (id integer PRIMARY KEY); INSERT INTO kinds VALUES (1), (2);"
        "CREATE TABLE things (id integer PRIMARY KEY, kind integer"
        f" REFERENCES kinds (id) {when}); INSERT INTO things VALUES (1, 1), (2, 1);"
    )
    things = place.table("things")
    with place.target.writing("r1") as writing:
        changes = [Change(2, (1, 2), (1, 1)), Change(3, (3, 2))]
        writing.write(things, 0, ("id", "kind"), ("id",), changes, keep_before=True)
    place.execute("UPDATE things SET kind = 2; DELETE FROM kinds WHERE id = 1")

    written = undo(place, things)

    assert written.counts == Counts(deleted=1, refused=1)
    assert [(one.row, one.sentence) for one in written.refused] == [
        (2, "There is nothing with this value in the table that it points to.")
    ]
    assert place.fetch("SELECT * FROM things ORDER BY id") == [(1, 2), (2, 2)]


def test_rows_that_point_to_one_another_all_go(place: Place) -> None:
    place.execute("CREATE TABLE tree (id integer PRIMARY KEY, up integer REFERENCES tree (id))")
    tree = place.table("tree")
    with place.target.writing("r1") as writing:
        rows = [(at, at - 1 or None) for at in range(1, 60)]
        for chunk in range(3):
            part = new(rows[chunk * 20 : chunk * 20 + 20], first=chunk * 20 + 2)
            assert not writing.write(
                tree, chunk, ("id", "up"), ("id",), part, keep_before=True
            ).refused

    assert undo(place, tree) == Written(Counts(deleted=59))


def test_a_chunk_is_taken_back_once(place: Place, customers: TargetTable) -> None:
    import_some(place, customers)
    first = undo(place, customers)
    place.execute("INSERT INTO customers (id, number, name) VALUES (3, 'C', 'Cy')")

    assert undo(place, customers) == first

    assert [row[0] for row in place.fetch(ROWS)] == ["A", "B", "C"]
    with place.target.undoing("u1", "r1", customers) as undoing:
        assert {chunk: one.counts for chunk, one in undoing.marks().items()} == {
            1: Counts(deleted=1),
            0: Counts(updated=1, deleted=1),
        }


def test_an_undo_that_is_interrupted_has_taken_back_whole_chunks_only(
    place: Place, customers: TargetTable
) -> None:
    import_some(place, customers)
    with place.target.undoing("u1", "r1", customers) as undoing:
        last, first = undoing.chunks()
        undoing.undo(last)
        undoing.interrupt()
        with pytest.raises(SourceInterrupted):
            undoing.undo(first)
    assert [row[0] for row in place.fetch(ROWS)] == ["A", "B", "C"]

    assert undo(place, customers) == Written(Counts(updated=1, deleted=2))


def test_another_undo_finds_nothing_left_to_do(place: Place, customers: TargetTable) -> None:
    import_some(place, customers)
    undo(place, customers)

    assert undo(place, customers, "u2") == Written(Counts())


def test_a_column_that_came_since_does_not_make_a_row_changed(
    place: Place, customers: TargetTable
) -> None:
    import_some(place, customers)
    place.execute("ALTER TABLE customers ADD COLUMN note text DEFAULT 'x'")
    place.execute("ALTER TABLE customers DROP COLUMN seen")

    table = place.table()

    assert outlooks(place, table) == {"A": "restore", "C": "remove", "D": "remove"}
    assert undo(place, table) == Written(Counts(updated=1, deleted=2))


def test_rows_without_a_key_can_be_taken_back_where_the_database_numbers_them(
    place: Place,
) -> None:
    place.execute("CREATE TABLE loose (word text)")
    loose = place.table("loose")
    with place.target.writing("r1") as writing:
        writing.write(loose, 0, ("word",), (), new([("a",), ("a",)]), keep_before=True)
    place.execute("INSERT INTO loose VALUES ('a')")

    if place.is_sqlite:
        assert undo(place, loose) == Written(Counts(deleted=2))
        assert place.fetch("SELECT word FROM loose") == [("a",)]
    else:
        with pytest.raises(QueryError, match="no key by which they could be found again"):
            undo(place, loose)


def test_a_role_that_may_not_delete_is_told_so(place: Place, customers: TargetTable) -> None:
    import_some(place, customers)
    if not place.is_sqlite:
        place.execute("REVOKE DELETE ON customers FROM writer")
        with pytest.raises(QueryError, match="needs the rights to insert, update and delete rows"):
            undo(place, customers)
        assert len(place.fetch(ROWS)) == 4
        place.execute("GRANT DELETE ON customers TO writer")

    assert undo(place, customers).counts == Counts(updated=1, deleted=2)


def test_what_is_old_is_forgotten_and_marks_that_are_needed_stay(
    place: Place, customers: TargetTable
) -> None:
    import_some(place, customers)
    with place.target.writing("r2") as writing:
        writing.write(customers, 0, SOME, BY, [Change(2, ("Z", "Zoë", None))], keep_before=True)
    later = datetime.now(UTC) + timedelta(minutes=1)

    assert place.target.forget(later - timedelta(hours=1), keep=(), busy=(), limit=100) == (
        0,
        0,
        False,
    )
    assert place.target.forget(later, keep={"r1"}, busy={"r2"}, limit=100) == (3, 1, False)

    assert place.fetch("SELECT run FROM bellhop_import_before") == [("r2",)]
    marked = place.fetch("SELECT run, chunk FROM bellhop_import ORDER BY run, chunk")
    assert marked == [("r1", 0), ("r1", 1), ("r2", 0)]
    assert place.target.forget(later, keep=(), busy=(), limit=100) == (1, 3, False)


def test_forgetting_stops_behind_a_limit_and_goes_on_later(
    place: Place, customers: TargetTable
) -> None:
    import_some(place, customers)
    later = datetime.now(UTC) + timedelta(minutes=1)

    assert place.target.forget(later, keep=(), busy=(), limit=1).more

    assert not place.target.forget(later, keep=(), busy=(), limit=1000).more
    assert place.fetch("SELECT count(*) FROM bellhop_import_before") == [(0,)]
    assert place.fetch("SELECT count(*) FROM bellhop_import") == [(0,)]


def test_tables_of_an_earlier_version_get_what_they_lack(
    place: Place, customers: TargetTable
) -> None:
    import_some(place, customers)
    if not place.is_sqlite:
        place.execute("DROP INDEX bellhop_import_before_chunk")
    assert undo(place, customers).counts == Counts(updated=1, deleted=2)

    place.target.prepare()
    place.target.prepare()

    assert place.target.is_prepared()
    index = "SELECT count(*) FROM pg_indexes WHERE indexname = 'bellhop_import_before_chunk'"
    assert place.is_sqlite or place.fetch(index) == [(1,)]


@pytest.mark.faults
def test_an_undo_that_is_killed_again_and_again_takes_every_row_back_once(place: Place) -> None:
    place.execute("CREATE TABLE visits (number integer PRIMARY KEY, name text)")
    table = place.table("visits")
    with place.target.writing("r1") as writing:
        for chunk in range(40):
            rows = [(chunk * 50 + row, "x") for row in range(50)]
            changes = new(rows, first=chunk * 50 + 2)
            writing.write(table, chunk, ("number", "name"), ("number",), changes, keep_before=True)
    context = multiprocessing.get_context("fork")
    chance = random.Random(7)
    kills = 0
    for _ in range(60):
        process = context.Process(target=undo_all, args=(place.url, table))
        process.start()
        process.join(chance.uniform(0.02, 0.25))
        if process.is_alive():
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.join()
        if process.exitcode == 0:
            break
    else:
        undo_all(place.url, table)
    assert kills
    assert place.fetch("SELECT count(*) FROM visits") == [(0,)]
    counted = place.fetch("SELECT count(*), sum(deleted) FROM bellhop_import WHERE run = 'u1'")
    assert [tuple(map(int, row)) for row in counted] == [(40, 2000)]


def undo_all(url: str, table: TargetTable) -> None:
    """Take all chunks back, slowly enough to be killed meanwhile."""
    with target_of("shop", url).undoing("u1", "r1", table) as undoing:
        for chunk in undoing.chunks():
            undoing.undo(chunk)
            time.sleep(0.01)


def quoted(name: str) -> str:
    """Give *name* as both engines quote it."""
    return '"' + name.replace('"', '""') + '"'
