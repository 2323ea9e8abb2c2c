"""What streams bring by themselves is said in the language of whoever looks, and of nobody else."""

from dataclasses import replace

import pytest
from flask import Flask

from dashboard.extensions import db
from dashboard.jobs import fact_of
from dashboard.models import Job, User, transaction
from dashboard.words import PLAIN, Manner, reader, speaking_to
from tests.people import Person, words
from tests.web.desk import Desk
from tests.web.streams import Streams

GERMAN = Manner("de-DE", "UTC")


@pytest.fixture
def greta(app: Flask) -> Person:
    """Give somebody who reads German."""
    person = Person.joins(app, "Greta Grün", role="admin")
    with app.app_context(), transaction() as session:
        user = session.get_one(User, person.id)
        user.locale, user.time_zone = GERMAN.locale, GERMAN.zone
    return person


def test_a_job_page_in_german_hears_all_in_german(
    desk: Desk, greta: Person, streams: Streams
) -> None:
    job_id = desk.running(greta)
    page = streams.page(greta, "job", job_id)
    begin = page.until("live")
    assert "Läuft seit" in "".join(told.data for told in begin if told.name == "fragment")
    assert "Läuft Totals" in [told.json["text"] for told in begin if told.name == "title"]

    desk.counts(job_id, 300, 400)
    assert page.hears("title", "75").json["text"] == "75\xa0% Totals"
    assert page.hears("announce").json["text"] == "75 Prozent fertig."
    desk.succeeds(job_id)

    end = page.rest()
    assert [told.json["text"] for told in end if told.name == "title"][-1] == "✓ Fertig Totals"
    assert [told.json["text"] for told in end if told.name == "announce"] == ["Totals ist fertig."]
    fragment = [told.data for told in end if told.name == "fragment"][-1]
    assert "1 Datei, bereit" in fragment
    assert "Finished" not in words(fragment)


def test_a_toast_and_the_summary_of_a_hidden_tab_are_in_german(
    desk: Desk, greta: Person, streams: Streams
) -> None:
    first, second = desk.running(greta), desk.queued(greta)
    page = streams.page(greta, "page")
    page.until("live")

    desk.succeeds(first)
    toast = page.hears("toast").json
    desk.claims()
    desk.fails(second)

    assert (toast["text"], toast["label"]) == ("Totals ist fertig.", "Herunterladen")
    toast = page.hears("toast").json
    assert (toast["text"], toast["label"]) == ("Totals ist fehlgeschlagen.", "Öffnen")
    asked = {"view": "job", "id": second, "since": "2026-01-01T00:00:00Z"}
    summary = greta.opens("/live/summary", **asked).get_json()
    assert summary["tab"]["text"] == "✗ Fehlgeschlagen Totals"
    assert "Totals ist fertig." in [each["text"] for each in summary["ended"]]


def test_people_of_two_languages_hear_the_same_fact_each_in_theirs(
    desk: Desk, staff: Person, greta: Person, streams: Streams
) -> None:
    job_id = desk.running(staff)
    pages = [streams.page(person, "job", job_id) for person in (staff, greta, staff)]
    for page in pages:
        page.until("live")

    desk.counts(job_id, 300, 400)
    spoken = [page.hears("announce").json["text"] for page in pages]

    assert spoken == ["75 percent done.", "75 Prozent fertig.", "75 percent done."]


def test_why_a_job_waits_is_told_in_german_by_the_page_and_by_its_stream(
    desk: Desk, greta: Person, streams: Streams
) -> None:
    job_id = desk.queued(greta)

    told = streams.page(greta, "job", job_id).hears("fragment").data

    for html in (told, greta.opens(f"/jobs/{job_id}").text):
        assert "Kein Worker nimmt" in html
        assert "Fragen Sie die Person, die die Server betreibt." in html
        assert "1. <small>von 1</small>" in html


def test_what_is_kept_of_a_page_is_kept_for_each_language(
    app: Flask, desk: Desk, staff: Person
) -> None:
    desk.running(staff)
    fragments = app.extensions["fragments"]
    with app.app_context():
        fact = fact_of(db.session.query(Job).one())

    for view, english, german in (("job", "Speed", "Tempo"), ("home", "Starting", "Beginnt")):
        ours = fragments.of(view, fact, PLAIN)
        theirs = fragments.of(view, fact, GERMAN)

        assert english in words(ours)
        assert german not in words(ours)
        assert german in words(theirs)
        assert english not in words(theirs)
        # Each is kept, and a newer fact is told in both anew.
        assert fragments.of(view, fact, PLAIN) is ours
        assert fragments.of(view, fact, GERMAN) is theirs
        newer = replace(fact, order=(fact.order[0] + 1, 0))
        assert german in fragments.of(view, newer, GERMAN)
        assert german not in fragments.of(view, newer, PLAIN)
    assert reader() == PLAIN


def test_the_state_is_in_english_for_files_and_programs(
    app: Flask, desk: Desk, greta: Person
) -> None:
    job_id = desk.failed(greta, "The table is gone.")
    with app.app_context(), speaking_to(GERMAN):
        assert fact_of(db.session.query(Job).one()).word == "Failed"

    answer = greta.calls("GET", f"/jobs/{job_id}").get_json()
    assert answer["error"]["unchanged"] == "No file was made and no data was changed."
    assert "Fehlgeschlagen" in words(greta.opens(f"/jobs/{job_id}").text)
