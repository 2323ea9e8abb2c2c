"""A time zone that the machine does not know any more is the desk's, wherever days are read."""

import pytest
from flask import Flask

from dashboard.kinds.reports import person
from tests.kinds.reports.desk import Desk
from tests.people import words

GONE = "Mars/Olympus"


@pytest.fixture(autouse=True)
def _gone(app: Flask, desk: Desk) -> None:
    app.config["TIME_ZONE"] = "Asia/Tokyo"
    desk.moves_to(GONE)


def test_the_start_form_names_the_zone_whose_days_are_meant(desk: Desk) -> None:
    page = desk.person.opens("/new/sales-by-month")

    assert page.status_code == 200
    assert "Days are those of Asia/Tokyo." in words(page.text)
    assert GONE not in words(page.text)


def test_a_report_is_made_in_each_format_all_the_same(desk: Desk) -> None:
    done = desk.asks("sales-by-month", formats=("csv", "xlsx", "pdf"), period="last-year")

    assert done.fact.state == "succeeded", done.fact.error


def test_nobody_at_the_page_has_the_zone_of_the_desk(app: Flask) -> None:
    with app.app_context():
        assert person.zone().key == "Asia/Tokyo"
    with app.test_request_context():
        assert person.zone().key == "Asia/Tokyo"
