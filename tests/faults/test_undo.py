"""Workers that are killed in the middle of an undo: every row is taken back exactly once."""

import sqlite3
import uuid
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.conftest import Stands
from tests.faults.gate import close_gate, kill_before_gate
from tests.kinds.imports.importer import Importer
from tests.kinds.imports.undoer import presses_look, presses_undo
from tests.sources.databases import sqlite_database

pytestmark = pytest.mark.faults

ROWS = 60_000


def test_a_killed_undo_goes_on_where_it_was(stands: Stands, tmp_path: Path) -> None:
    shop = sqlite_database(tmp_path / "shop.db")
    # What is taken back adds up here: a row that was taken back twice would be counted twice.
    shop.execute(
        "CREATE TABLE numbers (number INTEGER PRIMARY KEY, word TEXT);"
        "CREATE TABLE undone (number INTEGER);"
        "CREATE TRIGGER counting AFTER DELETE ON numbers"
        " BEGIN INSERT INTO undone VALUES (old.number); END;"
    )
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    stand = stands(SOURCES={"shop": url}, WRITING_SOURCES={"shop": url})
    importer = Importer(stand.app, stand.mara, shop)
    importer.prepares()
    importer.opens("numbers")
    file = "number,word\n" + "".join(f"{at},word {at}\n" for at in range(ROWS))
    params = {"upload": importer.upload(file)}
    answer = stand.mara.calls("POST", "/jobs/check-shop-numbers", json={"params": params})
    assert answer.json is not None, answer.text
    worker = stand.parts.worker(slots=1)
    check = stand.ends(uuid.UUID(answer.json["id"]))
    imported = stand.ends(uuid.UUID(importer.presses(check).location.rpartition("/")[2]))
    assert imported.result["added"] == ROWS, imported.error
    look = stand.ends(uuid.UUID(presses_look(importer, check).location.rpartition("/")[2]))
    assert look.result["counts"]["remove"] == ROWS, look.error
    close_gate(shop, "DELETE", "numbers", f"old.number = {ROWS // 2}")
    job_id = uuid.UUID(presses_undo(importer, look).location.rpartition("/")[2])
    stand.until(lambda: len(importer.rows("numbers")) < ROWS)
    kill_before_gate(worker, shop)

    done = stand.ends(job_id)

    assert (done.state, done.attempt) == ("succeeded", 2)
    assert any(line.text.startswith("Going on:") for line in done.lines)
    assert done.result["removed"] == ROWS
    with closing(sqlite3.connect(tmp_path / "shop.db")) as database:
        counted = database.execute("SELECT count(*), count(DISTINCT number) FROM undone")
        assert counted.fetchone() == (ROWS, ROWS)
        assert database.execute("SELECT count(*) FROM numbers").fetchone() == (0,)
