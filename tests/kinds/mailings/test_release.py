"""From a checked draft to sending: every reason against it, and what is typed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from dashboard.kinds.mailings.release import Refused, needs
from dashboard.kinds.mailings.release.numerals import number_of
from dashboard.kinds.mailings.release.timing import NoSuchTime, moment_of
from dashboard.models import (
    Attachment,
    Job,
    MailingState,
    Sender,
    State,
    clock,
    transaction,
)
from tests.kinds.mailings.hall import Hall, other_people, other_sender_name
from tests.kinds.mailings.made import check

BERLIN = ZoneInfo("Europe/Berlin")


def test_a_draft_that_is_whole_is_sent_by_one_job(hall: Hall) -> None:
    hall.sends(a_minute=60)

    mailing = hall.mailing
    (job,) = hall.jobs()
    assert (mailing.state, mailing.job_id, mailing.a_minute) == ("sending", job.id, 60)
    assert mailing.seal is not None
    assert mailing.seal["people"] == 3
    assert mailing.started_at is None
    assert job.idempotency_key == f"mailing:{mailing.id}"
    assert hall.acts() == ["mailing.send"]


def not_a_draft(hall: Hall) -> None:
    hall.changes(state=MailingState.STOPPED)


def changed(hall: Hall) -> None:
    hall.changes(version=9)


def gone_from_storage(hall: Hall) -> None:
    with transaction() as session:
        session.execute(update(Attachment).values(deleted_at=clock()))


def check_running(hall: Hall) -> None:
    with transaction() as session:
        session.execute(update(Job).values(state=State.RUNNING))


def check_failed(hall: Hall) -> None:
    with transaction() as session:
        session.execute(update(Job).values(state=State.FAILED))


def retired(hall: Hall) -> None:
    with transaction() as session:
        session.execute(update(Sender).values(retired_at=clock()))


def for_administrators(hall: Hall) -> None:
    with transaction() as session:
        session.execute(update(Sender).values(roles=["admin"]))


def nobody(hall: Hall) -> None:
    check(hall.mailing_id, 1, bad=[1])


REASONS: dict[str, tuple[Callable[[Hall], Any], str]] = {
    "no-draft": (not_a_draft, "no draft any more"),
    "changed": (changed, "changed since you opened"),
    "other-people": (other_people, "not what would be sent"),
    "other-sender": (other_sender_name, "not what would be sent"),
    "other-file": (
        lambda hall: hall.changes(
            attachments=[{"name": "a.pdf", "media_type": "application/pdf", "sha256": "1"}]
        ),
        "not what would be sent",
    ),
    "no-sender": (lambda hall: hall.changes(sender_id=None), "Choose whom it comes from"),
    "retired": (retired, "Nothing is sent from Events team any more"),
    "not-theirs": (for_administrators, "may not send from Events team"),
    "no-subject": (lambda hall: hall.changes(subject=" "), "Write a subject"),
    "no-message": (lambda hall: hall.changes(body="\n"), "Write a message"),
    "unwritable": (lambda hall: hall.changes(body="{% if a %}"), "not closed"),
    "no-audience": (lambda hall: hall.changes(audience=None), "Choose whom it goes to"),
    "no-check": (lambda hall: hall.changes(check_id=None), "not checked yet"),
    "check-running": (check_running, "being checked"),
    "check-failed": (check_failed, "did not come to its end"),
    "stale": (lambda hall: hall.changes(body="Hello {{ town }}"), "changed since the check"),
    "gone": (gone_from_storage, "not kept"),
    "nobody": (nobody, "nobody to send it to"),
}


@pytest.mark.parametrize("reason", REASONS)
def test_what_is_not_whole_or_was_not_seen_is_not_sent(hall: Hall, reason: str) -> None:
    spoil, words = REASONS[reason]
    read = hall.read
    spoil(hall)
    before = hall.mailing.state

    for act in (hall.sends, hall.asks):
        with pytest.raises(Refused, match=words):
            act(**read)

    assert hall.mailing.state == before
    assert (hall.jobs(), hall.acts()) == ([], [])


def test_who_may_only_look_sends_nothing(hall: Hall) -> None:
    with transaction() as session:
        session.execute(update(Sender).values(roles=["staff", "viewer"]))

    for act in (hall.sends, hall.asks):
        with pytest.raises(Refused, match="not send from its sender"):
            act("Vera")


def test_whoever_does_not_see_it_sends_nothing(hall: Hall) -> None:
    with transaction() as session:
        session.execute(update(Sender).values(roles=["admin"]))

    with pytest.raises(Refused, match="not send from its sender"):
        hall.sends("Jonas")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"at": datetime(2020, 1, 1, tzinfo=UTC)}, "has passed"),
        ({"at": datetime.now(UTC) + timedelta(days=500)}, "within a year"),
        ({"a_minute": 0}, "At least one"),
        ({"a_minute": 601}, "At most 600 a minute"),
    ],
)
def test_a_time_or_a_speed_that_cannot_be_is_refused(
    hall: Hall, wrong: dict[str, Any], words: str
) -> None:
    hall.app.config["MAIL_A_MINUTE"] = 600

    for act in (hall.sends, hall.asks):
        with pytest.raises(Refused, match=words):
            act(**wrong)

    assert hall.mailing.state == MailingState.DRAFT


def test_many_are_sent_only_with_their_number_typed(hall: Hall) -> None:
    hall.app.config["MAIL_CONFIRM_ABOVE"] = 2
    assert needs(3) == (True, False)
    assert needs(2) == (False, False)

    for wrong in ("", "2", "three", "33"):
        with pytest.raises(Refused, match="Type the number"):
            hall.sends(typed=wrong)
    hall.sends(typed=" 3 ")

    assert hall.mailing.state == MailingState.SENDING


@pytest.mark.parametrize("typed", ["1231", "1,231", "1.231", "1 231", "1’231", "1\u202f231"])
def test_a_number_is_read_with_whatever_stands_between_its_thousands(typed: str) -> None:
    assert number_of(typed) == 1231


@pytest.mark.parametrize("typed", ["", "-1231", "12e3", "½", "9" * 5000])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert number_of(typed) != 1231


def test_an_hour_is_meant_by_the_clock_where_somebody_lives() -> None:
    summer = moment_of(date(2026, 7, 1), time(9, 0), BERLIN)
    winter = moment_of(date(2026, 12, 1), time(9, 0), BERLIN)

    assert (summer.hour, winter.hour) == (7, 8)


def test_an_hour_may_be_left_out_by_the_clocks_and_one_that_comes_twice_is_the_first() -> None:
    with pytest.raises(NoSuchTime):
        moment_of(date(2026, 3, 29), time(2, 30), BERLIN)

    twice = moment_of(date(2026, 10, 25), time(2, 30), BERLIN)

    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
