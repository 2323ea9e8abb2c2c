"""Formats in whatever order they are named are the same choice."""

from itertools import permutations

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.models import Job
from tests.people import Person, words

NAMED = ["csv", "xlsx", "pdf"]
ORDERS = [list(order) for order in permutations(NAMED)]


def kept(app: Flask) -> list[tuple[list[str], str]]:
    """Give the formats of each job, and the hash of its choices."""
    with app.app_context():
        jobs = db.session.scalars(select(Job).order_by(Job.serial))
        return [(job.params["formats"], job.choice_hash) for job in jobs]


def test_a_program_names_them_in_any_order(app: Flask, staff: Person) -> None:
    for formats in ORDERS:
        assert staff.calls("POST", "/jobs/totals", json={"formats": formats}).status_code == 202

    (hash_of_all,) = {hash_of_one for _, hash_of_one in kept(app)}
    assert kept(app) == [(NAMED, hash_of_all)] * len(ORDERS)


@pytest.mark.parametrize("formats", ORDERS[1:])
def test_a_page_that_names_them_in_another_order_is_told_of_the_same_job(
    app: Flask, staff: Person, formats: list[str]
) -> None:
    assert staff.sends("/new/totals", formats=NAMED).status_code == 303

    answer = staff.sends("/new/totals", formats=formats)

    assert "You started this with the same choices" in words(answer.text)
    assert [named for named, _ in kept(app)] == [NAMED]


def test_one_that_is_unknown_is_still_named(staff: Person) -> None:
    sent = {"formats": ["xlsx", "docx", "csv", "docx"]}
    answer = staff.calls("POST", "/jobs/totals", json=sent)

    assert answer.status_code == 422
    assert answer.json is not None
    assert [error["message"] for error in answer.json["errors"]] == [
        "“docx” is no format of this report."
    ]
