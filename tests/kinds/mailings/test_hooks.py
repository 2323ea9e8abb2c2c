"""Mail services tell what became of e-mails: only those who know the secret, and to good effect."""

import itertools
import json
import logging
import random
import time
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.kinds.mailings.hooks.own import MOST
from dashboard.kinds.mailings.hooks.page import BODY_LIMIT
from dashboard.kinds.mailings.hooks.signature import TOLERANCE, signed
from dashboard.models import AuditEntry
from tests.kinds.mailings.conftest import MakeMailing
from tests.kinds.mailings.hooks import (
    SECRET,
    becomes,
    bounce,
    calls,
    delivery,
    opened,
    suppressed,
    tells,
    tells_body,
)


@pytest.fixture
def sent(any_app: Flask, made_mailing: MakeMailing) -> Flask:
    """Give a desk that has sent a mailing to two people, on each database in turn."""
    made_mailing(3)
    for place in (1, 2):
        becomes(any_app, place, state="sent", code=250, words=f"OK 0102-{place:020}", tries=1)
    return opened(any_app)


def id_of(place: int) -> str:
    """Give the Message-ID of a delivery."""
    return f"<1.{place}@example.org>"


def test_an_address_that_does_not_exist_gets_no_more_and_its_delivery_has_failed(
    sent: Flask,
) -> None:
    told = bounce("P1@Example.org", message_id=id_of(1), detail="550 5.1.1 no such user")

    answer = tells(sent, told)

    assert (answer.status_code, answer.json) == (200, {"taken": 1})
    assert suppressed(sent) == {"p1@example.org": ("bounced", 1)}
    found = delivery(sent, 1)
    assert (found.state, found.reason, found.words) == (
        "failed",
        "bounced",
        "550 5.1.1 no such user",
    )
    assert found.past == [[None, "sent", 250, f"OK 0102-{1:020}"]]
    assert found.changed_at is not None
    assert delivery(sent, 2).state == "sent"


def test_who_calls_it_spam_gets_no_more_and_the_delivery_stays_sent(sent: Flask) -> None:
    tells(sent, {"type": "complaint", "address": "p1@example.org", "message_id": id_of(1)})

    assert suppressed(sent) == {"p1@example.org": ("complained", 1)}
    assert (delivery(sent, 1).state, delivery(sent, 1).reason) == ("sent", "complained")


def test_who_unsubscribes_elsewhere_gets_no_more(sent: Flask) -> None:
    tells(sent, {"type": "unsubscribe", "address": "p1@example.org", "message_id": id_of(1)})

    assert suppressed(sent) == {"p1@example.org": ("unsubscribed", 1)}
    assert (delivery(sent, 1).state, delivery(sent, 1).reason) == ("sent", None)


def test_a_full_mailbox_is_noted_once_and_suppresses_nobody(sent: Flask) -> None:
    full = bounce("p1@example.org", message_id=id_of(1), permanent=False, detail="452 full")
    for _ in range(2):
        assert tells(sent, full).json == {"taken": 1}

    found = delivery(sent, 1)
    assert (found.state, found.reason, found.words) == ("sent", "soft-bounce", "452 full")
    assert len(found.past or []) == 1
    assert suppressed(sent) == {}


@pytest.mark.parametrize("state", ["queued", "claimed", "deferred", "uncertain", "suppressed"])
def test_a_delivery_that_is_not_sent_is_left_to_its_sender(sent: Flask, state: str) -> None:
    becomes(sent, 3, state=state, claim="lane" if state == "claimed" else None)

    tells(sent, bounce("p3@example.org", message_id=id_of(3)))

    found = delivery(sent, 3)
    assert (found.state, found.reason, found.past) == (state, None, None)
    assert suppressed(sent) == {"p3@example.org": ("bounced", 1)}


def test_whom_the_desk_never_wrote_to_gets_nothing_either(sent: Flask) -> None:
    tells(sent, bounce("x@example.net", message_id="<gone@example.net>"), bounce("y@example.net"))

    assert suppressed(sent) == {
        "x@example.net": ("bounced", None),
        "y@example.net": ("bounced", None),
    }


def test_one_persons_message_id_does_not_fail_the_delivery_of_another(sent: Flask) -> None:
    tells(sent, bounce("p2@example.org", message_id=id_of(1)))

    assert [delivery(sent, place).state for place in (1, 2)] == ["sent", "sent"]
    assert list(suppressed(sent)) == ["p2@example.org"]


def test_however_often_and_in_whatever_order_things_are_told_the_end_is_the_same(
    sent: Flask,
) -> None:
    about: dict[str, Any] = {"address": "p1@example.org", "message_id": id_of(1)}
    told = [
        {"type": "bounce", "permanent": False, **about},
        {"type": "complaint", **about},
        {"type": "bounce", "permanent": True, **about},
        {"type": "delivered", **about},
    ]
    for order in itertools.permutations(told):
        becomes(sent, 1, state="sent", reason=None, past=None)
        for event in (*order, *order):
            assert tells(sent, event).json == {"taken": 1}
        found = delivery(sent, 1)
        assert (found.state, found.reason) == ("failed", "bounced")
        assert len(found.past or []) <= 3
        assert list(suppressed(sent)) == ["p1@example.org"]


def test_what_is_no_address_or_not_known_is_left_out_and_the_rest_is_taken(sent: Flask) -> None:
    answer = tells(
        sent,
        bounce("nobody"),
        {"type": "opened", "address": "p2@example.org"},
        bounce("p1@example.org"),
    )

    assert answer.json == {"taken": 1}
    assert list(suppressed(sent)) == ["p1@example.org"]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "What was sent is no JSON in UTF-8."),
        (b"\xff", "What was sent is no JSON in UTF-8."),
        (b"[" * 100_000, "What was sent is no JSON in UTF-8."),
        (b"[]", "Send an object with a list “events”."),
        (b'{"events": [3]}', "events[0] is no object."),
        (b'{"events": [{"type": "bounce"}]}', "events[0] needs a text “address”."),
        (
            b'{"events": [{"type": "bounce", "address": "a@example.org"}]}',
            "events[0] needs “permanent”: true or false.",
        ),
        (
            b'{"events": [{"type": "complaint", "address": "a@example.org", "detail": 5}]}',
            "events[0]: “detail” must be a text.",
        ),
        (b'{"events": [' + b"0," * MOST + b"0]}", "Send at most 1,000 events at a time."),
    ],
)
def test_what_is_malformed_is_refused_in_a_sentence(app: Flask, body: bytes, sentence: str) -> None:
    answer = tells_body(opened(app), body)

    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert json.loads(answer.data)["detail"] == sentence


def test_of_a_call_that_is_malformed_nothing_is_done(app: Flask) -> None:
    answer = tells(opened(app), bounce("p1@example.org"), {"type": "complaint"})

    assert answer.status_code == 400
    assert suppressed(app) == {}


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "t=,v1=",
        f"v1={'0' * 64}",
        pytest.param(f"t={int(time.time())}", id="unsigned"),
        f"t={'9' * 5000},v1=00",
        "t=²,v1=00",
        "t=1,t=2,v1=00",
    ],
)
def test_who_does_not_know_the_secret_is_not_heard(app: Flask, header: str | None) -> None:
    headers = {} if header is None else {"Bellhop-Signature": header.encode().decode("latin-1")}
    body = json.dumps({"events": [bounce("p1@example.org")]})

    answer = (
        opened(app)
        .test_client()
        .post("/hooks/mail/bellhop", data=body, content_type="application/json", headers=headers)
    )

    assert answer.status_code == 401
    assert suppressed(app) == {}


@pytest.mark.parametrize("sign", [1, -1])
def test_a_signature_of_another_time_is_refused(app: Flask, sign: int) -> None:
    event = bounce("p1@example.org")

    assert tells(opened(app), event, late=sign * (TOLERANCE + 60)).status_code == 401
    assert tells(app, event, late=sign * (TOLERANCE - 60)).status_code == 200


def test_a_signature_of_another_secret_or_body_is_refused(app: Flask) -> None:
    assert tells(opened(app), bounce("p1@example.org"), secret="another").status_code == 401
    header = signed(SECRET, int(time.time()), b'{"events": []}')
    answer = app.test_client().post(
        "/hooks/mail/bellhop",
        data='{"events": [] }',
        content_type="application/json",
        headers={"Bellhop-Signature": header},
    )
    assert answer.status_code == 401


def test_of_two_signatures_one_must_be_right(app: Flask) -> None:
    body = b'{"events": []}'
    moment = int(time.time())
    right, wrong = (signed(secret, moment, body) for secret in (SECRET, "the one before"))
    header = f"{wrong}, {right.partition(',')[2]}"

    answer = (
        opened(app)
        .test_client()
        .post(
            "/hooks/mail/bellhop",
            data=body,
            content_type="application/json",
            headers={"Bellhop-Signature": header},
        )
    )

    assert (answer.status_code, answer.json) == (200, {"taken": 0})


def test_without_a_secret_there_is_no_such_address(app: Flask) -> None:
    for sort in ("bellhop", "ses", "postmark"):
        answer = calls(app, sort, {}, password="")
        assert answer.status_code == 404
        assert answer.mimetype == "application/problem+json"
    assert calls(opened(app), "another", {}).status_code == 404


def test_too_much_at_once_is_refused(app: Flask) -> None:
    assert tells_body(opened(app), b" " * (BODY_LIMIT + 1)).status_code == 413
    assert tells_body(app, b'{"events": []}'.ljust(BODY_LIMIT)).status_code == 200


def test_a_form_is_refused(app: Flask) -> None:
    answer = opened(app).test_client().post("/hooks/mail/bellhop", data={"events": "none"})

    assert answer.status_code == 415
    assert calls(app, "postmark", "{}", media_type="text/plain").status_code == 415


def test_looking_at_the_address_does_nothing(app: Flask) -> None:
    answer = opened(app).test_client().get("/hooks/mail/bellhop")

    assert answer.status_code == 405
    assert answer.mimetype == "application/problem+json"


def test_nobody_who_calls_gets_a_session(app: Flask) -> None:
    assert "Set-Cookie" not in tells(opened(app), bounce("p1@example.org")).headers


def test_the_log_says_how_many_and_no_address(
    sent: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "dashboard"):
        tells(sent, bounce("p1@example.org", message_id=id_of(1)), bounce("none"))

    (line,) = [text for text in caplog.messages if "told" in text]
    assert (
        line
        == "bellhop told 1 things, and 1 others: 1 addresses are suppressed, 1 deliveries marked."
    )
    assert "p1@" not in caplog.text


def test_a_suppression_by_a_service_is_written_down_once(sent: Flask) -> None:
    for _ in range(2):
        tells(sent, bounce("p1@example.org"), bounce("p1@example.org"))

    with sent.app_context():
        query = select(AuditEntry).where(AuditEntry.action == "suppression.add")
        (entry,) = db.session.scalars(query)
        assert (entry.user_id, entry.detail["cause"]) == (None, "bounced")


def test_many_events_are_one_call(sent: Flask) -> None:
    told = [bounce(f"p{number}@example.org", message_id=id_of(number)) for number in range(MOST)]

    assert tells(sent, *told).json == {"taken": MOST}
    assert len(suppressed(sent)) == MOST
    assert [delivery(sent, place).state for place in (1, 2, 3)] == ["failed", "failed", "queued"]


def test_what_is_told_by_several_at_once_is_done_once(sent: Flask) -> None:
    told = [bounce(f"p{number}@example.org", message_id=id_of(number)) for number in range(40)]
    codes: list[int] = []

    def tell(seed: int) -> None:
        mixed = random.Random(seed).sample(told, len(told))
        codes.append(tells(sent, *mixed).status_code)

    services = [Thread(target=tell, args=(seed,)) for seed in range(5)]
    for service in services:
        service.start()
    for service in services:
        service.join()

    assert codes == [200] * 5
    assert len(suppressed(sent)) == 40
    assert [len(delivery(sent, place).past or []) for place in (1, 2)] == [1, 1]
