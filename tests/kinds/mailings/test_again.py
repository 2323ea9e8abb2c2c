"""Sending to some once more: a person's decision, and nobody gets it twice without one."""

from collections import Counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from dashboard.extensions import db
from dashboard.jobs import task
from dashboard.kinds.mailings.ledger import Marks, claim, counts
from dashboard.mail import Parcel
from dashboard.models import AuditEntry, Delivery, Fate, Mailing, MailingState, clock, transaction
from tests.kinds.mailings.carriers import SENT, Judged
from tests.kinds.mailings.watching import jobs_of, made, state_of, with_job
from tests.people import Person, words

OVER = {Fate.SENT: 4, Fate.FAILED: 3, Fate.UNCERTAIN: 2}


@pytest.fixture
def mara(any_app: Flask) -> Person:
    """Give a colleague, on each database in turn."""
    return Person.joins(any_app, "Mara Keller")


@pytest.fixture
def finished(any_app: Flask, mara: Person) -> int:
    """Give a finished mailing whose job has ended well; one of three failures is for good."""
    mailing = made(any_app, mara.id, {Fate.QUEUED: 9})
    with_job(any_app, mailing)
    works(any_app, Judged())
    with any_app.app_context(), transaction() as session:
        for place, (code, said, reason) in {
            5: (550, "5.1.1 Unknown", "bad-address"),
            6: (554, "5.7.1 Spam", "refused-as-spam"),
            7: (452, "4.2.2 Full", "mailbox-full"),
        }.items():
            values = {"state": Fate.FAILED, "code": code, "words": said, "reason": reason}
            _set(session, place, **values)
        for place in (8, 9):
            _set(session, place, state=Fate.UNCERTAIN, code=None, words="Broke off.")
    assert state_of(any_app, mailing) == MailingState.FINISHED
    return mailing


def _set(session: Any, place: int, **values: Any) -> None:
    session.execute(update(Delivery).where(Delivery.place == place).values(**values))


def works(app: Flask, carrier: Judged) -> None:
    """Let a worker do one attempt at what waits."""
    app.extensions["carrier"] = carrier
    with app.app_context():
        task.run.apply(args=["mail"], throw=True)


def fates(app: Flask, mailing: int) -> dict[str, int]:
    """Give the number of deliveries by their fates."""
    with app.app_context():
        return {fate.value: number for fate, number in counts(mailing).items() if number}


def test_those_that_failed_are_tried_again_but_not_where_it_would_change_nothing(
    any_app: Flask, mara: Person, finished: int
) -> None:
    page = mara.opens(f"/mailings/{finished}")
    assert "Retry 2" in words(page.text)
    assert "1 is not tried again" in words(page.text)

    answer = mara.sends(f"/mailings/{finished}/retry", f"/mailings/{finished}")

    assert answer.status_code == 303
    assert "2 e-mails are sent again." in words(mara.opens(f"/mailings/{finished}").text)
    assert state_of(any_app, finished) == MailingState.SENDING
    carrier = Judged()
    works(any_app, carrier)
    assert sorted(one.to for one in carrier.carried) == ["P6@example.org", "P7@example.org"]
    assert fates(any_app, finished) == {"sent": 6, "failed": 1, "uncertain": 2}
    assert state_of(any_app, finished) == MailingState.FINISHED
    assert jobs_of(any_app) == ["succeeded", "succeeded"]


def test_what_became_of_the_first_try_is_kept_and_the_next_has_all_its_patience(
    any_app: Flask, mara: Person, finished: int
) -> None:
    mara.sends(f"/mailings/{finished}/retry", f"/mailings/{finished}")

    with any_app.app_context():
        one = db.session.scalars(select(Delivery).where(Delivery.place == 6)).one()
        assert (one.state, one.tries, one.code, one.reason) == (Fate.QUEUED, 0, None, None)
        assert one.past is not None
        ((at, fate, code, said),) = one.past
        assert at
        assert (fate, code, said) == ("failed", 554, "5.7.1 Spam")
        person = one.id
    works(any_app, Judged())
    page = words(mara.opens(f"/mailings/{finished}/people/{person}").text)
    assert "554 5.7.1 Spam" in page
    assert page.index("takes the message for spam") < page.index("The mail server took it.")


def test_the_uncertain_get_it_again_under_the_same_number_once_somebody_has_confirmed(
    any_app: Flask, mara: Person, finished: int
) -> None:
    page = mara.opens(f"/mailings/{finished}", show="uncertain").text
    assert "Resend to the 2 uncertain" in words(page)
    asked = words(mara.opens(f"/mailings/{finished}/resend").text)
    assert "Some of them may get it twice." in asked
    assert fates(any_app, finished)["uncertain"] == 2

    mara.sends(f"/mailings/{finished}/resend")

    carrier = Judged()
    works(any_app, carrier)
    assert sorted(one.to for one in carrier.carried) == ["P8@example.org", "P9@example.org"]
    for one in carrier.carried:
        place = one.to[1]
        assert f"Message-ID: <{finished}.{place}@example.org>".encode() in one.body
    with any_app.app_context():
        acts = db.session.scalars(
            select(AuditEntry.detail).where(AuditEntry.action.like("mailing.re%"))
        )
        assert acts.all() == [{"mailing": finished, "recipients": 2}]


def test_to_press_twice_sends_once(any_app: Flask, mara: Person, finished: int) -> None:
    for _ in range(2):
        mara.sends(f"/mailings/{finished}/retry", f"/mailings/{finished}")
    mara.sends(f"/mailings/{finished}/resume", f"/mailings/{finished}")

    assert jobs_of(any_app) == ["succeeded", "queued"]
    carrier = Judged()
    works(any_app, carrier)
    assert max(Counter(one.to for one in carrier.carried).values()) == 1


def test_while_it_is_sent_nobody_loses_what_a_sender_has_in_hand(
    any_app: Flask, mara: Person, finished: int
) -> None:
    with any_app.app_context():
        with transaction() as session:
            session.execute(update(Mailing).values(state=MailingState.SENDING))
            _set(session, 1, state=Fate.QUEUED)
        (held,) = claim(finished, "7.0")

    mara.sends(f"/mailings/{finished}/retry", f"/mailings/{finished}")
    mara.sends(f"/mailings/{finished}/resend", f"/mailings/{finished}")

    assert fates(any_app, finished) == {"sent": 3, "failed": 1, "claimed": 1, "queued": 4}
    with any_app.app_context(), Marks("7.0") as marks:
        marks.mark(held.id, Fate.SENT, clock(), code=250, words="Ok")
        assert len(claim(finished, "7.0")) == 4


def test_a_sender_at_work_finds_those_that_were_put_back(
    any_app: Flask, mara: Person, finished: int
) -> None:
    any_app.config["MAIL_CONNECTIONS"] = 1
    with any_app.app_context(), transaction() as session:
        session.execute(update(Mailing).values(state=MailingState.SENDING, job_id=None))
        _set(session, 1, state=Fate.QUEUED)
    mara.sends(f"/mailings/{finished}/resume", "/account")

    def press(parcel: Parcel) -> Any:
        if parcel.to == "P1@example.org":
            mara.sends(f"/mailings/{finished}/retry", "/account")
        return SENT

    carrier = Judged(press)
    works(any_app, carrier)

    assert sorted(one.to[1] for one in carrier.carried) == ["1", "6", "7"]
    assert state_of(any_app, finished) == MailingState.FINISHED


def test_while_it_has_paused_they_wait_for_resume(
    any_app: Flask, mara: Person, finished: int
) -> None:
    with any_app.app_context(), transaction() as session:
        session.execute(update(Mailing).values(state=MailingState.PAUSED))

    mara.sends(f"/mailings/{finished}/retry", f"/mailings/{finished}")

    page = words(mara.opens(f"/mailings/{finished}").text)
    assert "as soon as somebody presses “Resume”" in page
    assert state_of(any_app, finished) == MailingState.PAUSED
    assert jobs_of(any_app) == ["succeeded"]


def test_one_that_was_stopped_stays_so(any_app: Flask, mara: Person, finished: int) -> None:
    with any_app.app_context(), transaction() as session:
        session.execute(update(Mailing).values(state=MailingState.STOPPED))
    before = fates(any_app, finished)

    for act in ("retry", "resend", "resume"):
        mara.sends(f"/mailings/{finished}/{act}", "/account")

    assert fates(any_app, finished) == before
    assert state_of(any_app, finished) == MailingState.STOPPED
    assert "Retry" not in words(mara.opens(f"/mailings/{finished}").text)


def test_pause_and_stop_are_pressed_on_the_page(any_app: Flask, mara: Person) -> None:
    mailing = made(any_app, mara.id, {Fate.QUEUED: 3})
    with_job(any_app, mailing)

    mara.sends(f"/mailings/{mailing}/pause", f"/mailings/{mailing}")
    assert "Mara Keller has paused the mailing." in words(mara.opens(f"/mailings/{mailing}").text)
    mara.sends(f"/mailings/{mailing}/resume", f"/mailings/{mailing}")
    assert state_of(any_app, mailing) == MailingState.SENDING
    asked = words(mara.opens(f"/mailings/{mailing}/stop").text)
    assert "Stop before the last 3 e-mails" in asked
    mara.sends(f"/mailings/{mailing}/stop")

    assert state_of(any_app, mailing) == MailingState.STOPPED
    assert jobs_of(any_app) == ["cancelled"]
