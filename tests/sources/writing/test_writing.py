"""What every target promises alike of the rows that it writes."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from dashboard.sources import QueryError, SourceInterrupted, WriteRefused
from dashboard.sources.writing import Change, Counts, Refusal, TargetTable, same
from dashboard.sources.writing.shape import NO_KEYS, OTHERS_MISSING
from tests.sources.writing.places import BY, COLUMNS, Place, customer, new

FULL = customer(
    "C-1",
    'Żółć “ünïcode” 灯 🪔\nand, "more"\\',
    credit=Decimal("12.10"),
    born=date(2024, 2, 29),
    seen=datetime(2026, 10, 31, 14, 5, 9, 123456),
    active=False,
    state="old's",
    group_id=2,
)
BARE = customer("C-2", "\\.")


def test_new_rows_are_written_and_found_again_as_they_were_given(
    place: Place, customers: TargetTable
) -> None:
    with place.target.writing("r1") as writing:
        written = writing.write(customers, 0, COLUMNS, BY, new([FULL, BARE]))
        assert (written.counts, written.refused) == (Counts(inserted=2), ())
        keys = [("C-2",), ("nobody",), ("C-1",), (None,)]
        found = writing.present(customers, BY, COLUMNS, keys)
    assert list(found) in ([("C-2",), ("C-1",)], [("C-1",), ("C-2",)])
    assert found[("C-2",)] == BARE
    assert all(map(same, found[("C-1",)], FULL))
    assert isinstance(found[("C-1",)][4], datetime)


def test_a_check_reads_one_snapshot_and_writes_nothing(
    place: Place, customers: TargetTable
) -> None:
    with place.target.writing("r1", read_only=True) as reading:
        assert reading.present(customers, BY, COLUMNS, [("C-1",)]) == {}
        with place.target.writing("r2") as writing:
            writing.write(customers, 0, COLUMNS, BY, new([FULL]))
        assert reading.present(customers, BY, COLUMNS, [("C-1",)]) == {}
        with pytest.raises(WriteRefused, match="The target “shop” is read only"):
            reading.write(customers, 0, COLUMNS, BY, new([BARE]))
    assert place.fetch("SELECT number FROM customers") == [("C-1",)]


def test_rows_are_updated_by_their_key_and_others_stay(
    place: Place, customers: TargetTable
) -> None:
    columns = ("credit", "number", "name")
    with place.target.writing("r1") as writing:
        writing.write(customers, 0, COLUMNS, BY, new([FULL, BARE]))
        before = writing.present(customers, BY, columns, [("C-2",)])[("C-2",)]
        changes = [
            Change(5, (Decimal("7.5"), "C-2", "Changed"), before),
            Change(6, (None, "C-3", "New")),
        ]
        written = writing.write(customers, 1, columns, BY, changes)
        assert written.counts == Counts(inserted=1, updated=1)
        after = writing.present(customers, BY, COLUMNS, [("C-1",), ("C-2",), ("C-3",)])
    assert all(map(same, after[("C-1",)], FULL))
    assert after[("C-2",)][:3] == ("C-2", "Changed", Decimal("7.5"))
    assert after[("C-3",)] == customer("C-3", "New")  # The database fills in what is not given.


def test_a_row_that_somebody_changed_since_the_check_is_reported_and_left(
    place: Place, customers: TargetTable
) -> None:
    columns = ("number", "name", "credit")
    with place.target.writing("r1") as writing:
        rows = [customer(f"C-{n}", credit=Decimal(n)) for n in range(4)]
        writing.write(customers, 0, COLUMNS, BY, new(rows))
        keys = [(f"C-{n}",) for n in range(4)]
        before = writing.present(customers, BY, columns, keys)
        place.execute("UPDATE customers SET credit = 99 WHERE number = 'C-1'")
        place.execute("DELETE FROM customers WHERE number = 'C-2'")
        place.execute("INSERT INTO customers (number, name) VALUES ('C-9', 'Theirs')")
        changes = [
            Change(n + 2, (f"C-{n}", "Mine", Decimal(1)), before[(f"C-{n}",)]) for n in range(4)
        ]
        changes.append(Change(6, ("C-9", "Mine", None)))
        written = writing.write(customers, 1, columns, BY, changes)
    assert written.counts == Counts(updated=2, refused=3)
    assert written.refused == (
        Refusal(3, "credit", "Somebody changed this row since the check."),
        Refusal(4, "", "This row was deleted since the check."),
        Refusal(6, "", "A row with this key was added since the check."),
    )
    assert place.fetch("SELECT number, name FROM customers ORDER BY number") == [
        *[("C-0", "Mine"), ("C-1", "Name of C-1"), ("C-3", "Mine"), ("C-9", "Theirs")]
    ]


def test_overwriting_updates_what_was_changed_and_what_was_added(
    place: Place, customers: TargetTable
) -> None:
    columns = ("number", "name", "credit")
    with place.target.writing("r1") as writing:
        writing.write(customers, 0, COLUMNS, BY, new([BARE]))
        place.execute("INSERT INTO customers (number, name) VALUES ('C-9', 'Theirs')")
        changes = [
            Change(2, ("C-2", "Mine", None), ("C-2", "Something else", None)),
            Change(3, ("C-9", "Mine", None)),
            Change(4, ("C-8", "Mine", None), ("C-8", "Gone", None)),
            Change(5, ("C-7", "Mine", None)),
        ]
        written = writing.write(customers, 1, columns, BY, changes, overwrite=True)
    assert written.counts == Counts(inserted=1, updated=2, refused=1)
    assert [one.row for one in written.refused] == [4]
    assert place.fetch("SELECT number FROM customers WHERE name = 'Mine' ORDER BY number") == [
        *[("C-2",), ("C-7",), ("C-9",)]
    ]


def test_a_key_that_stands_twice_in_a_chunk_is_written_once(
    place: Place, customers: TargetTable
) -> None:
    columns = ("number", "name")
    with place.target.writing("r1") as writing:
        writing.write(customers, 0, COLUMNS, BY, new([BARE]))
        before = ("C-2", "\\.")
        changes = [
            Change(2, ("C-2", "First"), before),
            Change(3, ("C-2", "Second"), before),
            Change(4, ("C-5", "First")),
            Change(5, ("C-5", "Second")),
        ]
        written = writing.write(customers, 1, columns, BY, changes)
    assert written.counts == Counts(inserted=1, updated=1, refused=2)
    assert written.refused == (
        Refusal(3, "number", "An earlier row of the file has the same key."),
        Refusal(5, "number", "An earlier row of the file has the same key."),
    )
    assert place.fetch("SELECT DISTINCT name FROM customers") == [("First",)]


def test_rows_without_a_key_are_all_new(place: Place) -> None:
    place.execute("CREATE TABLE visits (at date, who text)")
    table = place.table("visits")
    rows = [(date(2026, 1, 1), "x"), (date(2026, 1, 1), "x")]
    with place.target.writing("r1") as writing:
        written = writing.write(table, 0, ("at", "who"), (), new(rows), keep_before=True)
    assert written.counts == Counts(inserted=2)
    assert place.fetch("SELECT count(*) FROM visits") == [(2,)]


def test_an_empty_value_becomes_the_default_where_there_must_be_one(
    place: Place, customers: TargetTable
) -> None:
    columns = ("id", "number", "name", "active")
    rows = [(None, "C-1", "A", None), (77, "C-2", "B", False), (None, "C-3", "C", True)]
    with place.target.writing("r1") as writing:
        written = writing.write(customers, 0, columns, BY, new(rows))
    assert written.counts == Counts(inserted=3)
    found = place.fetch("SELECT id, active FROM customers ORDER BY number")
    assert [bool(active) for _, active in found] == [True, False, True]
    assert found[1][0] == 77


def test_what_the_database_makes_itself_is_refused_by_row(place: Place) -> None:
    made = "GENERATED ALWAYS AS (n * 2) STORED"
    place.execute(f"CREATE TABLE made (n integer PRIMARY KEY, twice integer {made} UNIQUE)")
    table = place.table("made")
    assert [column.generated for column in table.columns] == [False, True]
    with place.target.writing("r1") as writing:
        with pytest.raises(QueryError, match="makes the values of the column “twice” itself"):
            writing.write(table, 0, ("n", "twice"), ("n",), new([(1, 2)]))
        changes = new([(1, None), (2, 5)])
        written = writing.write(table, 0, ("n", "twice"), ("twice",), changes)
    assert written.counts == Counts(inserted=1, refused=1)
    assert written.refused[0][:2] == (3, "twice")
    assert place.fetch("SELECT n, twice FROM made") == [(1, 2)]


def test_names_may_be_anything(place: Place) -> None:
    place.execute(
        'CREATE TABLE "odd ""t"" %s {x} t" ("100% ""a"" {b} :c" integer PRIMARY KEY,'
        ' "t" text, "made" text, "place" text, "s" text, "k0" text)'
    )
    table = place.target.tables()[0]
    columns = tuple(column.name for column in table.columns)
    by = table.key
    with place.target.writing("r1") as writing:
        row = (1, "%s", "b", "c", "d", "e")
        written = writing.write(table, 0, columns, by, new([row]), keep_before=True)
        assert written.counts == Counts(inserted=1)
        found = writing.present(table, by, columns, [(1,)])
        assert found == {(1,): row}
        changed = (1, "z", "y", "x", "w", "v")
        changes = [Change(2, changed, found[(1,)])]
        assert writing.write(table, 1, columns, by, changes, keep_before=True).counts.updated
        assert writing.present(table, by, columns, [(1,)]) == {(1,): changed}
        assert not writing.delete_missing(table, 2, by, [(1,)]).counts.deleted
    assert place.target.table(table.name) == table


def test_a_key_of_several_columns_and_types(place: Place) -> None:
    moment = "timestamp" if not place.is_sqlite else "datetime"
    place.execute(
        f"CREATE TABLE keyed (a text, b numeric(8,2), c date, d {moment}, e boolean, v integer,"
        " PRIMARY KEY (a, b, c, d, e))"
    )
    table = place.table("keyed")
    columns = ("a", "b", "c", "d", "e", "v")
    key = ('q"\\,{}', Decimal("1.50"), date(2026, 1, 2), datetime(2026, 1, 2, 3, 4, 5), True)
    with place.target.writing("r1") as writing:
        writing.write(table, 0, columns, columns[:5], new([(*key, 1)]))
        found = writing.present(table, columns[:5], columns, [key, ("z", *key[1:])])
        assert found == {key: (*key, 1)}
        written = writing.write(table, 1, columns, columns[:5], [Change(9, (*key, 2), found[key])])
    assert written.counts == Counts(updated=1)


def test_a_key_that_its_column_cannot_hold_has_no_row(place: Place) -> None:
    place.execute("CREATE TABLE small (n integer PRIMARY KEY); INSERT INTO small VALUES (1), (2)")
    table = place.table("small")
    keys = [(2,), (2**80,), ("no number",), (1,), ("\ud800",)]
    with place.target.writing("r1", read_only=True) as writing:
        assert set(writing.present(table, ("n",), ("n",), keys)) == {(1,), (2,)}


@pytest.mark.parametrize(
    ("columns", "by", "sentence"),
    [
        (("number", "nothing"), BY, "The table “customers” has no column “nothing”"),
        (("name",), BY, "The column “number” tells rows apart, but it is not given"),
        (("number", "name"), ("name",), "may have several rows with the same “name”"),
    ],
)
def test_columns_that_cannot_be_written_so_are_told(
    place: Place,
    customers: TargetTable,
    columns: tuple[str, ...],
    by: tuple[str, ...],
    sentence: str,
) -> None:
    with place.target.writing("r1") as writing, pytest.raises(QueryError, match=sentence):
        writing.write(customers, 0, columns, by, [])


def test_an_interrupted_writing_writes_nothing_more(place: Place, customers: TargetTable) -> None:
    with place.target.writing("r1") as writing:
        writing.interrupt()
        with pytest.raises(SourceInterrupted, match="Writing to “shop” was stopped"):
            writing.write(customers, 0, COLUMNS, BY, new([FULL]))
    assert place.fetch("SELECT count(*) FROM customers") == [(0,)]


def test_rows_that_are_missing_from_the_file_are_deleted_when_asked(
    place: Place, customers: TargetTable
) -> None:
    rows = [customer(f"C-{n}") for n in range(100)]
    with place.target.writing("r1") as writing:
        writing.write(customers, 0, COLUMNS, BY, new(rows))
        keys = [(f"C-{n}",) for n in range(0, 100, 2)]
        done = writing.delete_missing(customers, 1, BY, keys, keep_before=True)
        assert done.counts == Counts(deleted=50)
        assert writing.delete_missing(customers, 1, BY, [("nobody",)]) == done  # It has a mark.
        with pytest.raises(QueryError, match=NO_KEYS):
            writing.delete_missing(customers, 2, BY, [])
    assert place.fetch("SELECT count(*) FROM customers") == [(50,)]
    assert place.fetch("SELECT count(before) FROM bellhop_import_before") == [(50,)]


def test_what_would_be_deleted_is_told_and_no_other_number_is_deleted(
    place: Place, customers: TargetTable
) -> None:
    with place.target.writing("r1") as writing:
        writing.write(customers, 0, COLUMNS, BY, new([customer(f"C-{n}") for n in range(6)]))
    keys = [("C-0",), ("C-1",), ("nobody",)]
    with place.target.writing("r2", at_once=True) as writing:
        number, some = writing.missing(customers, BY, COLUMNS, keys, limit=3)
    with place.target.writing("r1") as writing:
        with pytest.raises(QueryError, match=OTHERS_MISSING):
            writing.delete_missing(customers, 1, BY, keys, keep_before=True, expect=3)
        assert 1 not in writing.marks()
        done = writing.delete_missing(customers, 1, BY, keys, keep_before=True, expect=4)
    assert number == 4
    assert some == [customer(f"C-{n}") for n in (2, 3, 4)]
    assert done.counts == Counts(deleted=4)


def test_rows_that_others_point_to_are_not_deleted(place: Place, customers: TargetTable) -> None:
    groups = place.table("groups")
    with place.target.writing("r1") as writing:
        writing.write(customers, 0, COLUMNS, BY, new([FULL]))
        with pytest.raises(QueryError, match="Nothing was deleted: Other rows point to this one"):
            writing.delete_missing(groups, 1, ("id",), [(77,)])
    assert place.fetch("SELECT count(*) FROM groups") == [(2,)]
