"""What two people make of a draft: asked for, approved, declined, taken back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from dashboard import jobs
from dashboard.extensions import db
from dashboard.kinds.mailings import release
from dashboard.kinds.mailings.release import Refused
from dashboard.models import (
    Notice,
)
from tests.kinds.mailings.hall import Hall, other_people, other_sender_name


def test_very_many_are_sent_only_once_somebody_else_approves(hall: Hall) -> None:
    hall.app.config["MAIL_APPROVE_ABOVE"] = 2
    with pytest.raises(Refused, match="approval of a second person"):
        hall.sends()

    hall.asks()
    asked = hall.mailing
    assert (asked.state, asked.asked_by_id, hall.jobs()) == ("asked", hall.ids["Mara"], [])
    with pytest.raises(Refused, match="asked for it yourself"):
        hall.approves("Mara")
    with pytest.raises(Refused, match="no draft any more"):
        hall.sends()
    hall.approves("Jonas")

    mailing = hall.mailing
    (job,) = hall.jobs()
    assert (mailing.state, mailing.job_id) == ("sending", job.id)
    assert mailing.approved_by_id == hall.ids["Jonas"]
    assert job.requested_by_id == hall.ids["Jonas"]
    assert jobs.fact_of(job).followers == [hall.ids["Mara"]]
    assert hall.acts() == ["mailing.ask", "mailing.approve"]


def test_whoever_may_approve_is_written_to_and_whoever_asked_hears_of_it(hall: Hall) -> None:
    hall.asks()
    hall.approves()

    query = select(Notice.user_id, Notice.subject).where(Notice.subject.is_not(None))
    told = {
        (row.user_id, (row.subject or "").partition(":")[0]) for row in db.session.execute(query)
    }
    assert told == {
        (hall.ids["Jonas"], "Please approve"),
        (hall.ids["Ada"], "Please approve"),
        (hall.ids["Mara"], "Approved"),
    }


@pytest.mark.parametrize(
    "spoil",
    [
        lambda hall: hall.changes(body="Another message"),
        lambda hall: hall.changes(
            attachments=[{"name": "a.pdf", "media_type": "application/pdf", "sha256": "1"}]
        ),
        lambda hall: hall.changes(audience={"origin": "list", "id": "7"}),
        other_sender_name,
        other_people,
    ],
    ids=["body", "attachment", "audience", "sender", "people"],
)
def test_what_was_approved_is_what_is_sent(hall: Hall, spoil: Callable[[Hall], Any]) -> None:
    hall.asks()
    read = hall.read
    spoil(hall)

    with pytest.raises(Refused, match="changed since approval was asked"):
        hall.approves(**read)

    assert (hall.mailing.state, hall.jobs()) == ("asked", [])


def test_an_approval_is_of_what_its_page_has_shown(hall: Hall) -> None:
    hall.asks()

    with pytest.raises(Refused, match="not what would be sent"):
        hall.approves(seen="0" * 64)
    with pytest.raises(Refused, match="changed since you opened"):
        hall.approves(version=1)


def test_what_is_approved_too_late_is_not_sent_at_another_time(hall: Hall) -> None:
    hall.asks(at=datetime.now(UTC) + timedelta(hours=1))
    hall.changes(send_at=datetime.now(UTC) - timedelta(seconds=1))

    with pytest.raises(Refused, match="has passed"):
        hall.approves()


def test_declined_it_is_a_draft_again_and_says_why(hall: Hall) -> None:
    hall.asks(at=datetime.now(UTC) + timedelta(hours=1))
    with pytest.raises(Refused, match="Say why"):
        hall.declines("Ada", " ")
    with pytest.raises(Refused, match="yourself"):
        hall.declines("Mara", "Wrong date")

    hall.declines("Ada", "Wrong  date")

    mailing = hall.mailing
    assert (mailing.state, mailing.seal, mailing.send_at) == ("draft", None, None)
    assert mailing.paused_why == "Ada has declined it: Wrong date"
    texts = db.session.scalars(select(Notice.text).where(Notice.user_id == hall.ids["Mara"]))
    assert any("Wrong date" in (text or "") for text in texts)
    hall.sends()
    assert hall.mailing.paused_why == ""


def test_only_whoever_asked_takes_it_back(hall: Hall) -> None:
    hall.asks()
    for other in ("Jonas", "Ada"):
        with pytest.raises(Refused, match="Only the person who asked"):
            release.take_back(hall.mailing_id, by=hall.who(other), version=hall.read["version"])

    release.take_back(hall.mailing_id, by=hall.who("Mara"), version=hall.read["version"])

    assert (hall.mailing.state, hall.mailing.asked_by_id) == ("draft", None)
    with pytest.raises(Refused, match="Nobody asks"):
        hall.approves()
