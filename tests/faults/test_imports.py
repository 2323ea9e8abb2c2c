"""Workers that are killed in the middle of an import: every row is written exactly once."""

import sqlite3
import uuid
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.conftest import Stands
from tests.faults.gate import close_gate, kill_before_gate, open_gate
from tests.kinds.imports.importer import Importer
from tests.people import words
from tests.sources.databases import sqlite_database

pytestmark = pytest.mark.faults

ROWS = 100_000


def test_a_killed_import_goes_on_where_it_was(stands: Stands, tmp_path: Path) -> None:
    shop = sqlite_database(tmp_path / "shop.db")
    # Without a key a row that was written twice would be there twice.
    shop.execute("CREATE TABLE loose (word TEXT NOT NULL, amount INTEGER)")
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    stand = stands(SOURCES={"shop": url}, WRITING_SOURCES={"shop": url})
    importer = Importer(stand.app, stand.mara, shop)
    importer.prepares()
    close_gate(shop, "INSERT", "loose", f"new.amount = {ROWS // 2}")
    importer.opens("loose")
    file = "word,amount\n" + "".join(f"word {at},{at}\n" for at in range(ROWS))
    params = {"upload": importer.upload(file)}
    answer = stand.mara.calls("POST", "/jobs/check-shop-loose", json={"params": params})
    assert answer.json is not None, answer.text
    worker = stand.parts.worker(slots=1)
    check = stand.ends(uuid.UUID(answer.json["id"]))
    assert check.state == "succeeded", check.error
    started = importer.presses(check).location.rpartition("/")[2]
    job_id = uuid.UUID(started)
    stand.until(lambda: bool(importer.rows("loose")))
    kill_before_gate(worker, shop)

    done = stand.ends(job_id)

    assert (done.state, done.attempt) == ("succeeded", 2)
    assert any(line.text.startswith("Going on:") for line in done.lines)
    assert done.result["added"] == ROWS
    with closing(sqlite3.connect(tmp_path / "shop.db")) as database:
        counted = database.execute("SELECT count(*), count(DISTINCT amount) FROM loose").fetchone()
    assert counted == (ROWS, ROWS)


def test_a_cancelled_import_says_what_stays_and_can_be_gone_on_with(
    stands: Stands, tmp_path: Path
) -> None:
    shop = sqlite_database(tmp_path / "shop.db")
    shop.execute("CREATE TABLE loose (word TEXT NOT NULL, amount INTEGER)")
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    stand = stands(SOURCES={"shop": url}, WRITING_SOURCES={"shop": url})
    importer = Importer(stand.app, stand.mara, shop)
    importer.prepares()
    close_gate(shop, "INSERT", "loose", f"new.amount = {ROWS // 2}")
    importer.opens("loose")
    file = "word,amount\n" + "".join(f"word {at},{at}\n" for at in range(ROWS))
    params = {"upload": importer.upload(file)}
    answer = stand.mara.calls("POST", "/jobs/check-shop-loose", json={"params": params})
    assert answer.json is not None, answer.text
    stand.parts.worker(slots=1)
    check = stand.ends(uuid.UUID(answer.json["id"]))
    job_id = uuid.UUID(importer.presses(check).location.rpartition("/")[2])
    stand.until(lambda: bool(importer.rows("loose")))
    stand.cancel(job_id)
    cancelled = stand.ends(job_id)
    open_gate(shop)

    there = len(importer.rows("loose"))
    told = words(stand.mara.opens(f"/imports/{check.id}").text)
    page = words(stand.mara.opens(f"/jobs/{cancelled.id}").text)
    again = stand.ends(uuid.UUID(importer.presses(check).location.rpartition("/")[2]))

    assert cancelled.state == "cancelled"
    assert 0 < there < ROWS
    assert f"{there:,} rows are imported so far. It goes on with the others." in told
    assert "Go on importing" in told
    assert "stay imported. None is ever imported twice." in page
    assert again.result["added"] == ROWS
    assert len(importer.rows("loose")) == ROWS
