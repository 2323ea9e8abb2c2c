"""A mailing from its first e-mail to its last: each recipient once, and a page that can say so."""

import threading
from collections import Counter
from email import message_from_bytes, policy
from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import claim as claims, ending, find, task
from dashboard.jobs.ending import wake
from dashboard.kinds.mailings.bulk.standing import (
    finish,
    pause,
    pause_by_itself,
    resume,
    stop,
)
from dashboard.kinds.mailings.ledger import ClaimLost, Holder, Marks, claim, settle
from dashboard.kinds.mailings.sending.pace import Pace
from dashboard.kinds.mailings.suppressions import suppress
from dashboard.mail import Outcome, Parcel
from dashboard.models import (
    Cause,
    Delivery,
    Fate,
    Job,
    Mailing,
    MailingState,
    User,
    clock,
    transaction,
)
from tests.kinds.mailings.carriers import SENT, Judged
from tests.kinds.mailings.conftest import MakeMailing
from tests.kinds.mailings.real import Sending, sending

SPAM = Outcome("failed", 554, "5.7.1 Spam")


@pytest.fixture
def mailing(any_app: Flask, made_mailing: MakeMailing) -> Sending:
    """Give a mailing to thirty people that waits for its worker."""
    return sending(any_app, made_mailing(30), connections=any_app.config["MAIL_CONNECTIONS"])


def goes_on(app: Flask) -> None:
    """Let what waits be due."""
    with app.app_context():
        with transaction() as session:
            now = clock()
            session.execute(update(Delivery).where(Delivery.due_at > now).values(due_at=now))
        assert wake(db.session.scalars(select(Job.id)).one())


def to(*numbers: int) -> Any:
    """Give what says whether a parcel goes to one of these people."""
    wanted = {f"P{number}@example.org" for number in numbers}
    return lambda parcel: parcel.to in wanted


def test_each_gets_one_filled_in_for_them_with_a_way_to_stop_it(
    any_app: Flask, mailing: Sending
) -> None:
    any_app.config["PUBLIC_URL"] = "https://desk.example.org/"
    carrier = Judged()

    fact = mailing.works(carrier)

    assert (fact.state, fact.result["fates"]) == ("succeeded", {"sent": 30}), fact.error
    assert mailing.state == (MailingState.FINISHED, "")
    assert Counter(parcel.to for parcel in carrier.carried).most_common(1)[0][1] == 1
    (parcel,) = filter(to(7), carrier.carried)
    message = message_from_bytes(parcel.body, policy=policy.default)
    assert message["From"] == "Events <events@example.org>"
    assert message["Reply-To"] == "answers@example.org"
    assert message["Subject"] == "Person 7, come to the fair"
    link = message["List-Unsubscribe"].strip(" <>")
    assert link.startswith("https://desk.example.org/unsubscribe/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "Dear Person 7," in text
    assert link in text
    assert (
        any_app.test_client().post(link.removeprefix("https://desk.example.org")).status_code == 200
    )


def test_who_is_refused_for_now_is_tried_again_later_and_the_slot_is_free_meanwhile(
    any_app: Flask, mailing: Sending
) -> None:
    later = to(3, 4)
    first = Judged(lambda one: Outcome("deferred", 452, "4.2.2 Full") if later(one) else SENT)

    fact = mailing.works(first)

    assert (fact.state, fact.attempt) == ("waiting", 0)
    assert mailing.fates == {"sent": 28, "deferred": 2}
    goes_on(any_app)
    second = Judged()
    assert mailing.works(second).state == "succeeded"
    assert sorted(one.to for one in second.carried) == ["P3@example.org", "P4@example.org"]


def test_a_bad_address_fails_alone_and_gets_no_more_mail(any_app: Flask, mailing: Sending) -> None:
    bad = to(5)
    carrier = Judged(lambda one: Outcome("failed", 550, "5.1.1 Unknown") if bad(one) else SENT)

    fact = mailing.works(carrier)

    assert fact.result["fates"] == {"sent": 29, "failed": 1}
    with any_app.app_context():
        row = db.session.scalars(select(Delivery).where(Delivery.place == 5)).one()
        assert (row.code, row.words, row.reason) == (550, "5.1.1 Unknown", "bad-address")
        assert not suppress("p5@example.org", Cause.BY_HAND)


def test_who_is_cut_off_behind_a_bad_address_has_it_on_the_list_already(
    any_app: Flask, mailing: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    any_app.config["MAIL_CONNECTIONS"] = 1
    real = Marks.mark

    def cut_off(self: Marks, delivery_id: int, fate: Fate, *args: Any, **more: Any) -> bool:
        if fate == Fate.FAILED:
            raise OSError("The power is gone.")
        return real(self, delivery_id, fate, *args, **more)

    monkeypatch.setattr(Marks, "mark", cut_off)
    bad = to(5)

    mailing.works(Judged(lambda one: Outcome("failed", 550, "5.1.1 No") if bad(one) else SENT))

    with any_app.app_context():
        assert not suppress("p5@example.org", Cause.BY_HAND)


def test_the_foot_says_why_in_the_words_of_the_mailing(any_app: Flask, mailing: Sending) -> None:
    with any_app.app_context(), transaction() as session:
        session.execute(update(Mailing).values(why="You have a stand at the fair."))
    carrier = Judged()

    mailing.works(carrier)

    assert b"You have a stand at the fair." in carrier.carried[0].body
    assert b"is on a list of" not in carrier.carried[0].body


def test_a_connection_that_breaks_leaves_one_uncertain_and_the_others_go_on(
    any_app: Flask, mailing: Sending
) -> None:
    broken = to(9)
    carrier = Judged(lambda one: Outcome("uncertain", 0, "Broke off.") if broken(one) else SENT)

    fact = mailing.works(carrier)

    assert fact.result["fates"] == {"sent": 29, "uncertain": 1}
    assert len(carrier.carried) == len({one.to for one in carrier.carried}) == 30


def test_who_asks_for_no_more_while_it_is_sent_gets_none(any_app: Flask, mailing: Sending) -> None:
    any_app.config["MAIL_CONNECTIONS"] = 1

    def ask(one: Parcel) -> Outcome:
        if to(1)(one):
            with any_app.app_context():
                suppress("p20@example.org", Cause.UNSUBSCRIBED)
        return SENT

    fact = mailing.works(Judged(ask))

    assert fact.result["fates"] == {"sent": 29, "suppressed": 1}


def test_who_asks_for_no_more_while_it_waits_for_its_turn_gets_none(
    any_app: Flask, mailing: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    any_app.config["MAIL_CONNECTIONS"] = 1
    turns, marks, real = count(1), count(1), Marks.mark

    def take(self: Pace, limits: object) -> float:
        return 0.01 if next(turns) == 3 else 0.0

    def mark(self: Marks, *args: Any, **more: Any) -> bool:
        is_suppressed = real(self, *args, **more)
        if next(marks) == 2:  # The third has been asked about, and waits.
            suppress("p3@example.org", Cause.UNSUBSCRIBED)
        return is_suppressed

    monkeypatch.setattr(Pace, "take", take)
    monkeypatch.setattr(Marks, "mark", mark)

    fact = mailing.works(Judged())

    assert fact.result["fates"] == {"sent": 29, "suppressed": 1}


def test_one_whose_field_is_missing_fails_and_says_which(any_app: Flask, mailing: Sending) -> None:
    with any_app.app_context(), transaction() as session:
        session.execute(update(Delivery).where(Delivery.place == 2).values(values={}))

    fact = mailing.works(Judged())

    assert fact.result["fates"] == {"sent": 29, "failed": 1}
    with any_app.app_context():
        row = db.session.scalars(select(Delivery).where(Delivery.place == 2)).one()
        assert (row.reason, row.words) == ("content", "There is nothing to fill in for “name”.")


def test_it_pauses_by_itself_where_most_are_refused_and_goes_on_when_somebody_says_so(
    any_app: Flask, mailing: Sending
) -> None:
    any_app.config["MAIL_CONNECTIONS"] = 1

    fact = mailing.works(Judged(lambda one: SPAM))

    assert fact.state == "waiting"
    paused, why = mailing.state
    assert paused == MailingState.PAUSED
    assert "refused 20 of the last 20 e-mails. It said: 5.7.1 Spam" in why
    before = mailing.fates
    assert before["queued"] + before["failed"] == 30
    mailing.presses(resume)
    assert mailing.works(Judged()).state == "succeeded"
    assert mailing.fates == {"failed": before["failed"], "sent": before["queued"]}


def test_a_server_that_lets_nobody_in_pauses_it_and_nobody_is_lost(
    any_app: Flask, mailing: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.kinds.mailings.sending.lane.FIRST_PAUSE", 0.01)
    monkeypatch.setattr("dashboard.kinds.mailings.sending.lane.LONGEST_PAUSE", 0.02)

    mailing.works(Judged(refuses=1000))

    paused, why = mailing.state
    assert paused == MailingState.PAUSED
    assert "could not be reached" in why
    assert "Nobody is there." in why
    assert mailing.fates == {"queued": 30}


def test_a_pause_waits_for_nobody_and_a_stop_is_for_good(any_app: Flask, mailing: Sending) -> None:
    any_app.config["MAIL_CONNECTIONS"] = 1

    def press(one: Parcel) -> Outcome:
        if to(1)(one):
            mailing.presses(pause)
        return SENT

    fact = mailing.works(Judged(press))

    found = mailing.fates
    assert (fact.state, found.get("claimed")) == ("waiting", None)
    assert mailing.state == (MailingState.PAUSED, "Mara has paused the mailing.")
    mailing.presses(stop)
    with any_app.app_context():
        by = db.session.scalars(select(User)).one()
        assert not resume(db.session.get_one(Mailing, mailing.id), by=by)
        assert db.session.scalars(select(Job)).one().state == "cancelled"
    assert mailing.fates == found


def test_what_was_on_its_way_when_the_ledger_failed_is_uncertain_and_not_sent_again(
    any_app: Flask, mailing: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    any_app.config["MAIL_CONNECTIONS"] = 1
    real = Marks.mark

    def fail(self: Marks, delivery_id: int, fate: Fate, *args: Any, **more: Any) -> bool:
        if fate == Fate.SENT and delivery_id % 30 == 4:
            raise OSError("The ledger is away.")
        return real(self, delivery_id, fate, *args, **more)

    first, second = Judged(), Judged()
    with monkeypatch.context() as patch:
        patch.setattr(Marks, "mark", fail)
        mailing.works(first)
    with any_app.app_context():
        job = db.session.scalars(select(Job)).one()
        assert job.state == "failed"
        kind = find("mailing")
        assert kind is not None
        jobs.start(kind, job.params, by=job.requested_by, key="again")
    any_app.extensions["carrier"] = second
    with any_app.app_context():
        task.run.apply(args=["mail"], throw=True)

    everybody = Counter(one.to for one in [*first.carried, *second.carried])
    assert set(everybody.values()) == {1}
    assert mailing.fates == {"sent": 29, "uncertain": 1}


def test_an_attempt_that_was_taken_over_claims_nothing_more(
    any_app: Flask, mailing: Sending
) -> None:
    with any_app.app_context():
        held = claims.claim("mail", worker="w", task_id="t")
        assert held is not None
        old = Holder(held.job.id, held.fence)
        assert len(claim(mailing.id, "1.0", limit=2, holder=old)) == 2
        ending.hand_back(held.job.id, held.fence)

        with pytest.raises(ClaimLost):
            claim(mailing.id, "1.0", holder=old)

        again = claims.claim("mail", worker="w", task_id="t")
        assert again is not None
        with pytest.raises(ClaimLost):
            claim(mailing.id, "1.0", holder=old)
        assert claim(mailing.id, "2.0", limit=1, holder=Holder(again.job.id, again.fence))
        for late in (
            lambda: settle(mailing.id, holder=old),
            lambda: finish(mailing.id, old),
            lambda: pause_by_itself(mailing.id, "Why not.", old),
        ):
            with pytest.raises(ClaimLost):
                late()
    assert mailing.fates == {"claimed": 3, "queued": 27}
    assert mailing.state == (MailingState.SENDING, "")


def test_what_another_attempt_still_has_in_hand_keeps_the_mailing_from_its_end(
    any_app: Flask, mailing: Sending
) -> None:
    def take(one: Parcel) -> Outcome:
        if to(30)(one):  # The last one: nothing is left to claim, but for this.
            with any_app.app_context(), transaction() as session:
                theirs = update(Delivery).where(Delivery.place == 1)
                session.execute(theirs.values(state=Fate.CLAIMED, claim="0.9"))
        return SENT

    any_app.config["MAIL_CONNECTIONS"] = 1

    fact = mailing.works(Judged(take))

    assert mailing.fates == {"sent": 29, "claimed": 1}
    assert fact.state == "waiting"
    assert mailing.state[0] == MailingState.SENDING


def test_a_message_that_no_e_mail_can_have_pauses_the_mailing_and_says_why(
    any_app: Flask, mailing: Sending
) -> None:
    with any_app.app_context(), transaction() as session:
        session.execute(update(Mailing).values(body="{% for one in all %}{{ one }}{% endfor %}"))

    fact = mailing.works(Judged())

    assert fact.state == "failed"
    assert fact.error is not None
    paused, why = mailing.state
    assert (paused, why) == (MailingState.PAUSED, fact.error.what)
    assert mailing.fates == {"queued": 30}


class Silent(Judged):
    """A carrier whose server never answers; an interrupt ends the wait for it."""

    def __init__(self, press: Any) -> None:
        super().__init__(self.wait)
        self.press = press
        self.interrupted = threading.Event()

    def wait(self, parcel: Parcel) -> Outcome:
        """Wait for the interrupt."""
        self.press()
        assert self.interrupted.wait(30)
        return Outcome("uncertain", 0, "It was interrupted.")

    def interrupt(self) -> None:
        """End the wait."""
        self.interrupted.set()


def test_a_server_that_never_answers_holds_up_no_cancel(any_app: Flask, mailing: Sending) -> None:
    any_app.config["MAIL_CONNECTIONS"] = 1

    def press() -> None:
        mailing.presses(stop)

    fact = mailing.works(Silent(press))

    assert fact.state == "cancelled"
    assert mailing.fates == {"uncertain": 1, "queued": 29}
    assert mailing.state[0] == MailingState.STOPPED
