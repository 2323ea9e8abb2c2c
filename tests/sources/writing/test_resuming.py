"""Each chunk is written exactly once, whoever is killed and whoever writes it too."""

import multiprocessing
import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard.sources import QueryError, SourceUnavailable
from dashboard.sources.writing import Change, Counts, TargetTable, Written, target_of
from tests.sources.writing.places import BY, COLUMNS, Place, customer, new

CHUNKS = 40
ROWS = 50


def chunk(number: int) -> list[Change]:
    """Give the rows of one chunk, all of them new."""
    rows = [customer(f"{number}-{row}") for row in range(ROWS)]
    return new(rows, first=number * ROWS + 2)


@pytest.mark.faults
def test_an_import_that_is_killed_again_and_again_writes_every_row_once(place: Place) -> None:
    # Nothing but the marks keeps a row from being written twice: no column is unique.
    place.execute("CREATE TABLE visits (number text, name text)")
    table = place.table("visits")
    context = multiprocessing.get_context("fork")
    chance = random.Random(7)
    kills = 0
    for _ in range(60):
        process = context.Process(target=visit_all, args=(place.url, table))
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
        visit_all(place.url, table)
    assert kills
    assert place.fetch("SELECT count(*), count(DISTINCT number) FROM visits") == [
        (CHUNKS * ROWS, CHUNKS * ROWS)
    ]
    counted = place.fetch("SELECT count(*), sum(inserted) FROM bellhop_import")
    assert [tuple(map(int, row)) for row in counted] == [(CHUNKS, CHUNKS * ROWS)]
    assert place.fetch("SELECT count(*) FROM bellhop_import_before") == [(CHUNKS * ROWS,)]


def visit_all(url: str, table: TargetTable) -> None:
    """Write all chunks of a run that have no mark yet, slowly enough to be killed meanwhile."""
    with target_of("shop", url).writing("r1") as writing:
        done = writing.marks()
        for number in range(CHUNKS):
            if number not in done:
                rows = [(f"{number}-{row}", "x") for row in range(ROWS)]
                writing.write(table, number, ("number", "name"), (), new(rows), keep_before=True)
                time.sleep(0.005)


def test_two_who_write_the_same_chunk_at_once_write_it_once(place: Place) -> None:
    place.execute("CREATE TABLE visits (number text, name text)")
    table = place.table("visits")

    def write(number: int) -> Written:
        rows = [(f"{number}-{row}", "x") for row in range(ROWS)]
        with target_of("shop", place.url).writing("r1") as writing:
            return writing.write(table, number, ("number", "name"), (), new(rows))

    with ThreadPoolExecutor(4) as pool:
        written = list(pool.map(write, [0, 0, 1, 0, 1, 1, 0, 0]))
    assert {one.counts for one in written} == {Counts(inserted=ROWS)}
    assert place.fetch("SELECT count(*) FROM visits") == [(2 * ROWS,)]


def test_two_imports_of_the_same_keys_write_each_row_once_and_tell_the_other(
    place: Place, customers: TargetTable
) -> None:
    rows = [customer(f"C-{n}") for n in range(200)]

    def write(run: int) -> Written:
        order = rows if run % 2 else rows[::-1]
        with target_of("shop", place.url).writing(f"r{run}") as writing:
            return writing.write(customers, 0, COLUMNS, BY, new(order))

    with ThreadPoolExecutor(4) as pool:
        written = list(pool.map(write, range(4)))
    assert sum(one.counts.inserted for one in written) == len(rows)
    assert all(one.counts.inserted + one.counts.refused == len(rows) for one in written)
    sentences = {refusal.sentence for one in written for refusal in one.refused}
    assert sentences <= {
        "A row with this key was added since the check.",
        "Another row has this value already.",
        "Another row has these values already.",
    }
    assert place.fetch("SELECT count(*) FROM customers") == [(len(rows),)]


def test_at_once_nothing_stays_without_a_commit(place: Place, customers: TargetTable) -> None:
    with place.target.writing("r1", at_once=True) as writing:
        assert writing.write(customers, 0, COLUMNS, BY, chunk(0)).counts.inserted == ROWS
        assert writing.write(customers, 1, COLUMNS, BY, chunk(1)).counts.inserted == ROWS
        assert len(writing.present(customers, BY, COLUMNS, [("0-1",), ("1-1",)])) == 2
        assert writing.marks() == {0: Counts(inserted=ROWS), 1: Counts(inserted=ROWS)}
        assert place.fetch("SELECT count(*) FROM customers") == [(0,)]
    assert place.fetch("SELECT count(*) FROM customers") == [(0,)]
    with place.target.writing("r1", at_once=True) as writing:
        assert writing.marks() == {}
        writing.write(customers, 0, COLUMNS, BY, chunk(0))
        writing.commit()
    with place.target.writing("r1", at_once=True) as writing:
        assert writing.marks() == {0: Counts(inserted=ROWS)}
    assert place.fetch("SELECT count(*) FROM customers") == [(ROWS,)]


def test_what_is_not_prepared_is_written_at_once_or_not_at_all(
    place: Place, customers: TargetTable
) -> None:
    place.execute("DROP TABLE bellhop_import_before")
    place.execute("DROP TABLE bellhop_import")
    assert not place.target.is_prepared()
    assert any("no table bellhop_import" in one for one in place.target.warnings())
    with pytest.raises(QueryError, match="only be written at once"), place.target.writing("r1"):
        pass
    with place.target.writing("r1", at_once=True) as writing:
        assert writing.marks() == {}
        with pytest.raises(QueryError, match="keeps what was before"):
            writing.write(customers, 0, COLUMNS, BY, chunk(0), keep_before=True)
    with place.target.writing("r1", at_once=True) as writing:
        bad = [*chunk(0), Change(99, customer("C-9", group_id=9))]
        written = writing.write(customers, 0, COLUMNS, BY, bad)
        assert written.counts == Counts(inserted=ROWS, refused=1)
        writing.write(customers, 1, COLUMNS, BY, chunk(1))
        writing.commit()
    assert place.fetch("SELECT count(*) FROM customers") == [(2 * ROWS,)]
    place.target.prepare()
    place.target.prepare()
    assert place.target.is_prepared()


def test_a_database_that_is_locked_may_answer_later(
    place: Place, customers: TargetTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = "dashboard.sources.writing.{}.session.{}"
    monkeypatch.setattr(lock.format("sqlite", "LOCK_PATIENCE"), 0.2)
    monkeypatch.setattr(lock.format("postgresql", "SETTINGS"), {"lock_timeout": 200})
    first, second = place.target.writing("r1"), place.target.writing("r1", at_once=True)
    with second as holding:
        holding.write(customers, 0, COLUMNS, BY, chunk(0))
        with first as waiting, pytest.raises(SourceUnavailable, match="locked by another"):
            waiting.write(customers, 0, COLUMNS, BY, chunk(0))
        holding.commit()
    with place.target.writing("r1") as writing:
        assert writing.write(customers, 0, COLUMNS, BY, chunk(0)).counts.inserted == ROWS
