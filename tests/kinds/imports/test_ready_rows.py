"""An import writes what its check has made ready, and reads the file again only where it must."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from dashboard.extensions import db
from dashboard.jobs import Fact
from dashboard.kinds.imports import check as checking
from dashboard.kinds.imports.stored import READY
from dashboard.models import Attachment, Upload, transaction
from dashboard.sources.writing.ready import ReadyFile
from tests.kinds.imports.importer import Importer, workbook

ODD = "Tab\there, “\\N” and \\t,\nnext line \\ 灯"
ODD_FILE = f'customer_no,name,since,credit,active\nC-7,"{ODD}",2026-02-28,7.25,yes\nC-8,\\.,,,\n'


def ready_path(importer: Importer, check: Fact) -> Path:
    """Give where the ready rows of *check* lie."""
    with importer.app.app_context():
        query = select(Attachment.key).where(Attachment.name == READY)
        (key,) = db.session.scalars(query)
        with importer.app.extensions["storage"].at_hand(key) as path:
            found: Path = path
            return found


def names(importer: Importer) -> dict[object, object]:
    return {row[0]: row[1] for row in importer.rows()}


def test_odd_texts_arrive_as_they_were_sent(importer: Importer) -> None:
    job = importer.imports(importer.checks(ODD_FILE))

    assert (job.state, job.result["added"]) == ("succeeded", 2)
    assert names(importer)["C-7"] == ODD
    assert names(importer)["C-8"] == "\\."


def test_the_file_itself_is_not_needed_any_more(importer: Importer) -> None:
    check = importer.checks(ODD_FILE)
    with importer.app.app_context():
        storage = importer.app.extensions["storage"]
        for key in db.session.scalars(select(Upload.key)).all():
            storage.delete(key)

    assert importer.imports(check).result["added"] == 2


@pytest.mark.parametrize("harm", ["changed", "cut", "gone"])
def test_ready_rows_that_were_damaged_are_not_written(importer: Importer, harm: str) -> None:
    before = importer.rows()
    check = importer.checks(ODD_FILE)
    path = ready_path(importer, check)
    path.chmod(0o600)
    data = path.read_bytes()
    assert b"C-7" in data
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(data.replace(b"C-7", b"C-9") if harm == "changed" else data[:-1])

    job = importer.imports(check)

    assert job.state == "failed"
    assert job.error is not None
    assert job.error.what in (
        "The rows that the check has made ready were damaged on disk.",
        "What the check found is not kept any more.",
    )
    assert importer.rows() == before


def test_a_check_that_has_made_nothing_ready_is_imported_from_the_file(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ReadyFile, "__init__", unready(ReadyFile.__init__))
    monkeypatch.setattr(checking, "CHUNK", 2)
    file = ODD_FILE + "C-2,Bo changed,,,no\n" + "".join(f"N-{at},Name,,,\n" for at in range(9))

    check = importer.checks(file)
    with importer.app.app_context():
        assert not db.session.scalars(select(Attachment).where(Attachment.name == READY)).all()
    monkeypatch.setattr(checking, "CHUNK", 5)
    job = importer.imports(check)

    assert (job.result["added"], job.result["updated"]) == (11, 1)
    assert names(importer)["C-7"] == ODD
    assert names(importer)["C-2"] == "Bo changed"


def unready(begin: Callable[..., None]) -> Callable[..., None]:
    """Give what begins a file that cannot take any row."""

    def started(self: ReadyFile, *args: object, **more: object) -> None:
        begin(self, *args, **more)
        self.is_whole = False

    return started


def test_chunks_without_rows_to_write_are_passed_over(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "CHUNK", 2)
    file = (
        "customer_no,name,since,credit,active,email\n"
        "C-1,Ada,2020-01-01,12.50,yes,ada@example.org\nC-2,Bo,,,no,\n"
        "C-3,Cy,never,,,\nC-4,Di,never,,,\n"
        "C-1,again,,,,\nC-5,Eve,,,,\n"
    )

    check = importer.checks(file)
    job = importer.imports(check)

    assert check.result["counts"] == {"n": 1, "c": 0, "s": 2, "l": 0, "b": 3}
    assert job.result["added"] == 1
    assert sorted(map(str, names(importer))) == ["C-1", "C-2", "C-5"]


def test_a_table_that_was_altered_since_the_check_is_left_alone(importer: Importer) -> None:
    check = importer.checks(ODD_FILE)
    importer.shop.execute("ALTER TABLE customers ADD COLUMN more integer")

    job = importer.imports(check)

    assert job.state == "failed"
    assert job.error is not None
    assert job.error.what == "The table was altered since the check. Nothing was imported."


def test_numbers_and_days_of_a_workbook_arrive_as_those_of_a_csv(importer: Importer) -> None:
    book = workbook(
        ("customer_no", "name", "credit", "active"),
        ("C-5", 12, 7.25, True),
        ("C-6", "F", None, False),
    )

    job = importer.imports(importer.checks(book, "spring.xlsx"))

    assert job.result["added"] == 2
    found = {row[0]: (row[1], float(str(row[3] or 0)), bool(row[4])) for row in importer.rows()}
    assert found["C-5"] == ("12", 7.25, True)
    assert found["C-6"] == ("F", 0, False)


def test_what_is_deleted_from_the_ledger_is_no_error(importer: Importer) -> None:
    """A check of an earlier version has made nothing ready."""
    check = importer.checks(ODD_FILE)
    with importer.app.app_context(), transaction() as session:
        session.execute(delete(Attachment).where(Attachment.name == READY))

    assert importer.imports(check).result["added"] == 2
