"""What a database refuses is told row by row, and the others of the chunk are written."""

import re
from decimal import Decimal

import pytest

from dashboard.sources import QueryError
from dashboard.sources.writing import Change, Counts, TargetTable
from tests.sources.writing.places import BY, COLUMNS, Place, customer, new


def test_each_constraint_names_its_row_and_column(place: Place, customers: TargetTable) -> None:
    good = [customer(f"C-{n}") for n in range(40)]
    bad = [
        (customer("E-1", group_id=9), "group_id", "nothing with this value in the table"),
        ((*customer("E-2")[:1], None, *customer("E-2")[2:]), "name", "needs a value"),
        (customer("E-3", state="odd"), "state", "The rule “.*state.*” of the database"),
        (customer("C-3"), "number", "An earlier row of the file has the same key"),
        (customer("E-4", "Name of C-1", born="2026-01-01"), "", ""),
        (customer("E-5", "Name of C-1", born="2026-01-01"), "", "has these values already"),
        (customer("\ud800"), "", "a character that the database does not take"),
        (customer("E-6", group_id=2**70), "", "too large or too small"),
    ]
    rows = [row for pair in zip(good, [row for row, *_ in bad], strict=False) for row in pair]
    rows += good[len(bad) :]
    with place.target.writing("r1") as writing:
        written = writing.write(customers, 0, COLUMNS, BY, new(rows))
        again = writing.write(customers, 0, COLUMNS, BY, new(rows))
    assert written.counts == Counts(inserted=41, refused=7)
    assert again == written  # The mark has kept it.
    refused = {one.row: one for one in written.refused}
    for number, (_, column, sentence) in zip(range(3, 99, 2), bad, strict=False):
        if not sentence:
            assert number not in refused
            continue
        if not (place.is_sqlite and column == "state"):
            assert refused[number].column in (column, "group_id" if "large" in sentence else column)
        assert re.search(sentence, refused[number].sentence)
    assert place.fetch("SELECT count(*) FROM customers") == [(41,)]


def test_a_chunk_of_which_nothing_can_be_written_is_told_too(
    place: Place, customers: TargetTable
) -> None:
    rows = [customer(f"C-{n}", group_id=n + 100) for n in range(50)]
    with place.target.writing("r1") as writing:
        written = writing.write(customers, 0, COLUMNS, BY, new(rows), keep_before=True)
        assert writing.refused() == list(written.refused)
    assert written.counts == Counts(refused=50)
    assert place.fetch("SELECT count(*) FROM bellhop_import_before") == [(0,)]


def test_an_update_that_is_refused_leaves_its_row(place: Place, customers: TargetTable) -> None:
    columns = ("number", "name", "group_id")
    with place.target.writing("r1") as writing:
        rows = [customer(f"C-{n}", group_id=1) for n in range(3)]
        writing.write(customers, 0, COLUMNS, BY, new(rows))
        found = writing.present(customers, BY, columns, [(f"C-{n}",) for n in range(3)])
        changes = [
            Change(2, ("C-0", "Mine", 2), found[("C-0",)]),
            Change(3, ("C-1", "Mine", 7), found[("C-1",)]),
            Change(4, ("C-2", "Mine", None), found[("C-2",)]),
        ]
        written = writing.write(customers, 1, columns, BY, changes, keep_before=True)
    assert written.counts == Counts(updated=2, refused=1)
    assert written.refused[0][:2] == (3, "group_id")
    rows = place.fetch("SELECT name, group_id FROM customers ORDER BY number")
    assert rows == [("Mine", 2), ("Name of C-1", 1), ("Mine", None)]


@pytest.mark.parametrize("deferred", ["", "DEFERRABLE INITIALLY DEFERRED"])
def test_rows_may_point_to_later_rows_of_their_chunk(place: Place, deferred: str) -> None:
    place.execute(
        "CREATE TABLE people (id integer PRIMARY KEY, name text NOT NULL,"
        f" boss integer REFERENCES people (id) {deferred})"
    )
    table = place.table("people")
    rows = [(n, "x", n + 1) for n in range(1, 9)] + [(9, "x", None), (10, "x", 77), (11, None, 1)]
    with place.target.writing("r1") as writing:
        written = writing.write(table, 0, ("id", "name", "boss"), ("id",), new(rows))
    assert written.counts == Counts(inserted=9, refused=2)
    assert [one[:2] for one in written.refused] == [(11, "boss"), (12, "name")]
    assert place.fetch("SELECT count(*) FROM people") == [(9,)]


def test_a_trigger_works_and_may_refuse_in_its_own_words(place: Place) -> None:
    place.execute("CREATE TABLE stock (n integer PRIMARY KEY, amount integer, log text)")
    if place.is_sqlite:
        place.execute(
            """
            CREATE TRIGGER no BEFORE INSERT ON stock WHEN NEW.amount < 0
                BEGIN SELECT RAISE(ABORT, 'There is no negative stock.'); END;
            CREATE TRIGGER out BEFORE INSERT ON stock WHEN NEW.amount = 0
                BEGIN SELECT RAISE(IGNORE); END;
            CREATE TRIGGER log AFTER INSERT ON stock
                BEGIN UPDATE stock SET log = 'seen' WHERE n = NEW.n; END;
            """
        )
    else:
        place.execute(
            """
            CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF NEW.amount < 0 THEN RAISE 'There is no negative stock.'; END IF;
                IF NEW.amount = 0 THEN RETURN NULL; END IF;
                NEW.log = 'seen'; RETURN NEW;
            END $$;
            CREATE TRIGGER look BEFORE INSERT ON stock FOR EACH ROW EXECUTE FUNCTION look();
            """
        )
    table = place.table("stock")
    with place.target.writing("r1") as writing:
        changes = new([(1, 5), (2, -1), (3, 0), (4, 8)])
        written = writing.write(table, 0, ("n", "amount"), ("n",), changes)
    assert written.counts == Counts(inserted=2, refused=2)
    assert [one[0::2] for one in written.refused] == [
        (3, "There is no negative stock."),
        (4, "A rule of the database left this row out."),
    ]
    assert place.fetch("SELECT n, log FROM stock ORDER BY n") == [(1, "seen"), (4, "seen")]


def test_a_table_that_was_altered_fails_the_chunk_and_not_each_row(
    place: Place, customers: TargetTable
) -> None:
    place.execute("ALTER TABLE customers RENAME COLUMN credit TO amount")
    with place.target.writing("r1") as writing:
        with pytest.raises(QueryError, match="has no column|does not understand"):
            writing.write(customers, 0, COLUMNS, BY, new([customer("C-1")]))
        assert writing.marks() == {}
        rows = new([("C-1", "A")])
        assert writing.write(place.table(), 0, ("number", "name"), BY, rows).counts.inserted == 1
    assert place.table().fingerprint != customers.fingerprint


def test_what_was_before_and_what_is_after_are_kept(place: Place, customers: TargetTable) -> None:
    columns = ("number", "name", "credit")
    with place.target.writing("r1") as writing:
        first = new([("C-1", "A", Decimal("1.5")), ("C-2", "B", None)])
        writing.write(customers, 0, columns, BY, first, keep_before=True)
        before = writing.present(customers, BY, columns, [("C-1",)])[("C-1",)]
        changes = [Change(7, ("C-3", "C", None)), Change(8, ("C-1", "Z", None), before)]
        writing.write(customers, 1, columns, BY, changes, keep_before=True)
    kept = place.fetch(
        "SELECT run, chunk, file_row, target, before IS NULL, after IS NULL"
        " FROM bellhop_import_before ORDER BY chunk, file_row"
    )
    assert [(*row[:4], bool(row[4]), bool(row[5])) for row in kept] == [
        ("r1", 0, 2, "customers", True, False),
        ("r1", 0, 3, "customers", True, False),
        ("r1", 1, 7, "customers", True, False),
        ("r1", 1, 8, "customers", False, False),
    ]
    asking = (
        "SELECT {}, {}, {} FROM bellhop_import_before WHERE file_row = 8".format(
            *("json_extract({}, '$.{}')".format(*one) for one in PARTS)
        )
        if place.is_sqlite
        else "SELECT {}, {}, {} FROM bellhop_import_before WHERE file_row = 8".format(
            *("{}->>'{}'".format(*one) for one in PARTS)
        )
    )
    ((key, name, new_name),) = place.fetch(asking)
    assert (int(key), name, new_name) == (
        place.fetch("SELECT id FROM customers WHERE number = 'C-1'")[0][0],
        *("A", "Z"),
    )


PARTS = (("key", "id"), ("before", "name"), ("after", "name"))
