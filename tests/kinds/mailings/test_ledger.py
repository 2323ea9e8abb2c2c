"""The delivery ledger: each recipient is in one pair of hands, and nobody is lost or doubled."""

import sqlite3
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.kinds.mailings.ledger import (
    ClaimLost,
    Marks,
    claim,
    counts,
    next_due,
    settle,
    token_of,
)
from dashboard.kinds.mailings.ledger.boot import boot
from dashboard.models import Cause, Delivery, Fate, Suppression, clock, transaction
from dashboard.models.delivery import CLAIM_LIMIT
from tests.kinds.mailings.conftest import MakeMailing


def fates(mailing_id: int) -> str:
    """Give a letter for each delivery in its order."""
    query = select(Delivery.state).where(Delivery.mailing_id == mailing_id).order_by(Delivery.id)
    return "".join(state[0] for state in db.session.scalars(query))


def mark(token: str, ids: Sequence[int], fate: Fate = Fate.SENT, **more: object) -> None:
    """Mark some deliveries of a claim."""
    with Marks(token) as marks:
        now = clock()
        for delivery_id in ids:
            marks.mark(delivery_id, fate, now, **more)  # type: ignore[arg-type]  # Given as it is.


def test_deliveries_are_taken_in_their_order_and_each_once(
    any_app: Flask, made_mailing: MakeMailing
) -> None:
    mailing = made_mailing(5)
    with any_app.app_context():
        first, second = claim(mailing, "1.0", limit=3), claim(mailing, "1.1", limit=3)
        assert [one.email for one in first] == [f"P{n}@example.org" for n in (1, 2, 3)]
        assert [one.values for one in second] == [{"name": "Person 4"}, {"name": "Person 5"}]
        assert first[0].tries == 1
        assert claim(mailing, "1.2") == []
        assert counts(mailing)[Fate.CLAIMED] == 5


def test_what_came_of_one_is_marked_with_the_words_of_the_server(
    any_app: Flask, made_mailing: MakeMailing
) -> None:
    mailing = made_mailing(2)
    with any_app.app_context():
        sent, failed = claim(mailing, "1.0")
        mark("1.0", [sent.id], code=250, words="2.0.0 Ok")
        mark("1.0", [failed.id], Fate.FAILED, code=550, words="5.1.1 No", reason="bad-address")

        assert fates(mailing) == "sf"
        row = db.session.get_one(Delivery, failed.id)
        assert (row.code, row.words, row.reason, row.claim) == (
            550,
            "5.1.1 No",
            "bad-address",
            None,
        )
        assert counts(mailing) == {fate: int(fate in (Fate.SENT, Fate.FAILED)) for fate in Fate}


def test_of_a_sender_that_died_only_the_first_without_a_mark_is_uncertain(
    any_app: Flask, made_mailing: MakeMailing
) -> None:
    mailing = made_mailing(8)
    with any_app.app_context():
        first = claim(mailing, "1.0", limit=4)
        claim(mailing, "1.1", limit=3)
        mark("1.0", [one.id for one in first[:2]])

        assert settle(mailing) == 2

        assert fates(mailing) == "ssuquqqq"
        again = claim(mailing, "2.0")
        assert [one.tries for one in again] == [1] * 4
        assert settle(mailing) == 1
        assert settle(mailing) == 0


def test_a_sender_that_wakes_up_too_late_marks_nothing(
    any_app: Flask, made_mailing: MakeMailing
) -> None:
    mailing = made_mailing(3)
    with any_app.app_context():
        held = claim(mailing, "1.0")
        settle(mailing)
        claim(mailing, "2.0")
        for one in held:
            with pytest.raises(ClaimLost):
                mark("1.0", [one.id])
        assert fates(mailing) == "ucc"


def test_who_is_on_the_suppression_list_is_neither_given_nor_forgotten(
    any_app: Flask, made_mailing: MakeMailing
) -> None:
    mailing = made_mailing(3)
    with any_app.app_context():
        with transaction() as session:
            session.add(
                Suppression(address="p2@example.org", cause=Cause.UNSUBSCRIBED, added_at=clock())
            )
        assert [one.address for one in claim(mailing, "1.0")] == [
            "p1@example.org",
            "p3@example.org",
        ]
        assert fates(mailing) == "csc"
        assert counts(mailing)[Fate.SUPPRESSED] == 1
        with Marks("1.0") as marks:
            assert marks.is_suppressed("p2@example.org")
            assert not marks.is_suppressed("p1@example.org")


def test_who_was_refused_for_now_comes_when_it_is_time_and_behind_the_others(
    any_app: Flask, made_mailing: MakeMailing
) -> None:
    mailing = made_mailing(4)
    with any_app.app_context():
        first, second = claim(mailing, "1.0", limit=2)
        now = clock()
        mark("1.0", [first.id], Fate.DEFERRED, due_at=now - timedelta(seconds=1))
        mark("1.0", [second.id], Fate.DEFERRED, due_at=now + timedelta(hours=1))
        assert next_due(mailing) == now - timedelta(seconds=1)

        again = claim(mailing, "1.1")

        assert [(one.id, one.tries) for one in again] == [
            (first.id, 2),
            (first.id + 2, 1),
            (first.id + 3, 1),
        ]
        assert next_due(mailing) == now + timedelta(hours=1)
        assert claim(mailing, "1.1") == []


def test_one_that_was_not_tried_goes_back_and_counts_no_try(
    any_app: Flask, made_mailing: MakeMailing
) -> None:
    mailing = made_mailing(1)
    with any_app.app_context():
        (held,) = claim(mailing, "1.0")
        mark("1.0", [held.id], Fate.QUEUED, untried=True)
        assert fates(mailing) == "q"
        assert claim(mailing, "1.0")[0].tries == 1


def test_many_at_once_take_each_delivery_once(any_app: Flask, made_mailing: MakeMailing) -> None:
    mailing = made_mailing(120)
    taken: list[int] = []

    def send(token: str) -> None:
        with any_app.app_context(), Marks(token) as marks:
            while held := claim(mailing, token, limit=7):
                now = clock()
                for one in held:
                    marks.mark(one.id, Fate.SENT, now)
                    taken.append(one.id)

    senders = [Thread(target=send, args=[f"1.{number}"]) for number in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()

    assert set(Counter(taken).values()) == {1}
    with any_app.app_context():
        assert fates(mailing) == "s" * 120


def test_nobody_stands_in_a_mailing_twice(any_app: Flask, made_mailing: MakeMailing) -> None:
    mailing = made_mailing(1)
    with any_app.app_context():
        one = db.session.scalars(select(Delivery)).one()
        doubled = Delivery(
            mailing_id=mailing,
            place=2,
            address=one.address,
            email="other@example.org",
            values={},
            message_id="<2@example.org>",
        )
        with pytest.raises(Exception, match=r"(?i)unique"), transaction() as session:
            session.add(doubled)


OTHER_START = "0.0@of-another-start"


def is_on_sqlite() -> bool:
    """Say which database it is."""
    return db.engine.dialect.name == "sqlite"


def test_behind_a_power_cut_all_of_a_claim_without_a_mark_is_uncertain(
    any_app: Flask, made_mailing: MakeMailing
) -> None:
    mailing = made_mailing(9)
    with any_app.app_context():
        cut = claim(mailing, OTHER_START, limit=4)
        claim(mailing, "1.0", limit=3)
        mark(OTHER_START, [cut[0].id])

        assert settle(mailing) == 4

        assert fates(mailing) == "suuuuqqqq"


def test_behind_a_kill_only_the_first_without_a_mark_is_uncertain_though_no_mark_was_synced(
    any_app: Flask, made_mailing: MakeMailing
) -> None:
    mailing = made_mailing(4)
    with any_app.app_context():
        token = token_of(UUID(int=1), 1, 0)
        mark(token, [claim(mailing, token)[0].id])

        assert settle(mailing) == 1

        assert fates(mailing) == "suqq"


def test_only_sqlite_spares_marks_the_wait_and_only_where_the_start_of_the_machine_is_known(
    any_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with any_app.app_context():
        assert ("@" in token_of(UUID(int=1), 7, 1)) == is_on_sqlite()
        assert len(token_of(UUID(int=1), 10**6, 99)) <= CLAIM_LIMIT
        monkeypatch.setattr("dashboard.kinds.mailings.ledger.tokens.boot", lambda: "")
        assert token_of(UUID(int=1), 7, 1) == "00000000.7.1"
        assert token_of(uuid4(), 7, 1) != token_of(uuid4(), 7, 1)


def test_the_start_of_the_machine_has_a_name_where_the_system_tells_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    names = []
    for number, content in enumerate((b"one\n", b"two\n", b"", None)):
        path = tmp_path / str(number)
        if content is not None:
            path.write_bytes(content)
        monkeypatch.setattr("dashboard.kinds.mailings.ledger.boot.LINUX", path)
        boot.cache_clear()
        names.append(boot())
    boot.cache_clear()
    assert len(set(names[:2])) == 2
    assert all(names[:2])
    assert names[2:] == ["", ""]


def test_a_connection_waits_for_the_disk_again_once_the_marks_are_made(app: Flask) -> None:
    with app.app_context():
        for token, within in (("1.0@now", 1), ("1.0", 2)):
            with Marks(token) as marks:
                assert pragma(marks._driver) == within
                driver = marks._driver
            assert pragma(driver) == 2


def pragma(connection: sqlite3.Connection) -> int:
    """Give how a connection waits for the disk: 1 is NORMAL, 2 is FULL."""
    return int(connection.execute("PRAGMA synchronous").fetchone()[0])


def test_a_mark_also_says_whether_the_next_address_is_suppressed(
    any_app: Flask, made_mailing: MakeMailing
) -> None:
    mailing = made_mailing(3)
    with any_app.app_context():
        held = claim(mailing, "1.0")
        with transaction() as session:
            session.add(
                Suppression(address="p3@example.org", cause=Cause.UNSUBSCRIBED, added_at=clock())
            )
        now = clock()
        with Marks("1.0") as marks:
            assert not marks.mark(held[0].id, Fate.SENT, now, ask="p2@example.org")
            assert marks.mark(held[1].id, Fate.SENT, now, ask="p3@example.org")
            with pytest.raises(ClaimLost):
                marks.mark(held[1].id, Fate.SENT, now, ask="p3@example.org")
        assert fates(mailing) == "ssc"


def test_the_past_keeps_each_try_that_did_not_end_as_sent(
    any_app: Flask, made_mailing: MakeMailing
) -> None:
    mailing = made_mailing(3)
    with any_app.app_context():
        sent, twice, untried = claim(mailing, "1.0")
        now = clock()
        mark("1.0", [sent.id], code=250, words="Ok")
        mark("1.0", [twice.id], Fate.DEFERRED, code=450, words="Later", due_at=now)
        mark("1.0", [untried.id], Fate.QUEUED, untried=True)
        claim(mailing, "2.0", limit=1)
        claim(mailing, "2.1", limit=1)
        mark("2.1", [twice.id], Fate.FAILED, code=550, words="No")
        settle(mailing)

        pasts = [db.session.get_one(Delivery, one.id).past for one in (sent, twice, untried)]
    assert pasts[0] is None
    assert [one[1:] for one in pasts[1] or ()] == [
        ["deferred", 450, "Later"],
        ["failed", 550, "No"],
    ]
    assert [one[1:] for one in pasts[2] or ()] == [["uncertain", None, None]]
    assert datetime.fromisoformat((pasts[1] or [[""]])[0][0]).tzinfo is not None
