"""Whose sight a list of jobs is limited to is kept with the job, and is no choice of anybody's."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs import Fact, as_chosen, find
from dashboard.models import Job, Preset, clock, transaction
from tests.kinds.desk.test_job_list import add, done, start, table
from tests.people import Person, words

FORM = "/new/job-list"
CSV: dict[str, Any] = {"formats": ["csv"]}


def save(app: Flask, owner: Person, params: dict[str, Any]) -> None:
    """Write shared choices into the ledger, as earlier versions did."""
    with app.app_context(), transaction() as session:
        session.add(
            Preset(
                owner_id=owner.id,
                kind="job-list",
                name="Old",
                params=params,
                relative={},
                shared=True,
                saved_at=clock(),
            )
        )


def sights(app: Flask) -> list[tuple[int, int]]:
    """Give who asked for each list, and whose sight it is limited to."""
    with app.app_context():
        jobs = db.session.scalars(select(Job).where(Job.kind == "job-list").order_by(Job.serial))
        return [(job.requested_by_id, job.params["seen_by"]) for job in jobs]


def test_shared_choices_are_used_by_others_with_their_own_sight(
    app: Flask, staff: Person, colleague: Person
) -> None:
    sent = {**CSV, "q": "sales", "preset-name": "Sales", "preset-shared": "y"}
    saved = staff.sends(f"{FORM}/presets", FORM, **sent)

    assert saved.status_code == 303
    assert "seen_by" not in (saved.location or "")
    listed = colleague.calls("GET", "/presets?kind=job-list").json
    assert listed is not None
    (preset,) = listed["items"]
    assert "seen_by" not in preset["params"]
    answer = colleague.calls("POST", "/jobs/job-list", json={"params": preset["params"]})
    assert answer.status_code == 202, answer.json
    assert sights(app) == [(colleague.id, colleague.id)]


def test_choices_that_were_saved_with_a_sight_are_shown_without(
    app: Flask, staff: Person, colleague: Person
) -> None:
    save(app, staff, {"q": "sales", "seen_by": staff.id, **CSV})

    listed = colleague.calls("GET", "/presets?kind=job-list").json

    assert listed is not None
    assert listed["items"][0]["params"] == {"q": "sales", **CSV}
    assert "seen_by" not in listed["items"][0]["page"]


def test_no_address_tells_whose_sight_it_was(app: Flask, staff: Person) -> None:
    job = done(app, start(staff))

    checked = staff.sends(f"{FORM}/check", FORM, **CSV)
    pages = [checked, *(staff.opens(path) for path in ("/", FORM, f"/jobs/{job.id}"))]

    for page in pages:
        assert re.search(r'href="/new/job-list\?[^"]*formats', page.text)
        assert "seen_by" not in page.text


def test_what_an_administrator_sees_of_a_list_they_may_ask_for_by_program(
    app: Flask, staff: Person, admin: Person
) -> None:
    first = done(app, start(staff))
    shown = admin.calls("GET", f"/jobs/{first.id}").json
    assert shown is not None

    answer = admin.calls("POST", "/jobs/job-list", json={"params": shown["params"]})

    assert answer.status_code == 202, answer.json
    assert sights(app) == [(staff.id, staff.id), (admin.id, admin.id)]


def test_a_colleagues_list_is_never_offered_as_the_same(
    app: Flask, staff: Person, colleague: Person, admin: Person
) -> None:
    add(app, colleague, "Theirs")
    finished = done(app, start(admin))
    under_way = start(admin)

    offer = staff.sends(f"{FORM}/check", FORM, **CSV)
    assert admin.name not in words(offer.text)
    assert f"/join/{finished.id}" not in offer.text
    for job_id in (str(finished.id), under_way):
        staff.sends(f"{FORM}/join/{job_id}", FORM, **CSV)
        assert staff.opens(f"/jobs/{job_id}").status_code == 404
    # What is sent beside the choices changes nothing of that.
    forged = staff.sends(FORM, **CSV, seen_by=str(admin.id))
    assert forged.status_code == 303
    assert sights(app)[-1] == (staff.id, staff.id)


def test_ones_own_list_is_offered_as_the_same(app: Flask, staff: Person) -> None:
    job: Fact = done(app, start(staff))

    offer = staff.sends(f"{FORM}/check", FORM, **CSV)
    assert "You made the same file at" in words(offer.text)
    assert f"/jobs/{job.id}" in offer.text

    start(staff)
    again = staff.sends(FORM, **CSV)
    assert again.status_code == 200
    assert "You started this with the same choices" in words(again.text)


def test_the_rows_are_counted_for_each_person(
    app: Flask, staff: Person, colleague: Person, admin: Person
) -> None:
    for owner in (staff, staff, colleague):
        add(app, owner, "Sales")

    def rows(person: Person) -> str:
        page = person.sends(f"{FORM}/check", FORM, **CSV).text
        found = re.search(r"<dt>Rows</dt><dd>(.*?)</dd>", page)
        assert found is not None
        return found[1]

    assert [rows(person) for person in (admin, staff, colleague)] == ["3", "2", "1"]


def test_a_list_that_is_done_again_keeps_its_first_sight(
    app: Flask, staff: Person, colleague: Person, admin: Person
) -> None:
    add(app, colleague, "Theirs")
    first = done(app, start(staff))

    answer = admin.sends(f"/jobs/{first.id}/again", f"/jobs/{first.id}")
    again = done(app, (answer.location or "").removeprefix("/jobs/"))

    assert sights(app) == [(staff.id, staff.id), (admin.id, staff.id)]
    assert "Theirs" not in [row["Title"] for row in table(staff, again)]


@pytest.mark.parametrize("name", ["contacts", None])
def test_other_kinds_keep_a_choice_of_that_name(app: Flask, name: str | None) -> None:
    with app.app_context():
        assert as_chosen(find(name) if name else None, {"seen_by": 1}) == {"seen_by": 1}
