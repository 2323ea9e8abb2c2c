"""What a hidden tab asks for instead of a stream."""

import pytest

from tests.people import Person
from tests.web.desk import Desk


def test_a_hidden_tab_hears_what_ended_while_it_was_hidden(
    desk: Desk, staff: Person, colleague: Person
) -> None:
    first = staff.opens("/live/summary").json
    assert first is not None
    assert first["running"] == 0
    assert first["ended"] == []
    desk.succeeded(colleague)
    job_id = desk.failed(staff)
    desk.running(staff)

    news = staff.opens("/live/summary", view="job", id=job_id, since=first["at"]).json

    assert news is not None
    assert news["running"] == 1
    assert news["attention"] == 0
    assert (news["tab"]["job"], news["tab"]["text"]) == (job_id, "✗ Failed Totals")
    assert news["tab"]["sign"] == "state=failed"
    assert news["ended"] == [
        {
            "text": "Totals failed.",
            "tone": "bad",
            "job": job_id,
            "href": f"/jobs/{job_id}",
            "file": None,
            "label": "Open",
        }
    ]


@pytest.mark.parametrize("since", ["", "yesterday", "2026-11-21", "2020-01-01T00:00:00", "9" * 99])
def test_a_hidden_tab_with_a_strange_clock_is_answered(staff: Person, since: str) -> None:
    assert staff.opens("/live/summary", since=since).status_code == 200


def test_the_summary_of_another_persons_job_is_not_given(
    desk: Desk, staff: Person, colleague: Person
) -> None:
    job_id = desk.running(colleague)

    assert staff.opens("/live/summary", view="job", id=job_id).status_code == 404
