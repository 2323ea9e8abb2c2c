"""The form: what may be chosen, what is said of wrong choices, and what becomes of right ones."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from dashboard.kinds.reports import lookup
from dashboard.kinds.reports.catalogue import shelf
from dashboard.kinds.reports.form import form_factory
from dashboard.kinds.reports.lookup import LookupFailed


def form_of(app: Flask, name: str, sent: dict[str, Any] | None = None, **more: Any) -> Any:
    report = shelf().reports[name]
    formdata = None if sent is None else MultiDict(sent)
    return form_factory(report)(formdata, **{"csrf": False, **more})


@pytest.fixture(autouse=True)
def _in_the_app(app: Flask) -> Any:
    with app.test_request_context():
        yield


def test_it_begins_with_the_defaults(app: Flask) -> None:
    form = form_of(app, "best-customers")

    assert form["period_from"].data == "2026-07-01"
    assert form["period_until"].data == "2026-09-30"
    assert form["top"].data == 50
    assert form["region"].data is None
    assert form.formats.data == ["csv", "xlsx"]
    assert form.notify.data is False
    assert form.token.data != form_of(app, "best-customers").token.data


def test_what_was_chosen_before_is_filled_in(app: Flask) -> None:
    before = {
        "period_from": "2026-01-01",
        "period_until": "2026-01-31",
        "top": "7",
        "region": "South",
        "formats": ["pdf"],
    }

    form = form_of(app, "best-customers", initial=before)

    assert form["period_from"].data == "2026-01-01"
    assert (form["top"].data, form["region"].data) == (7, "South")
    assert form.formats.data == ["pdf"]


def test_a_preset_in_the_address_wins_over_days(app: Flask) -> None:
    before = {"period": "last-month", "period_from": "2020-01-01", "period_until": "2020-01-31"}

    form = form_of(app, "best-customers", initial=before)

    assert (form["period_from"].data, form["period_until"].data) == ("2026-10-01", "2026-10-31")


def test_what_fits_no_more_is_left_out(app: Flask) -> None:
    form = form_of(app, "best-customers", initial={"top": "many", "formats": "docx"})

    assert form["top"].data is None
    assert form.formats.data == ["csv", "xlsx"]


def test_the_presets_are_offered_with_their_days(app: Flask) -> None:
    presets = form_of(app, "sales-by-region").presets("period")

    assert presets[0] == ("last-month", "Last month", "2026-10-01", "2026-10-31", True)
    assert presets[1] == ("this-month", "This month", "2026-11-01", "2026-11-30", False)
    assert presets[-1] == ("all", "Whole period", "2023-11-01", "2026-11-20", False)


def test_right_choices_become_flat_values(app: Flask) -> None:
    sent = {"period": "this-year", "top": "10", "city": " Köln ", "formats": ["xlsx", "csv"]}

    form = form_of(app, "best-customers", sent)

    assert form.validate()
    assert form.params() == {
        "period_from": "2026-01-01",
        "period_until": "2026-12-31",
        "top": 10,
        "region": None,
        "city": "Köln",
        "formats": ["csv", "xlsx"],
    }


def test_a_program_that_sends_nothing_gets_the_defaults(app: Flask) -> None:
    form = form_of(app, "slow-products", {})

    assert form.validate()
    assert form.params() == {
        "period_from": "2026-07-01",
        "period_until": "2026-09-30",
        "at_most": 100,
        "category": None,
        "discontinued": False,
        "formats": ["csv", "xlsx"],
    }


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        (
            {"period_from": "", "period_until": "2026-10-01"},
            {"period_from": "Enter a value for “First day”."},
        ),
        ({"period_from": "2026-10-01"}, {"period_until": "Enter a value for “Last day”."}),
        (
            {"period_from": "2026-10-31", "period_until": "2026-10-01"},
            {"period_until": "The last day must not be before the first day."},
        ),
        ({"period": "last-moon"}, {"period": "“last-moon” is no period that is known here."}),
        (
            {"period": "last-month", "period_from": "2026-10-01"},
            {"period": "Give a named period or its two days, not both."},
        ),
        (
            {"period_from": "1.10.2026", "period_until": "2026-02-30"},
            {
                "period_from": "First day must be a day written like 2026-10-31.",
                "period_until": "2026-02-30 is no day of the calendar.",
            },
        ),
        ({"top": ""}, {"top": "Enter a value for “How many customers”."}),
        ({"top": "0"}, {"top": "How many customers must be 1 or more."}),
        ({"top": "ten"}, {"top": "How many customers must be a whole number, such as 12."}),
        ({"region": "Nowhere"}, {"region": "“Nowhere” is not one of the choices for “Region”."}),
        ({"region": ["North", "South"]}, {"region": "Region must be one value, not several."}),
        ({"formats": ["docx"]}, {"formats": "“docx” is no format of this report."}),
        ({"city": "x" * 501}, {"city": "City is longer than 500 characters."}),
    ],
)
def test_wrong_choices_are_told_by_field(
    app: Flask, sent: dict[str, Any], errors: dict[str, str]
) -> None:
    form = form_of(app, "best-customers", sent)

    assert not form.validate()
    assert {name: " ".join(words) for name, words in form.errors.items()} == errors


def test_what_was_typed_stays_when_it_is_wrong(app: Flask) -> None:
    form = form_of(app, "best-customers", {"top": "ten", "city": "Köln", "region": "North"})

    form.validate()

    assert 'value="ten"' in form["top"]()
    assert 'value="Köln"' in form["city"]()
    assert '<option selected value="North">' in form["region"]()


def test_a_page_that_sends_no_format_chose_none(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False

    form = form_of(app, "sales-by-region", {"period": "last-month"}, csrf=True)

    assert not form.validate()
    assert form.errors == {"formats": ["Choose at least one format."]}


def test_a_page_needs_its_token_against_forgery(app: Flask) -> None:
    form = form_of(app, "sales-by-region", {"period": "last-month", "formats": "csv"}, csrf=True)

    assert not form.validate()
    assert "csrf_token" in form.errors


def test_a_form_opens_though_its_source_is_down(
    app: Flask, monkeypatch: pytest.MonkeyPatch, shop_file: Path
) -> None:
    silence = "The source “shop” does not answer."

    def fail(*_: object) -> None:
        raise LookupFailed(silence)

    monkeypatch.setattr(lookup.Lookup, "_ask", fail)
    form = form_of(app, "sales-by-month", {"period": "all", "region": "North"})

    assert not form.validate()
    assert form.errors == {
        "region": [f"The choices cannot be read at the moment. {silence}"],
        "period": [silence],
    }
    assert form.presets("period")[-1] == ("all", "Whole period", "", "", False)


def test_yes_and_no_are_shown_as_words(app: Flask) -> None:
    form = form_of(app, "slow-products", initial={"discontinued": "True"})

    assert '<option selected value="yes">Yes</option>' in form["discontinued"]()
    assert '<option value="">' not in form["discontinued"]()


EMPTY = {"period_from": "", "period_until": ""}


def test_a_range_that_was_left_empty_stays_empty(app: Flask) -> None:
    form = form_of(app, "best-customers", initial=EMPTY)

    assert (form["period_from"].data, form["period_until"].data) == (None, None)


def test_a_page_that_sends_the_days_of_a_preset_means_the_preset(app: Flask) -> None:
    """A browser fills the days in itself; of presets with the same days the default is meant."""

    def meant(**sent: str) -> dict[str, str]:
        form: Any = form_of(app, "sales-by-region", {"formats": "csv", **sent}, csrf=True)
        found: dict[str, str] = form.relative()
        return found

    assert meant(period_from="2026-10-01", period_until="2026-10-31") == {"period": "last-month"}
    assert meant(period_from="2023-11-01", period_until="2026-11-20") == {"period": "all"}
    assert meant(period_from="2026-10-01", period_until="2026-10-30") == {}
    assert meant(**EMPTY) == {}
    assert meant(period="this-month") == {"period": "this-month"}


def test_a_program_means_days_as_days_and_names_as_names(app: Flask) -> None:
    days = {"period_from": "2026-10-01", "period_until": "2026-10-31"}

    assert form_of(app, "sales-by-region", days).relative() == {}
    named = form_of(app, "sales-by-region", {"period": "last-month"}).relative()
    assert named == {"period": "last-month"}


def test_the_day_it_is_is_meant_as_today_where_that_is_the_default(app: Flask) -> None:
    def meant(day: str, **more: Any) -> dict[str, str]:
        found: dict[str, str] = form_of(app, "overdue-invoices", {"as_of": day}, **more).relative()
        return found

    assert meant("2026-11-21", csrf=True) == {"as_of": "today"}
    assert meant("2026-11-20", csrf=True) == {}
    assert meant("2026-11-21") == {}
    assert meant("today") == {"as_of": "today"}
    assert meant("yesterday", csrf=True) == {"as_of": "yesterday"}
