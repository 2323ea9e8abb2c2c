"""The first rows, on a finished job's page and on a form, in the manner of whoever reads them."""

import re

import pytest
from flask import Flask

from dashboard.models import Job, User, transaction
from tests.people import Person
from tests.web.desk import Desk


@pytest.fixture
def german(app: Flask, staff: Person) -> Person:
    """Give somebody who reads as in Germany."""
    with app.app_context(), transaction() as session:
        session.get_one(User, staff.id).locale = "de-DE"
    return staff


def test_first_rows_are_written_as_their_reader_writes_numbers(
    app: Flask, desk: Desk, german: Person
) -> None:
    job_id = desk.succeeded(german)
    preview = {
        "columns": [["Article", "text"], ["Orders", "integer"], ["Share", "percent"]],
        "rows": [["1,787", "1,787", "2.9%"]],
        "numbers": [False, True, True],
    }

    def cells(preview: dict[str, object]) -> list[str]:
        with app.app_context(), transaction() as session:
            session.query(Job).one().result = {"rows": 1, "preview": preview}
        table = german.opens(f"/jobs/{job_id}").text.partition('id="job-rows"')[2]
        return re.findall(r"<td[^>]*>([^<]*)</td>", table)[:3]

    assert cells(preview) == ["1,787", "1.787", "2,9\xa0%"]
    # Older ones do not say which are numbers for certain.
    del preview["numbers"]
    assert cells(preview) == ["1,787", "1,787", "2.9%"]


def test_the_first_rows_of_a_form_are_written_as_their_reader_writes_numbers(
    german: Person,
) -> None:
    answer = german.sends("/new/totals/preview", "/new/totals", formats="csv")

    assert re.findall(r'<td class="number">([^<]*)</td>', answer.text) == ["130,00", "80,00"]
