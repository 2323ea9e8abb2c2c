"""The desk's own lists keep what every target of imports promises."""

import multiprocessing
import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from dashboard.jobs.contacts.lists import delete_list
from dashboard.jobs.contacts.target import ContactsTarget
from dashboard.sources import QueryError, SourceInterrupted, WriteRefused
from dashboard.sources.writing import Change, Counts, TargetTable, Written
from tests.jobs.contacts.conftest import Lists

BY = ("email",)
COLUMNS = ("email", "name", "points", "born_on", "member")
ADA = ("Ada@Example.org", "Ada “Żółć” 灯\n,\\", Decimal("12.50"), date(1815, 12, 10), True)
BO = ("bo@bücher.example", None, None, None, None)


def new(rows: list[tuple[object, ...]], *, first: int = 2) -> list[Change]:
    """Give changes that add *rows*."""
    return [Change(number, row) for number, row in enumerate(rows, first)]


def test_a_list_is_a_table_of_its_fields_and_the_address(readers: TargetTable) -> None:
    assert readers.name == "newsletter_readers_1"
    assert [(each.name, each.type, each.required) for each in readers.columns] == [
        ("email", "text", True),
        ("name", "text", False),
        ("points", "number", False),
        ("born_on", "date", False),
        ("member", "boolean", False),
    ]
    assert readers.key == BY


def test_new_contacts_are_written_and_found_again_by_any_spelling_of_their_address(
    lists: Lists, readers: TargetTable
) -> None:
    with lists.target.writing("r1") as writing:
        written = writing.write(readers, 0, COLUMNS, BY, new([ADA, BO]), keep_before=True)
        assert written == Written(Counts(inserted=2))
        keys = [(" ADA@example.ORG",), ("BO@xn--bcher-kva.example",), ("no@example.org",), (None,)]
        found = writing.present(readers, BY, COLUMNS, keys)
    assert found == {keys[0]: ADA, keys[1]: BO}
    assert lists.rows(readers) == [
        (
            "ada@example.org",
            ADA[0],
            {"name": ADA[1], "points": "12.50", "born_on": "1815-12-10", "member": True},
        ),
        ("bo@xn--bcher-kva.example", BO[0], {}),
    ]


def test_an_update_leaves_the_fields_that_the_file_does_not_have(
    lists: Lists, readers: TargetTable
) -> None:
    columns = ("points", "email")
    with lists.target.writing("r1") as writing:
        writing.write(readers, 0, COLUMNS, BY, new([ADA, BO]))
        before = writing.present(readers, BY, columns, [(ADA[0],)])[(ADA[0],)]
        changes = [Change(2, (None, ADA[0]), before), Change(3, (Decimal(3), "cy@example.org"))]
        written = writing.write(readers, 1, columns, BY, changes, keep_before=True)
    assert written.counts == Counts(inserted=1, updated=1)
    assert [values for *_, values in lists.rows(readers)] == [
        {"name": ADA[1], "born_on": "1815-12-10", "member": True},
        {},
        {"points": "3"},
    ]
    kept = lists.fetches("SELECT file_row, before IS NULL FROM bellhop_import_before ORDER BY 1")
    assert [(row, bool(is_new)) for row, is_new in kept] == [(2, False), (3, True)]


def test_what_changed_since_the_check_is_refused_row_by_row_and_told_again(
    lists: Lists, readers: TargetTable
) -> None:
    columns = ("email", "name")
    with lists.target.writing("r1") as writing:
        rows: list[tuple[object, ...]] = [(f"{n}@example.org", f"Name {n}") for n in range(4)]
        writing.write(readers, 0, columns, BY, new(rows))
        changes = [
            Change(2, ("0@example.org", "New"), ("0@example.org", "Older")),
            Change(3, ("1@example.org", "New"), ("1@example.org", "Name 1")),
            Change(4, ("gone@example.org", "New"), ("gone@example.org", "Old")),
            Change(5, ("2@example.org", "New")),
            Change(6, ("new@example.org", "New")),
            Change(7, ("NEW@example.org", "Twice")),
            Change(8, ("long@example.org", "\ud800")),
        ]
        written = writing.write(readers, 1, columns, BY, changes, keep_before=True)
        again = writing.write(readers, 1, columns, BY, changes)
        assert writing.refused() == list(written.refused)
    assert written == again
    assert written.counts == Counts(inserted=1, updated=1, refused=5)
    assert [tuple(one) for one in written.refused] == [
        (2, "", "Somebody changed this row since the check."),
        (4, "", "This row was deleted since the check."),
        (5, "", "A row with this key was added since the check."),
        (7, "email", "An earlier row of the file has the same key."),
        (8, "", "This text has a character that the database does not take."),
    ]


def test_overwriting_merges_with_what_is_there_now(lists: Lists, readers: TargetTable) -> None:
    with lists.target.writing("r1") as writing:
        writing.write(readers, 0, COLUMNS, BY, new([ADA]))
        changes = [Change(2, ("ada@example.org", "Countess"))]
        written = writing.write(readers, 1, ("email", "name"), BY, changes, overwrite=True)
    assert written.counts == Counts(updated=1)
    ((_, email, values),) = lists.rows(readers)
    assert email == "ada@example.org"
    assert (values["name"], values["points"]) == ("Countess", "12.50")


def test_without_a_key_an_address_that_is_there_is_refused(
    lists: Lists, readers: TargetTable
) -> None:
    with lists.target.writing("r1") as writing:
        writing.write(readers, 0, ("email",), (), new([("a@example.org",)]))
        written = writing.write(readers, 1, ("email",), (), new([("A@example.org",), ("b@c.org",)]))
    assert written.counts == Counts(inserted=1, refused=1)
    assert [tuple(one) for one in written.refused] == [
        (2, "email", "Another row has this value already.")
    ]


def test_deleting_what_is_missing_leaves_other_lists_alone(
    lists: Lists, readers: TargetTable
) -> None:
    others = lists.makes("Others")
    rows: list[tuple[object, ...]] = [(f"{n}@example.org",) for n in range(6)]
    with lists.target.writing("r1") as writing:
        writing.write(readers, 0, ("email",), BY, new(rows))
        writing.write(others, 1, ("email",), BY, new(rows))
        keys = [("0@EXAMPLE.org",), ("1@example.org",)]
        number, some = writing.missing(readers, BY, ("email",), iter(keys), limit=9)
        assert (number, sorted(some)) == (4, rows[2:])
        done = writing.delete_missing(readers, 2, BY, iter(keys), keep_before=True)
        assert done.counts == Counts(deleted=4)
        with pytest.raises(QueryError, match="without a key|cannot say"):
            writing.delete_missing(readers, 3, BY, [])
    assert [row[0] for row in lists.rows(readers)] == ["0@example.org", "1@example.org"]
    assert len(lists.rows(others)) == 6


def test_at_once_nothing_stays_without_a_commit(lists: Lists, readers: TargetTable) -> None:
    with lists.target.writing("r1", at_once=True) as writing:
        writing.write(readers, 0, COLUMNS, BY, new([ADA]), keep_before=True)
        assert writing.present(readers, BY, ("email",), [(ADA[0],)])
    assert lists.rows(readers) == []
    with lists.target.writing("r1", at_once=True) as writing:
        assert writing.marks() == {}
        writing.write(readers, 0, COLUMNS, BY, new([ADA]))
        writing.commit()
    assert len(lists.rows(readers)) == 1


def test_a_check_sees_one_moment_and_writes_nothing(lists: Lists, readers: TargetTable) -> None:
    with lists.target.writing("r1", read_only=True) as reading:
        assert reading.present(readers, BY, COLUMNS, [(ADA[0],)]) == {}
        with lists.target.writing("r2") as writing:
            writing.write(readers, 0, COLUMNS, BY, new([ADA]))
        assert reading.present(readers, BY, COLUMNS, [(ADA[0],)]) == {}
        with pytest.raises(WriteRefused):
            reading.write(readers, 0, COLUMNS, BY, new([BO]))


def test_an_interrupted_writing_writes_nothing_more(lists: Lists, readers: TargetTable) -> None:
    with lists.target.writing("r1") as writing:
        writing.interrupt()
        with pytest.raises(SourceInterrupted):
            writing.write(readers, 0, COLUMNS, BY, new([ADA]))
    assert lists.rows(readers) == []


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [(("email", "nothing"), "has no column “nothing”"), (("name",), "“email”")],
)
def test_columns_that_cannot_be_written_so_are_told(
    lists: Lists, readers: TargetTable, columns: tuple[str, ...], sentence: str
) -> None:
    by = () if "email" not in columns else BY
    with lists.target.writing("r1") as writing, pytest.raises(QueryError, match=sentence):
        writing.write(readers, 0, columns, by, [])


def test_a_list_that_was_deleted_meanwhile_takes_nobody(lists: Lists, readers: TargetTable) -> None:
    with lists.app.app_context():
        assert delete_list(int(readers.quoted), by=None) == 0
    assert lists.target.table(readers.name) is None
    with lists.target.writing("r1") as writing:
        written = writing.write(readers, 0, COLUMNS, BY, new([ADA]))
    assert written.counts == Counts(refused=1)


def test_two_imports_of_the_same_people_write_each_once_and_tell_the_other(
    lists: Lists, readers: TargetTable
) -> None:
    rows: list[tuple[object, ...]] = [(f"{n}@example.org",) for n in range(200)]

    def write(run: int) -> Written:
        order = rows if run % 2 else rows[::-1]
        with lists.target.writing(f"r{run}") as writing:
            return writing.write(readers, 0, ("email",), BY, new(order), keep_before=True)

    with ThreadPoolExecutor(4) as pool:
        written = list(pool.map(write, range(4)))
    assert sum(one.counts.inserted for one in written) == len(rows)
    assert all(one.counts.inserted + one.counts.refused == len(rows) for one in written)
    assert len(lists.rows(readers)) == len(rows)


CHUNKS = 30
ROWS = 40


@pytest.mark.faults
def test_an_import_that_is_killed_again_and_again_writes_everybody_once(
    lists: Lists, readers: TargetTable
) -> None:
    context = multiprocessing.get_context("fork")
    chance = random.Random(7)
    kills = 0
    for _ in range(60):
        process = context.Process(target=write_all, args=(lists.app, readers))
        process.start()
        process.join(chance.uniform(0.02, 0.2))
        if process.is_alive():
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.join()
        if process.exitcode == 0:
            break
    else:
        write_all(lists.app, readers)
    assert kills
    assert len(lists.rows(readers)) == CHUNKS * ROWS
    counted = lists.fetches("SELECT count(*), sum(inserted), sum(refused) FROM bellhop_import")
    assert [tuple(map(int, row)) for row in counted] == [(CHUNKS, CHUNKS * ROWS, 0)]
    assert lists.fetches("SELECT count(*) FROM bellhop_import_before") == [(CHUNKS * ROWS,)]


def write_all(app: Flask, table: TargetTable) -> None:
    """Write all chunks of a run that have no mark yet, slowly enough to be killed meanwhile."""
    target = app.extensions["targets"]["contacts"]
    assert isinstance(target, ContactsTarget)
    with target.writing("r1") as writing:
        done = writing.marks()
        for chunk in range(CHUNKS):
            if chunk not in done:
                rows: list[tuple[object, ...]] = [
                    (f"{chunk}-{row}@example.org",) for row in range(ROWS)
                ]
                writing.write(table, chunk, ("email",), BY, new(rows), keep_before=True)
                time.sleep(0.005)
