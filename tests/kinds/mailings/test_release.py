"""From a checked draft to sending: every reason against it, and what two people make of it."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select, update

from dashboard import jobs
from dashboard.extensions import db
from dashboard.kinds.mailings import release
from dashboard.kinds.mailings.bulk.begin import mend
from dashboard.kinds.mailings.release import Refused, mark_of, needs, present_seal
from dashboard.kinds.mailings.release.numerals import number_of
from dashboard.kinds.mailings.release.timing import NoSuchTime, moment_of
from dashboard.models import (
    Attachment,
    AuditEntry,
    Job,
    Mailing,
    MailingState,
    Notice,
    Role,
    Sender,
    State,
    User,
    clock,
    transaction,
)
from dashboard.web.users import add_user
from tests.kinds.mailings.made import check, make_draft

BERLIN = ZoneInfo("Europe/Berlin")


class Hall:
    """Mara, who writes; Jonas, who may approve; Ada, who looks after the desk; Vera, who looks."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        people = {"Mara": Role.STAFF, "Jonas": Role.STAFF, "Ada": Role.ADMIN, "Vera": Role.VIEWER}
        self.ids = {
            name: add_user(f"{name.lower()}@example.org", name, role, "secret secret").id
            for name, role in people.items()
        }
        self.mailing_id = make_draft(self.ids["Mara"])

    def who(self, name: str) -> User:
        """Give a person."""
        return db.session.get_one(User, self.ids[name])

    @property
    def mailing(self) -> Mailing:
        """The mailing as the ledger has it."""
        return db.session.get_one(Mailing, self.mailing_id, populate_existing=True)

    @property
    def read(self) -> dict[str, Any]:
        """What a form says of the mailing as it is shown now."""
        mailing = self.mailing
        seal = present_seal(mailing) if mailing.state == MailingState.DRAFT else mailing.seal
        return {"version": mailing.version, "seen": mark_of(seal)}

    def sends(self, name: str = "Mara", **more: Any) -> None:
        """Press “Send”."""
        release.send(self.mailing_id, **{"by": self.who(name), **self.read, **more})

    def asks(self, name: str = "Mara", **more: Any) -> None:
        """Press “Ask for approval”."""
        release.ask(self.mailing_id, **{"by": self.who(name), **self.read, **more})

    def approves(self, name: str = "Jonas", **more: Any) -> None:
        """Press “Approve and send”."""
        release.approve(self.mailing_id, **{"by": self.who(name), **self.read, **more})

    def declines(self, name: str, note: str) -> None:
        """Press “Decline”."""
        version = self.mailing.version
        release.decline(self.mailing_id, by=self.who(name), version=version, note=note)

    def changes(self, **values: Any) -> None:
        """Change the mailing behind everybody's back."""
        with transaction() as session:
            session.execute(update(Mailing).where(Mailing.id == self.mailing_id).values(**values))

    def jobs(self) -> list[Job]:
        """Give the jobs that send mailings."""
        return list(db.session.scalars(select(Job).where(Job.kind == "mailing")))

    def acts(self) -> list[str]:
        """Give what is written down of it."""
        query = select(AuditEntry.action).where(AuditEntry.action.startswith("mailing."))
        return list(db.session.scalars(query.order_by(AuditEntry.id)))


@pytest.fixture
def hall(any_app: Flask) -> Iterator[Hall]:
    """Give a draft to three people, and those who are concerned."""
    with any_app.app_context():
        yield Hall(any_app)


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


def other_people(hall: Hall) -> None:
    check(hall.mailing_id, 2)


def other_sender_name(hall: Hall) -> None:
    with transaction() as session:
        session.execute(update(Sender).values(name="Somebody else"))


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


def test_an_hour_is_meant_by_the_clock_where_somebody_lives() -> None:
    summer = moment_of(date(2026, 7, 1), time(9, 0), BERLIN)
    winter = moment_of(date(2026, 12, 1), time(9, 0), BERLIN)

    assert (summer.hour, winter.hour) == (7, 8)


def test_an_hour_may_be_left_out_by_the_clocks_and_one_that_comes_twice_is_the_first() -> None:
    with pytest.raises(NoSuchTime):
        moment_of(date(2026, 3, 29), time(2, 30), BERLIN)

    twice = moment_of(date(2026, 10, 25), time(2, 30), BERLIN)

    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
