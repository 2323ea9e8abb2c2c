"""What a person does to take an import back: looks, chooses, presses the button."""

from typing import Any

from werkzeug.test import TestResponse

from dashboard.jobs import Fact
from tests.kinds.imports.importer import Importer
from tests.people import TOKEN, Person, csrf_of


def looks(importer: Importer, check: Fact) -> Fact:
    """Press the button that looks what an undo would do, and let the worker work."""
    answer = presses_look(importer, check)
    assert answer.status_code == 303, answer.text
    importer.works()
    return importer.fact(answer.location.rpartition("/")[2])


def presses_look(importer: Importer, check: Fact, by: Person | None = None) -> TestResponse:
    """Press the button that looks."""
    person = by or importer.person
    return _presses(person, f"/imports/{check.id}/undo", f"/imports/{check.id}/undo")


def presses_undo(
    importer: Importer, look: Fact, by: Person | None = None, **chosen: Any
) -> TestResponse:
    """Press the button that undoes."""
    person = by or importer.person
    page = f"/imports/undo/{look.id}"
    return _presses(person, page, f"{page}/start", **chosen)


def undoes(importer: Importer, look: Fact, **chosen: Any) -> Fact:
    """Press the button that undoes, and let the worker work."""
    answer = presses_undo(importer, look, **chosen)
    assert answer.status_code == 303, answer.text
    assert answer.location.startswith("/jobs/"), answer.location
    importer.works()
    return importer.fact(answer.location.rpartition("/")[2])


def _presses(person: Person, page: str, to: str, **chosen: Any) -> TestResponse:
    text = person.opens(page).text
    found = TOKEN.search(text)
    data = {"csrf_token": csrf_of(text), "token": found[1] if found else "", **chosen}
    return person.client.post(to, data=data)
