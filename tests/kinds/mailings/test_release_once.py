"""However many press at once and whatever is killed meanwhile: a mailing is sent by one job."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from dashboard import jobs
from dashboard.extensions import db
from dashboard.kinds.mailings import release
from dashboard.kinds.mailings.bulk.begin import mend
from dashboard.kinds.mailings.release import Refused
from dashboard.models import (
    MailingState,
    clock,
)
from tests.kinds.mailings.hall import Hall


def together(app: Flask, *acts: Callable[[], None]) -> list[str]:
    """Let people press at the same moment; gives what those are told who are refused."""
    gate, told = threading.Barrier(len(acts)), []

    def press(act: Callable[[], None]) -> None:
        with app.app_context():
            gate.wait(30)
            try:
                act()
            except Refused as error:
                told.append(str(error))

    threads = [threading.Thread(target=press, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return told


def test_of_many_who_press_at_once_one_sends(hall: Hall) -> None:
    read = hall.read
    db.session.rollback()

    told = together(
        hall.app,
        *(lambda name=name: hall.sends(name, **read) for name in ("Mara", "Jonas", "Ada") * 2),
    )

    assert len(told) == 5, told
    assert len(hall.jobs()) == 1
    assert hall.acts() == ["mailing.send"]


def test_of_an_approval_and_a_decline_at_once_one_counts(hall: Hall) -> None:
    hall.asks()
    read = hall.read
    db.session.rollback()

    told = together(
        hall.app,
        lambda: hall.approves("Jonas", **read),
        lambda: release.decline(
            hall.mailing_id, by=hall.who("Ada"), version=read["version"], note="No"
        ),
    )

    assert len(told) == 1
    db.session.rollback()
    sent = hall.mailing.state == MailingState.SENDING
    assert len(hall.jobs()) == sent
    assert hall.acts()[1:] == ["mailing.approve" if sent else "mailing.decline"]


def test_whoever_has_too_many_jobs_is_refused_and_nothing_is_changed(hall: Hall) -> None:
    hall.app.config["MAX_ACTIVE_JOBS"] = 0
    version = hall.mailing.version

    with pytest.raises(Refused, match="not finished"):
        hall.sends()

    assert (hall.mailing.state, hall.mailing.version) == ("draft", version)
    assert hall.acts() == []


def test_where_the_last_room_is_taken_meanwhile_the_job_begins_once_there_is_room(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.kinds.mailings.release.acts.check_room", lambda by: None)
    hall.app.config["MAX_ACTIVE_JOBS"] = 0
    hall.sends()
    assert (hall.mailing.state, hall.mailing.job_id) == ("sending", None)

    hall.changes(changed_at=clock() - timedelta(minutes=1))
    mend()
    assert hall.jobs() == []
    hall.app.config["MAX_ACTIVE_JOBS"] = 1
    mend()

    assert hall.mailing.job_id == hall.jobs()[0].id


class Crash(BaseException):
    """The process dies."""


def die(*args: Any, **kwargs: Any) -> None:
    """Die."""
    raise Crash


def test_a_crash_before_its_job_leaves_a_mailing_that_gets_it_from_the_scheduler(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("dashboard.kinds.mailings.release.acts.begin", die)
        with pytest.raises(Crash):
            hall.sends()
    assert (hall.mailing.state, hall.jobs()) == ("sending", [])

    mend()  # Too early: whoever pressed may be about to begin it.
    assert hall.jobs() == []
    hall.changes(changed_at=clock() - timedelta(minutes=1))
    mend()
    mend()

    assert hall.mailing.job_id == hall.jobs()[0].id
    assert len(hall.jobs()) == 1


def test_a_crash_behind_its_job_leaves_a_mailing_that_finds_the_same_one(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = jobs.start

    def start_and_die(*args: Any, **kwargs: Any) -> None:
        real(*args, **kwargs)
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "start", start_and_die)
        with pytest.raises(Crash):
            hall.sends()
    db.session.rollback()
    assert hall.mailing.job_id is None
    hall.changes(changed_at=clock() - timedelta(minutes=1))

    mend()

    assert [job.id for job in hall.jobs()] == [hall.mailing.job_id]


def test_a_draft_again_leaves_no_job_behind_and_can_be_sent_anew(hall: Hall) -> None:
    hall.sends(at=datetime.now(UTC) + timedelta(hours=1))
    release.reopen(hall.mailing_id, by=hall.who("Jonas"), version=hall.read["version"])

    assert (hall.mailing.state, hall.mailing.send_at) == ("draft", None)
    assert [job.state for job in hall.jobs()] == ["cancelled"]
    hall.sends()

    states = {job.idempotency_key: job.state for job in hall.jobs()}
    number = hall.mailing_id
    assert states == {f"mailing:{number}": "cancelled", f"mailing:{number}:2": "queued"}


def test_a_crash_behind_making_it_a_draft_keeps_nobody_from_sending_it_again(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.sends(at=datetime.now(UTC) + timedelta(hours=1))
    with monkeypatch.context() as patch:
        patch.setattr("dashboard.kinds.mailings.release.acts.cancel", die)
        with pytest.raises(Crash):
            release.reopen(hall.mailing_id, by=hall.who("Mara"), version=hall.read["version"])
    assert [job.state for job in hall.jobs()] == ["queued"]

    hall.sends()

    assert sorted(job.state for job in hall.jobs()) == ["cancelled", "queued"]
    assert hall.mailing.state == MailingState.SENDING
