"""The page of a mailing says how it stands, and what became of whom."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from dashboard.extensions import db
from dashboard.kinds.mailings.suppressions import suppress
from dashboard.kinds.mailings.watch.bar import LENGTH, pieces
from dashboard.kinds.mailings.watch.lines import PAGE
from dashboard.kinds.mailings.watch.speed import Speed, speed_of
from dashboard.models import (
    Cause,
    Delivery,
    Fate,
    Job,
    Mailing,
    MailingState,
    State,
    clock,
    transaction,
)
from tests.kinds.mailings.watching import made, with_job
from tests.people import Person, words
from tests.web.test_queries import counted

EVERY = {
    Fate.SENT: 5,
    Fate.FAILED: 2,
    Fate.SUPPRESSED: 1,
    Fate.UNCERTAIN: 3,
    Fate.DEFERRED: 1,
    Fate.QUEUED: 6,
    Fate.CLAIMED: 2,
}
COUNTER = re.compile(r'data-sort="(\w+)"[^>]*href="[^"]*"><b>([\d,]+)</b>')


@pytest.fixture
def mara(any_app: Flask) -> Person:
    """Give a colleague, on each database in turn."""
    return Person.joins(any_app, "Mara Keller")


def runs(app: Flask, mailing_id: int) -> None:
    """Let a worker hold the job of a mailing."""
    with_job(app, mailing_id)
    with app.app_context(), transaction() as session:
        session.execute(update(Job).values(state=State.RUNNING, started_at=clock()))


def changes(app: Flask, mailing_id: int, **values: object) -> None:
    """Write *values* into the row of a mailing."""
    with app.app_context(), transaction() as session:
        session.execute(update(Mailing).where(Mailing.id == mailing_id).values(**values))


def test_each_counter_counts_its_fates_and_leads_to_them(any_app: Flask, mara: Person) -> None:
    mailing = made(any_app, mara.id, EVERY)
    runs(any_app, mailing)

    page = mara.opens(f"/mailings/{mailing}")

    assert page.status_code == 200
    assert dict(COUNTER.findall(page.text)) == {
        "sent": "5",
        "failed": "2",
        "suppressed": "1",
        "uncertain": "3",
        "deferred": "1",
        "left": "8",
    }
    assert "Sending to 20 people 55%" in words(page.text)
    assert 'data-again="1"' in page.text
    for name, number in COUNTER.findall(page.text):
        shown = mara.opens(f"/mailings/{mailing}", show=name).text
        assert re.search(rf'data-sort="{name}" aria-current="true"', shown)
        assert shown.count('<tr id="delivery-') == int(number)


def test_a_recipient_is_told_of_in_plain_words_beside_those_of_the_server(
    any_app: Flask, mara: Person
) -> None:
    mailing = made(any_app, mara.id, EVERY)

    failed = words(mara.opens(f"/mailings/{mailing}", show="failed").text)
    uncertain = words(mara.opens(f"/mailings/{mailing}", show="uncertain").text)

    assert "P6@example.org The mail server takes the message for spam." in failed
    assert "554 5.7.1 Spam" in failed
    assert "It may have arrived" in uncertain


def test_the_pages_of_a_sort_hold_each_of_its_recipients_once(any_app: Flask, mara: Person) -> None:
    number = 2 * PAGE + 3
    mailing = made(any_app, mara.id, {Fate.SENT: number, Fate.FAILED: 4})
    path, seen = f"/mailings/{mailing}?show=sent", list[str]()

    while path:
        page = mara.client.get(path).text
        seen += re.findall(r'<tr id="delivery-(\d+)"', page)
        found = re.search(r'href="([^"]*after=\d+)">Next', page)
        path = found[1].replace("&amp;", "&") if found else ""

    assert len(seen) == len(set(seen)) == number


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (MailingState.PAUSED, "Mara has paused the mailing."),
        (MailingState.FINISHED, "5 of 20 people were sent it."),
        (MailingState.STOPPED, "This mailing was stopped."),
    ],
)
def test_each_state_is_said_in_words(
    any_app: Flask, mara: Person, state: MailingState, says: str
) -> None:
    mailing = made(any_app, mara.id, EVERY, state=state, paused_why="Mara has paused the mailing.")

    page = mara.opens(f"/mailings/{mailing}")

    assert says in words(page.text)
    assert ("data-again" in page.text) == (state == MailingState.PAUSED)
    assert ("Stop sending" in page.text) == (state == MailingState.PAUSED)


def test_one_that_waits_for_its_time_says_when(any_app: Flask, mara: Person) -> None:
    with any_app.app_context():
        soon = clock() + timedelta(days=2)
    mailing = made(
        any_app, mara.id, {}, send_at=soon, frozen_at=None, started_at=None, seal={"people": 1231}
    )
    with_job(any_app, mailing)

    page = words(mara.opens(f"/mailings/{mailing}").text)

    assert "It waits for its time:" in page
    assert "To 1,231 people" in page


def test_one_whose_recipients_are_written_down_says_so(any_app: Flask, mara: Person) -> None:
    mailing = made(any_app, mara.id, {Fate.QUEUED: 3}, frozen_at=None, seal={"people": 10})
    runs(any_app, mailing)

    page = mara.opens(f"/mailings/{mailing}").text

    assert "Preparing" in words(page)
    assert "To 10 people" in words(page)
    assert dict(COUNTER.findall(page))["left"] == "10"


def test_one_that_has_paused_by_itself_says_why(any_app: Flask, mara: Person) -> None:
    why = "The mail server refused 20 of the last 20 e-mails. It said: <b>5.7.1</b>"
    mailing = made(any_app, mara.id, EVERY, state=MailingState.PAUSED, paused_why=why)

    page = mara.opens(f"/mailings/{mailing}").text

    assert "The mailing has paused by itself." in page
    assert "It said: &lt;b&gt;5.7.1" in page


def test_one_whose_job_has_ended_says_that_nobody_sends_it(any_app: Flask, mara: Person) -> None:
    mailing = made(any_app, mara.id, EVERY)
    with_job(any_app, mailing)
    with any_app.app_context(), transaction() as session:
        session.execute(
            update(Job).values(state=State.FAILED, finished_at=clock(), error={"what": "No room."})
        )

    page = words(mara.opens(f"/mailings/{mailing}").text)

    assert "Nobody sends it at present." in page
    assert "No room." in page
    assert "Resume" in page


def test_a_draft_leads_to_where_it_is_written_and_so_does_the_list(
    any_app: Flask, mara: Person
) -> None:
    sent = made(any_app, mara.id, {}, title="Spring fair")
    for state, way in ((MailingState.DRAFT, "edit"), (MailingState.ASKED, "send")):
        mailing = made(any_app, mara.id, {}, state=state)

        answer = mara.opens(f"/mailings/{mailing}")

        assert answer.status_code == 302
        assert answer.location == f"/mailings/{mailing}/{way}"
        assert f'href="{answer.location}"><bdi>Autumn fair' in mara.opens("/mailings").text
        assert mara.sends(f"/mailings/{mailing}/stop", "/account").status_code == 404

    assert f'href="/mailings/{sent}"><bdi>Spring fair' in mara.opens("/mailings").text


def test_what_has_not_begun_to_leave_can_be_made_a_draft_again(
    any_app: Flask, mara: Person
) -> None:
    paused: dict[str, Any] = {"roles": ["staff", "viewer"], "state": MailingState.PAUSED}
    untouched = made(any_app, mara.id, {Fate.QUEUED: 3}, **paused)
    begun = made(any_app, mara.id, {Fate.QUEUED: 3, Fate.SENT: 1}, **paused)
    vera = Person.joins(any_app, "Vera Viewer", role="viewer")

    def leads(person: Person, mailing: int) -> bool:
        page = person.opens(f"/mailings/{mailing}").text
        return f'href="/mailings/{mailing}/reopen"' in page

    assert leads(mara, untouched)
    assert mara.opens(f"/mailings/{untouched}/reopen").status_code == 200
    assert not leads(mara, begun)
    assert not leads(vera, untouched)


def test_the_page_of_its_job_counts_what_became_of_all_and_leads_to_them(
    any_app: Flask, mara: Person
) -> None:
    mailing = made(any_app, mara.id, EVERY, state=MailingState.FINISHED)
    job = with_job(any_app, mailing)
    result = {"rows": 1200, "fates": {"sent": 1200, "failed": 30, "uncertain": 1}}
    with any_app.app_context(), transaction() as session:
        ended = {"state": State.SUCCEEDED, "started_at": clock(), "finished_at": clock()}
        session.execute(update(Job).values(result=result, **ended))

    page = mara.opens(f"/jobs/{job}").text

    said = words(page)
    assert "1,200 of 1,231 people were sent it." in said
    assert "1,200 sent 30 failed 0 suppressed 1 uncertain" in said
    for path in (f"/mailings/{mailing}", f"/mailings/{mailing}?show=failed"):
        assert f'href="{path}"' in page


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.WAITING, State.FAILED])
def test_the_page_of_a_job_that_has_not_sent_all_leads_to_its_mailing(
    app: Flask, staff: Person, state: State
) -> None:
    mailing = made(app, staff.id, EVERY)
    job = with_job(app, mailing)
    with app.app_context(), transaction() as session:
        error = {"what": "No room."} if state == State.FAILED else None
        session.execute(update(Job).values(state=state, error=error, started_at=clock()))

    page = staff.opens(f"/jobs/{job}").text

    assert f'<a href="/mailings/{mailing}">See the mailing</a>' in page


def test_who_was_left_out_before_is_said(any_app: Flask, mara: Person) -> None:
    mailing = made(any_app, mara.id, EVERY, audience={"name": "guests-2026.csv"})
    job_id = with_job(any_app, mailing)
    counts = {"good": 20, "bad": 3, "duplicate": 5, "suppressed": 9}
    with any_app.app_context():
        with transaction() as session:
            session.execute(update(Job).values(result={"rows": 37, "counts": counts}))
        check = db.session.scalars(select(Job.id)).one()
        assert str(check) == job_id
    changes(any_app, mailing, check_id=check)

    page = words(mara.opens(f"/mailings/{mailing}").text)

    assert "17 of 37: 3 problems, 5 duplicates, 9 suppressed" in page
    assert "guests-2026.csv" in page


def test_the_speed_is_that_of_the_last_minute(any_app: Flask, mara: Person) -> None:
    mailing = made(any_app, mara.id, {Fate.SENT: 600, Fate.QUEUED: 300})
    with any_app.app_context():
        now = clock()
        with transaction() as session:
            ids = list(
                session.scalars(
                    select(Delivery.id)
                    .where(Delivery.state == Fate.SENT)
                    .order_by(Delivery.id.desc())
                )
            )
            # Ten a second, and before the last half minute nothing for an hour.
            ages = [
                timedelta(seconds=at / 10) if at < 300 else timedelta(hours=1)
                for at in range(len(ids))
            ]
            rows = [
                {"id": one, "changed_at": now - age} for one, age in zip(ids, ages, strict=True)
            ]
            session.execute(update(Delivery), rows)
        speed = speed_of(mailing, 600, 900, 600, now)
        nothing = speed_of(mailing, 600, 900, 600, now + timedelta(minutes=2))

    assert speed.second == pytest.approx(10, rel=0.05)
    assert speed.left == pytest.approx(30, abs=5)
    assert nothing == Speed()


def test_few_of_very_many_are_seen_in_the_bar_and_it_is_never_too_long() -> None:
    counts = dict.fromkeys(Fate, 0) | {Fate.SENT: 999_999, Fate.FAILED: 1}
    found = {piece.name: piece for piece in pieces(counts)}
    assert found["failed"].width > 1
    assert all(piece.x + piece.width <= LENGTH for piece in found.values())
    assert found["sent"].x + found["sent"].width <= found["failed"].x


def test_who_may_not_see_the_mailing_sees_nothing_of_it(any_app: Flask, mara: Person) -> None:
    mailing = made(any_app, mara.id, EVERY, roles=["admin"])
    jonas = Person.joins(any_app, "Jonas Brandt")
    with any_app.app_context():
        person = db.session.scalars(select(Delivery.id).limit(1)).one()

    for path in (f"/mailings/{mailing}", f"/mailings/{mailing}/people/{person}"):
        assert mara.opens(path).status_code == 200
        assert jonas.opens(path).status_code == 404
    for act in ("pause", "resume", "stop", "retry", "resend", "report"):
        assert jonas.sends(f"/mailings/{mailing}/{act}", "/account").status_code == 404
    got = "Autumn fair"
    assert got in words(mara.opens("/mailings/recipient", address="p1@example.org").text)
    assert got not in words(jonas.opens("/mailings/recipient", address="p1@example.org").text)


def test_who_may_only_look_changes_nothing(any_app: Flask, mara: Person) -> None:
    mailing = made(any_app, mara.id, EVERY, roles=["staff", "viewer"])
    vera = Person.joins(any_app, "Vera Viewer", role="viewer")

    page = vera.opens(f"/mailings/{mailing}", show="failed")

    assert page.status_code == 200
    for button in ("Pause", "Stop sending", "Retry", "CSV"):
        assert button not in words(page.text)
    for act in ("pause", "resume", "stop", "retry", "resend", "report"):
        assert vera.sends(f"/mailings/{mailing}/{act}", "/account").status_code == 403


def test_one_recipient_is_shown_with_the_message_that_went_there(
    any_app: Flask, mara: Person
) -> None:
    mailing = made(any_app, mara.id, EVERY)
    other = made(any_app, mara.id, EVERY)
    with any_app.app_context():
        query = select(Delivery.id).where(Delivery.mailing_id == mailing, Delivery.place == 6)
        person = db.session.scalars(query).one()

    page = words(mara.opens(f"/mailings/{mailing}/people/{person}").text)

    assert "Person 6, come" in page
    assert "Dear Person 6," in page
    assert f"<{mailing}.6@example.org>" in page
    assert "554 5.7.1 Spam" in page
    assert mara.opens(f"/mailings/{other}/people/{person}").status_code == 404


def test_a_message_that_cannot_be_filled_says_why(any_app: Flask, mara: Person) -> None:
    mailing = made(any_app, mara.id, {Fate.FAILED: 1}, body="Dear {{ nickname }},")
    with any_app.app_context():
        person = db.session.scalars(select(Delivery.id)).one()

    page = words(mara.opens(f"/mailings/{mailing}/people/{person}").text)

    assert "There is nothing to fill in for “nickname”." in page


def test_an_address_is_found_in_every_mailing_however_it_is_written(
    any_app: Flask, mara: Person
) -> None:
    for title in ("Spring fair", "Autumn fair"):
        made(any_app, mara.id, EVERY, title=title)
    with any_app.app_context():
        suppress("p6@example.org", Cause.BOUNCED)

    page = words(mara.opens("/mailings/recipient", address=" P6@Example.org ").text)
    nobody = words(mara.opens("/mailings/recipient", address="nobody@example.org").text)

    assert page.index("Autumn fair") < page.index("Spring fair")
    assert "Nothing goes to this address any more" in page
    assert "No mailing went there" in nobody
    assert "Whose mailings?" in words(mara.opens("/mailings/recipient").text)


@pytest.mark.parametrize("address", ["\0", "x" * 5000, "@", '"><script>'])
def test_odd_addresses_are_those_of_nobody(any_app: Flask, mara: Person, address: str) -> None:
    answer = mara.opens("/mailings/recipient", address=address)

    assert answer.status_code == 200
    assert "<script>" not in answer.text


def test_the_page_asks_as_often_for_many_recipients_as_for_a_few(
    any_app: Flask, mara: Person
) -> None:
    asked = []
    for number in (3, 200):
        mailing = made(any_app, mara.id, {Fate.SENT: number, Fate.FAILED: number})
        runs(any_app, mailing)
        mara.opens(f"/mailings/{mailing}")
        with counted(any_app) as statements:
            mara.opens(f"/mailings/{mailing}")
        asked.append(len(statements))

    assert asked[0] == asked[1] < 30
