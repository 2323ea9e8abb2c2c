"""Each person reads numbers and dates in their own manner, on pages and in what streams bring."""

from datetime import UTC, datetime
from zoneinfo import available_timezones

import pytest
from flask import Flask

from dashboard import create_app
from dashboard.config import ConfigError
from dashboard.extensions import db
from dashboard.models import User, transaction
from dashboard.web.account import zone_choices
from dashboard.web.manner import example, examples, stranger
from dashboard.words import LOCALES, Manner, reader
from tests.people import Person, words
from tests.web.desk import Desk
from tests.web.streams import Streams

MOMENT = datetime(2026, 11, 27, 23, 30, 7, tzinfo=UTC)


def reads(person: Person, locale: str | None, zone: str = "UTC") -> None:
    """Let *person* read in another manner."""
    with person.app.app_context(), transaction() as session:
        user = session.get_one(User, person.id)
        user.locale, user.time_zone = locale, zone


@pytest.mark.parametrize(
    ("locale", "number", "tenths", "date", "day", "time", "moment"),
    [
        (
            "en-GB",
            "1,234,567",
            "1,234.5",
            "27 November 2026",
            "Friday 27 November",
            "23:30:07",
            "27 November 2026 at 23:30",
        ),
        (
            "en-US",
            "1,234,567",
            "1,234.5",
            "November 27, 2026",
            "Friday, November 27",
            "11:30:07 PM",
            "November 27, 2026 at 11:30 PM",
        ),
        (
            "en-DE",
            "1.234.567",
            "1.234,5",
            "27 November 2026",
            "Friday 27 November",
            "23:30:07",
            "27 November 2026 at 23:30",
        ),
        (
            "en-IN",
            "12,34,567",
            "1,234.5",
            "27 November 2026",
            "Friday 27 November",
            "11:30:07 pm",
            "27 November 2026 at 11:30 pm",
        ),
        (
            "en-CH",
            "1’234’567",
            "1’234.5",
            "27 November 2026",
            "Friday 27 November",
            "23:30:07",
            "27 November 2026 at 23:30",
        ),
        (
            "en-SE",
            "1\xa0234\xa0567",
            "1\xa0234,5",
            "27 November 2026",
            "Friday 27 November",
            "23:30:07",
            "27 November 2026 at 23:30",
        ),
        (
            "de-DE",
            "1.234.567",
            "1.234,5",
            "27. November 2026",
            "Freitag, 27. November",
            "23:30:07",
            "27. November 2026 um 23:30",
        ),
    ],
)
def test_a_manner_writes_as_its_place_does(
    locale: str, number: str, tenths: str, date: str, day: str, time: str, moment: str
) -> None:
    manner = Manner(locale, "UTC")

    assert manner.number(1234567) == number
    assert manner.number(1234.5, tenths=True) == tenths
    assert manner.date(MOMENT) == date
    assert manner.day(MOMENT) == day
    assert manner.time(MOMENT) == time
    assert manner.moment(MOMENT) == moment


@pytest.mark.parametrize(
    ("text", "german", "indian", "swiss"),
    [
        ("1,234.50", "1.234,50", "1,234.50", "1’234.50"),
        ("1,234,567", "1.234.567", "12,34,567", "1’234’567"),
        ("-0.25", "-0,25", "-0.25", "-0.25"),
        ("2.5k", "2,5k", "2.5k", "2.5k"),
        ("1e+20", "1e+20", "1e+20", "1e+20"),
        ("unknown", "unknown", "unknown", "unknown"),
    ],
)
def test_figures_of_a_chart_keep_their_decimals(
    text: str, german: str, indian: str, swiss: str
) -> None:
    told = [Manner(locale, "UTC").spelled(text) for locale in ("en-DE", "en-IN", "en-CH", "en-GB")]
    assert told == [german, indian, swiss, text]


@pytest.mark.parametrize(
    ("text", "german", "swiss"),
    [
        ("26,190.57", "26.190,57", "26’190.57"),
        ("1,787", "1.787", "1’787"),
        ("-0.25", "-0,25", "-0.25"),
        ("2.9%", "2,9\xa0%", "2.9%"),
        ("1,234.5%", "1.234,5\xa0%", "1’234.5%"),
        # Names made of digits, and what is no number, stay as they are.
        ("2025", "2025", "2025"),
        ("4006381333931", "4006381333931", "4006381333931"),
        ("1e+20", "1e+20", "1e+20"),
        ("", "", ""),
    ],
)
def test_the_cells_of_a_table_keep_their_decimals(text: str, german: str, swiss: str) -> None:
    told = [Manner(locale, "UTC").cell(text) for locale in ("de-DE", "de-CH", "en-GB")]
    assert told == [german, swiss, text]


def test_small_numbers_are_written_alike_everywhere() -> None:
    for locale in LOCALES:
        assert [Manner(locale, "UTC").number(value) for value in (0, 7, 999)] == ["0", "7", "999"]


@pytest.mark.parametrize("locale", LOCALES)
def test_no_locale_needs_letters_that_break_a_line_or_are_in_no_font(locale: str) -> None:
    manner = Manner(locale, "Europe/Berlin")
    texts = (manner.number(-9876543), manner.moment(MOMENT), manner.stamp(MOMENT), example(locale))

    assert not any("\u202f" in text for text in texts)
    assert " " not in manner.number(-9876543)
    assert "2026" not in manner.day(MOMENT)


def test_a_moment_is_told_in_the_persons_own_zone() -> None:
    assert Manner("en-GB", "Europe/Berlin").moment(MOMENT) == "28 November 2026 at 00:30"
    assert Manner("en-GB", "America/New_York").stamp(MOMENT) == "27 Nov 18:30:07"
    # Summer time, and a zone of five hours and three quarters.
    july = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    assert Manner("en-GB", "Europe/Berlin").time(july) == "14:00:00"
    assert Manner("en-GB", "Asia/Kathmandu").time(july) == "17:45:00"


def test_every_choice_of_a_locale_is_told_by_its_place_and_an_example() -> None:
    told = examples()

    assert set(told) == set(LOCALES)
    assert [tag[:2] for tag in told] == sorted(tag[:2] for tag in LOCALES)
    assert told["en-GB"] == "English (United Kingdom): 1,234.5 · 27 November 2026 · 14:05"
    assert told["en-US"] == "English (United States): 1,234.5 · November 27, 2026 · 2:05 PM"
    assert told["de-CH"] == "Deutsch (Schweiz): 1’234.5 · 27. November 2026 · 14:05"


def test_the_zones_to_choose_from_are_those_of_places() -> None:
    zones = set(zone_choices())

    assert {"UTC", "Europe/Berlin", "Asia/Kolkata"} <= zones
    assert available_timezones() - zones <= {"Factory", "localtime"}
    assert not zones & {"Factory", "localtime"}


def test_the_choice_of_a_locale_is_saved_and_seen_at_once(app: Flask, staff: Person) -> None:
    page = staff.opens("/account").text
    assert "As the desk does: 1,234.5 · 27 November 2026 · 14:05" in words(page)

    sent = {"name": "Mara Keller", "time_zone": "Europe/Berlin", "theme": "light"}
    staff.sends("/account/profile", "/account", **sent, locale="en-DE")

    assert 'data-locale="en-DE"' in staff.opens("/").text
    with app.app_context():
        assert db.session.get_one(User, staff.id).locale == "en-DE"
    staff.sends("/account/profile", "/account", **sent, locale="")
    assert 'data-locale="en-GB"' in staff.opens("/").text
    with app.app_context():
        assert db.session.get_one(User, staff.id).locale is None


def test_a_locale_that_the_desk_does_not_know_is_not_saved(app: Flask, staff: Person) -> None:
    sent = {"name": "Mara Keller", "time_zone": "UTC", "theme": "light", "locale": "tlh"}

    assert staff.sends("/account/profile", "/account", **sent).status_code == 422
    with app.app_context():
        assert db.session.get_one(User, staff.id).locale is None


def test_whoever_has_not_chosen_reads_as_the_desk_does(app: Flask, staff: Person) -> None:
    app.config["LOCALE"] = "en-US"
    assert 'data-locale="en-US"' in staff.opens("/").text

    # What a later version of the desk offered, or a zone that this machine does not know.
    reads(staff, "en-XX", "Mars/Olympus")
    page = staff.opens("/").text
    assert 'data-locale="en-US"' in page
    assert f'data-zone="{app.config["TIME_ZONE"]}"' in page


@pytest.mark.parametrize("wrong", ["fr-FR", "de", "en", "en-", "English", "en-XX", ""])
def test_a_desk_does_not_start_with_a_locale_that_is_none(
    app: Flask, tmp_path_factory: pytest.TempPathFactory, wrong: str
) -> None:
    with pytest.raises(ConfigError, match="FLASK_LOCALE is"):
        create_app(INSTANCE_PATH=tmp_path_factory.mktemp("state"), LOCALE=wrong)


def test_the_same_page_is_written_for_each_person_in_their_manner(
    desk: Desk, staff: Person, admin: Person
) -> None:
    job_id = desk.running(staff)
    desk.counts(job_id, 310_000, 500_000)
    reads(admin, "en-DE", "Asia/Tokyo")

    mine, theirs = (words(person.opens(f"/jobs/{job_id}").text) for person in (staff, admin))

    assert "310,000" in mine
    assert "of 500,000" in mine
    assert "310.000" in theirs
    assert "of 500.000" in theirs


def test_what_the_stream_brings_is_written_as_the_page_is(
    desk: Desk, staff: Person, colleague: Person, admin: Person, streams: Streams
) -> None:
    job_id = desk.running(staff)
    desk.counts(job_id, 310_000, 500_000)
    reads(admin, "en-DE", "Asia/Tokyo")

    ours = streams.page(staff, "job", job_id).until("live")
    theirs = streams.page(admin, "job", job_id).until("live")

    (our,) = [told.data for told in ours if told.name == "fragment"]
    (their,) = [told.data for told in theirs if told.name == "fragment"]
    assert "310,000" in our
    assert "310.000" not in our
    assert "310.000" in their
    assert "310,000" not in their


def test_a_person_who_changes_their_manner_hears_it_from_the_open_page_too(
    desk: Desk, staff: Person, streams: Streams
) -> None:
    job_id = desk.running(staff)
    desk.counts(job_id, 310_000, 500_000)
    page = streams.page(staff, "job", job_id)
    page.until("live")

    sent = {"name": "Mara Keller", "time_zone": "UTC", "theme": "light", "locale": "en-CH"}
    staff.sends("/account/profile", "/account", **sent)

    assert "310’000" in page.hears("fragment", "310’000").data


def test_programs_are_answered_in_english_whatever_they_say_they_read(app: Flask) -> None:
    german = {"Accept-Language": "de"}

    with app.test_request_context("/sign-in", headers=german):
        assert reader().language == stranger().language == "de"
    with app.test_request_context("/api/v1/jobs", headers=german):
        assert reader().language == stranger().language == "en"
