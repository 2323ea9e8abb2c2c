"""Rows that a check has made ready are written just as those that an import brings itself."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dashboard.sources import SourceInterrupted
from dashboard.sources.writing import (
    Change,
    Counts,
    Ready,
    ReadyColumn,
    Refusal,
    TargetTable,
    Values,
    Written,
)
from dashboard.sources.writing.refusals import ADDED, CHANGED, POINTS_NOWHERE, TWICE
from tests.sources.writing.places import BY, COLUMNS, Place, customer

FULL = customer(
    "C-1",
    'Żółć\t灯\\N 🪔\r\nand, "more" \\n \'\\',
    credit=Decimal("12.10"),
    born=date(2024, 2, 29),
    seen=datetime(2026, 10, 31, 14, 5, 9, 123456),
    active=False,
    state="old's",
    group_id=2,
)
BARE = customer("C-2", "\\N")
MOMENT = customer("C-3", "", credit=Decimal("0.07"), seen=datetime(2026, 1, 2), active=True)
ROWS = [FULL, BARE, MOMENT]


def make(
    place: Place,
    path: Path,
    rows: Sequence[Values],
    before: Mapping[int, Values],
    columns: Sequence[str] = COLUMNS,
) -> bool:
    """Make *rows* ready as chunk 0, the first of which is row 2; say whether it could be done."""
    path.unlink(missing_ok=True)
    numbers = range(2, 2 + len(rows))
    given = [ReadyColumn(list(values)) for values in zip(*rows, strict=True)]
    updates = [number in before for number in numbers] if before else None
    with place.target.making(path, columns) as making:
        assert making is not None
        making.add(0, list(numbers), given, updates)
        return making.is_whole


def write_ready(
    place: Place,
    table: TargetTable,
    path: Path,
    before: Mapping[int, Values] | None = None,
    run: str = "ready",
    columns: Sequence[str] = COLUMNS,
    by: Sequence[str] = BY,
    **more: Any,
) -> Written:
    """Write what is ready in *path*."""
    with Ready.open(path) as ready, place.target.writing(run) as writing:
        return writing.write_ready(
            table, 0, columns, by, ready, before or {}, **{"keep_before": True, **more}
        )


def kept(place: Place, run: str, table: str = "customers") -> list[tuple[Any, ...]]:
    """Give the images of *run*, but for the numbers that the database has made."""
    with place.target.undoing("look", run, place.table(table), read_only=True) as undoing:
        assert undoing.kept()

    def image(text: Any) -> Any:
        found = json.loads(text) if isinstance(text, str) else text
        return found and {name: value for name, value in found.items() if name != "id"}

    rows = place.fetch(
        "SELECT file_row, target, before, after FROM bellhop_import_before"
        f" WHERE run = '{run}' ORDER BY file_row"
    )
    return [(number, target, image(before), image(after)) for number, target, before, after in rows]


def stored(place: Place) -> list[tuple[Any, ...]]:
    return place.fetch(f"SELECT {', '.join(COLUMNS)} FROM customers ORDER BY number")


def test_all_new_rows_go_in_at_once_with_what_they_are_afterwards(
    place: Place, customers: TargetTable, tmp_path: Path
) -> None:
    with place.target.writing("by hand") as writing:
        changes = [Change(number, row) for number, row in enumerate(ROWS, 2)]
        writing.write(customers, 0, COLUMNS, BY, changes, keep_before=True)
    by_hand = stored(place)
    place.execute("DELETE FROM customers")

    assert make(place, tmp_path / "ready.db", ROWS, {})
    written = write_ready(place, customers, tmp_path / "ready.db")

    assert written == Written(Counts(inserted=3))
    assert stored(place) == by_hand
    assert kept(place, "ready") == kept(place, "by hand")
    assert [row[0] for row in kept(place, "ready")] == [2, 3, 4]


def test_a_chunk_that_was_written_is_not_written_again(
    place: Place, customers: TargetTable, tmp_path: Path
) -> None:
    make(place, tmp_path / "ready.db", ROWS, {})
    first = write_ready(place, customers, tmp_path / "ready.db")
    place.execute("DELETE FROM customers")

    assert write_ready(place, customers, tmp_path / "ready.db") == first
    assert stored(place) == []


def test_what_the_database_refuses_is_told_by_row_and_the_others_are_written(
    place: Place, customers: TargetTable, tmp_path: Path
) -> None:
    place.execute("INSERT INTO customers (number, name) VALUES ('C-2', 'there')")
    rows = [FULL, BARE, customer("C-4", group_id=9), customer("C-5")]
    make(place, tmp_path / "ready.db", rows, {})

    written = write_ready(place, customers, tmp_path / "ready.db")

    assert written.counts == Counts(inserted=2, refused=2)
    assert written.refused == (Refusal(3, "", ADDED), Refusal(4, "group_id", POINTS_NOWHERE))
    assert [row[0] for row in kept(place, "ready")] == [2, 5]
    assert [row[0] for row in stored(place)] == ["C-1", "C-2", "C-5"]


def test_rows_without_a_key_are_refused_one_by_one(
    place: Place, customers: TargetTable, tmp_path: Path
) -> None:
    rows = [customer("C-1"), customer("C-1"), customer("C-2")]
    make(place, tmp_path / "ready.db", rows, {})

    written = write_ready(place, customers, tmp_path / "ready.db", by=())

    assert written.refused == (Refusal(3, "number", TWICE),)
    assert [row[0] for row in stored(place)] == ["C-1", "C-2"]


def test_changed_rows_are_updated_unless_somebody_changed_them_since(
    place: Place, customers: TargetTable, tmp_path: Path
) -> None:
    make(place, tmp_path / "first.db", ROWS, {})
    write_ready(place, customers, tmp_path / "first.db", run="first")
    with place.target.writing("look", read_only=True) as looking:
        found = looking.present(customers, BY, COLUMNS, [(f"C-{n}",) for n in (1, 2, 3)])
    before = {2: found["C-1",], 3: found["C-2",], 4: found["C-3",]}
    place.execute("UPDATE customers SET credit = 5 WHERE number = 'C-2'")
    rows = [(row[0], "Another\tname", *row[2:]) for row in ROWS] + [customer("C-9", "a\\b")]
    make(place, tmp_path / "ready.db", rows, before)

    written = write_ready(place, customers, tmp_path / "ready.db", before)

    assert written.counts == Counts(inserted=1, updated=2, refused=1)
    assert written.refused == (Refusal(3, "credit", CHANGED),)
    names = [row[1] for row in stored(place)]
    assert names == ["Another\tname", "\\N", "Another\tname", "a\\b"]
    assert [(row[0], row[2] is None) for row in kept(place, "ready")] == [
        (2, False),
        (4, False),
        (5, True),
    ]


def test_the_database_fills_in_what_all_rows_or_some_leave_empty(
    place: Place, customers: TargetTable, tmp_path: Path
) -> None:
    columns = ("id", "number", "name", "active")
    given: dict[str, list[Values]] = {
        "all": [(None, "C-1", "One", None), (None, "C-2", "Two", None)],
        "some": [(None, "C-3", "Three", True), (70, "C-4", "Four", None)],
    }
    for run, rows in given.items():
        path = tmp_path / f"{run}.db"
        make(place, path, rows, {}, columns)

        written = write_ready(place, customers, path, run=run, columns=columns)

        assert written == Written(Counts(inserted=2)), run
        assert len(kept(place, run)) == 2
    found = place.fetch("SELECT id > 0, active FROM customers ORDER BY number")
    assert [tuple(map(bool, row)) for row in found] == [(True, True)] * 4


def test_a_trigger_that_leaves_a_row_out_is_noticed(place: Place, tmp_path: Path) -> None:
    place.execute("CREATE TABLE words (word text PRIMARY KEY, amount double precision)")
    if place.is_sqlite:
        place.execute(
            "CREATE TRIGGER odd BEFORE INSERT ON words WHEN NEW.word = 'odd'"
            " BEGIN SELECT RAISE(IGNORE); END"
        )
    else:
        place.execute(
            "CREATE FUNCTION odd() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN IF NEW.word = 'odd' THEN RETURN NULL; END IF; RETURN NEW; END $$;"
            "CREATE TRIGGER odd BEFORE INSERT ON words FOR EACH ROW EXECUTE FUNCTION odd()"
        )
    columns, rows = ("word", "amount"), [("even", 0.1 + 0.2), ("odd", 1.0), ("plain", 2.5)]
    make(place, tmp_path / "ready.db", rows, {}, columns)

    written = write_ready(
        place, place.table("words"), tmp_path / "ready.db", columns=columns, by=("word",)
    )

    assert written.counts == Counts(inserted=2, refused=1)
    assert [number for number, *_ in written.refused] == [3]
    assert kept(place, "ready", "words")[0][3] == {"word": "even", "amount": 0.1 + 0.2}


def test_images_have_every_digit(place: Place, tmp_path: Path) -> None:
    place.execute("CREATE TABLE words (word text PRIMARY KEY, amount double precision)")
    columns, rows = ("word", "amount"), [("a", 0.1 + 0.2), ("b", 1e300), ("c", 1 / 3)]
    make(place, tmp_path / "ready.db", rows, {}, columns)

    write_ready(place, place.table("words"), tmp_path / "ready.db", columns=columns, by=("word",))

    assert [image[3]["amount"] for image in kept(place, "ready", "words")] == [
        0.1 + 0.2,
        1e300,
        1 / 3,
    ]


def test_a_table_without_any_key_is_written_too(place: Place, tmp_path: Path) -> None:
    place.execute("CREATE TABLE loose (word text, amount integer)")
    columns, rows = ("word", "amount"), [("a", 1), ("a", 1), (None, None)]
    for run in ("first", "second"):
        make(place, tmp_path / "ready.db", rows, {}, columns)
        table = place.table("loose")
        written = write_ready(place, table, tmp_path / "ready.db", run=run, columns=columns, by=())
        assert written == Written(Counts(inserted=3))
        assert [row[0] for row in kept(place, run, "loose")] == [2, 3, 4]
    assert len(place.fetch("SELECT * FROM loose")) == 6


def test_a_text_that_no_database_takes_is_not_made_ready(
    place: Place, customers: TargetTable, tmp_path: Path
) -> None:
    assert not make(place, tmp_path / "ready.db", [customer("C-1", "\ud800")], {})


def test_nothing_ready_for_a_chunk_is_an_error(
    place: Place, customers: TargetTable, tmp_path: Path
) -> None:
    make(place, tmp_path / "ready.db", ROWS, {})
    with (
        Ready.open(tmp_path / "ready.db") as ready,
        place.target.writing("r1") as writing,
        pytest.raises(LookupError),
    ):
        writing.write_ready(customers, 1, COLUMNS, BY, ready, {})


def test_without_a_commit_nothing_of_all_at_once_stays(
    place: Place, customers: TargetTable, tmp_path: Path
) -> None:
    make(place, tmp_path / "ready.db", ROWS, {})
    with Ready.open(tmp_path / "ready.db") as ready:
        for committed in (False, True):
            with place.target.writing("r1", at_once=True) as writing:
                writing.write_ready(customers, 0, COLUMNS, BY, ready, {}, keep_before=True)
                if committed:
                    writing.commit()
            assert len(stored(place)) == 3 * committed


def test_an_interrupted_writer_writes_nothing_ready(
    place: Place, customers: TargetTable, tmp_path: Path
) -> None:
    make(place, tmp_path / "ready.db", ROWS, {})
    with Ready.open(tmp_path / "ready.db") as ready, place.target.writing("r1") as writing:
        writing.interrupt()
        with pytest.raises(SourceInterrupted):
            writing.write_ready(customers, 0, COLUMNS, BY, ready, {})
    assert stored(place) == []


def test_a_table_is_empty_or_not(place: Place, customers: TargetTable) -> None:
    with place.target.writing("look", read_only=True) as looking:
        assert looking.is_empty(customers)
    place.execute("INSERT INTO customers (number, name) VALUES ('C-2', 'there')")
    with place.target.writing("look", read_only=True) as looking:
        assert not looking.is_empty(customers)
