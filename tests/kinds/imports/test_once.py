"""An import is written once, whoever presses how often, and as it was asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from dashboard.jobs import Fact
from dashboard.kinds.imports import work
from dashboard.sources import SourceUnavailable
from tests.kinds.imports.importer import Importer
from tests.kinds.imports.test_run import FILE
from tests.people import Person, words

LOOSE = "word,amount\na,1\nb,2\n"
UNKNOWN = "Whether the rows of this file were written is not known"
REFUSED = "customer_no,name,email\nC-5,Ed,ada@example.org\nC-6,Flo,flo@example.org\n"


def checked_loose(importer: Importer) -> Fact:
    """Give the check of a file for a table without a key, in a database without marks."""
    importer.opens("loose")
    importer.forgets()
    return importer.checks(LOOSE, kind="check-shop-loose")


@contextmanager
def lost_answer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the database keep what is written, and its answer be lost, meanwhile."""
    keeps = work._Run.commit

    def commit(run: work._Run) -> None:
        keeps(run)
        raise SourceUnavailable("The database went away.")

    with monkeypatch.context() as patch:
        patch.setattr(work._Run, "commit", commit)
        yield


def retried(importer: Importer, job: Fact) -> Fact:
    """Do the work of an import again, by the API."""
    answer = importer.person.calls("POST", f"/jobs/{job.id}/retry")
    assert answer.status_code == 202, answer.text
    assert answer.json is not None
    importer.works()
    return importer.fact(answer.json["id"])


def test_without_marks_a_file_is_not_written_a_second_time(importer: Importer) -> None:
    first = importer.imports(checked_loose(importer))

    second = retried(importer, first)

    assert (first.state, second.state) == ("succeeded", "failed")
    assert second.error is not None
    assert second.error.what.startswith(UNKNOWN)
    assert importer.rows("loose") == [("a", 1), ("b", 2)]


def test_a_lost_answer_is_told_as_such_and_nothing_is_written_again(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = checked_loose(importer)

    with lost_answer(monkeypatch):
        waiting = importer.imports(check)

    assert waiting.state == "waiting"
    with importer.app.app_context():
        importer.app.extensions["targets"]["shop"].prepare()  # What comes later knows no better.
    importer.waits_no_longer(waiting)
    failed = importer.fact(waiting.id)
    assert failed.state == "failed"
    assert failed.error is not None
    assert failed.error.what.startswith(UNKNOWN)
    assert importer.rows("loose") == [("a", 1), ("b", 2)]
    page = words(importer.person.opens(f"/imports/{check.id}").text)
    assert UNKNOWN in page
    assert "Go on importing" not in page
    assert importer.presses(check).location.endswith(f"/imports/{check.id}")


def test_what_broke_off_before_it_was_kept_may_be_gone_on_with(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = checked_loose(importer)

    def breaks(*_: Any, **__: Any) -> None:
        raise ValueError

    with monkeypatch.context() as patch:
        patch.setattr(work._Run, "write", breaks)
        broken = importer.imports(check)
    page = words(importer.person.opens(f"/imports/{check.id}").text)
    done = importer.imports(check)

    assert broken.state == "failed"
    assert broken.error is not None
    assert broken.error.unchanged.startswith("Nothing was imported")
    assert "No row of it is imported." in page
    assert done.state == "succeeded", done.error
    assert importer.rows("loose") == [("a", 1), ("b", 2)]


def test_two_presses_start_one_import_and_its_owner_follows_it(importer: Importer) -> None:
    check = importer.checks(FILE)
    admin = Person.joins(importer.app, "Ada Admin", role="admin")
    page = f"/imports/{check.id}"
    forms = [admin.opens(page), importer.person.opens(page)]
    assert all("Import 2 rows" in words(form.text) for form in forms)

    by_admin = importer.presses(check, by=admin)
    importer.works()
    again = importer.presses(check)

    assert by_admin.location == again.location
    assert importer.person.opens(by_admin.location).status_code == 200


def test_all_rows_are_written_or_none(importer: Importer) -> None:
    before = importer.rows()
    check = importer.checks(REFUSED)

    refused = importer.imports(check, "whole")

    assert refused.state == "failed"
    assert refused.error is not None
    assert "all or none" in refused.error.what
    assert refused.error.unchanged.startswith("Nothing was imported")
    assert any(line.text.startswith("Row 2, ") for line in refused.lines)
    assert importer.rows() == before
    page = words(importer.person.opens(f"/imports/{check.id}").text)
    assert "No row of it is imported." in page

    partly = importer.imports(check)

    assert (partly.result["added"], partly.result["refused"]) == (1, 1)
    assert len(importer.rows()) == len(before) + 1


def test_all_rows_at_once_are_kept_with_their_marks(importer: Importer) -> None:
    check = importer.checks(FILE)
    first = importer.imports(check, "whole")

    second = retried(importer, first)

    assert (first.state, second.state) == ("succeeded", "succeeded")
    assert ["How", "all rows or none"] in first.choices
    assert (second.result["added"], second.result["updated"]) == (1, 1)
    assert len(importer.rows()) == 3


def test_what_somebody_changed_since_the_check_is_overwritten_where_asked(
    importer: Importer,
) -> None:
    check = importer.checks(FILE)
    importer.shop.execute("UPDATE customers SET name = 'Bob' WHERE customer_no = 'C-2'")

    job = importer.imports(check, "overwrite")

    assert (job.result["added"], job.result["updated"], job.result["refused"]) == (1, 1, 0)
    assert [row[1] for row in importer.rows()] == ["Ada", "Bo", "Di"]
