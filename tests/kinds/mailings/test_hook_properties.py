"""Whatever is sent to the desk as an event, it answers in order, and does all of it or nothing."""

import json
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import delete

from dashboard.kinds.mailings import suppressions
from dashboard.kinds.mailings.hooks import effects
from dashboard.kinds.mailings.hooks.effects import follow
from dashboard.kinds.mailings.hooks.event import Sort, event_of
from dashboard.models import AuditEntry, Suppression, transaction
from tests.kinds.mailings.conftest import MakeMailing
from tests.kinds.mailings.hooks import becomes, calls, delivery, opened, suppressed, tells_body

# Each example calls a desk that stands for all of them.
EACH = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
TEXTS = st.text(st.characters(), max_size=30) | st.sampled_from(
    [
        "p1@example.org",
        "<1.1@example.org>",
        "a\0b@example.org",
        "\ud800@example.org",
        "x@\udfff.org",
    ]
)
NAMES = st.sampled_from(
    [
        *("type", "address", "permanent", "message_id", "detail", "events"),
        *("Type", "Message", "notificationType", "eventType", "bounce", "complaint", "mail"),
        *("bouncedRecipients", "emailAddress", "bounceType", "headers", "name", "value"),
        *("RecordType", "Email", "MessageID", "Details", "Recipient", "SuppressSending"),
    ]
)
WORDS = st.sampled_from(
    [
        *("bounce", "complaint", "unsubscribe", "delivered"),
        *("Notification", "Bounce", "Complaint", "Delivery", "Permanent", "HardBounce"),
        *("SpamComplaint", "SubscriptionChange", "Message-ID"),
    ]
)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | TEXTS, inner, max_size=6),
    max_leaves=25,
)
EVENTS = st.fixed_dictionaries(
    {"type": WORDS | TEXTS, "address": TEXTS},
    optional={
        "permanent": st.booleans() | st.none(),
        "message_id": TEXTS | st.integers(),
        "detail": TEXTS,
    },
)


@pytest.fixture
def sent(any_app: Flask, made_mailing: MakeMailing) -> Flask:
    """Give a desk that has sent a mailing to two people."""
    made_mailing(2)
    return opened(any_app)


def as_before(app: Flask) -> None:
    """Let nothing have been told."""
    becomes(app, 1, state="sent", reason=None, past=None)
    with app.app_context(), transaction() as session:
        session.execute(delete(Suppression))
        session.execute(delete(AuditEntry))


@EACH
@given(body=st.fixed_dictionaries({"events": st.lists(EVENTS, max_size=4)}) | ANYTHING)
def test_what_is_told_in_the_desks_own_form_is_taken_or_refused_whole(
    sent: Flask, body: Any
) -> None:
    as_before(sent)

    answer = tells_body(sent, json.dumps(body).encode())

    assert answer.status_code in (200, 400), answer.text
    if answer.status_code == 400:
        assert suppressed(sent) == {}
        assert delivery(sent, 1).state == "sent"


@EACH
@given(body=ANYTHING, sort=st.sampled_from(["ses", "postmark"]))
def test_what_a_service_tells_is_taken_or_refused_whole(sent: Flask, body: Any, sort: str) -> None:
    as_before(sent)
    if sort == "ses" and isinstance(body, dict):
        body = {"Type": "Notification", **body, "Message": json.dumps(body)}

    answer = calls(sent, sort, json.dumps(body))

    assert answer.status_code in (200, 400), answer.text
    if answer.status_code == 400:
        assert suppressed(sent) == {}


@EACH
@given(body=st.binary(max_size=200), sort=st.sampled_from(["bellhop", "ses", "postmark"]))
def test_bytes_that_mean_nothing_are_malformed(sent: Flask, body: bytes, sort: str) -> None:
    answer = tells_body(sent, body) if sort == "bellhop" else calls(sent, sort, body)

    assert answer.status_code in (200, 400)


def test_a_call_that_breaks_off_in_the_middle_has_done_nothing(
    sent: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    becomes(sent, 1, state="sent")
    first, second = (
        event_of(
            Sort.BOUNCE,
            f"p{place}@example.org",
            permanent=True,
            message_id=f"<1.{place}@example.org>",
        )
        for place in (1, 2)
    )
    assert first is not None
    assert second is not None

    class Broken(Exception):
        pass

    def put(*given: Any) -> int:
        suppressions.put(*given)
        raise Broken

    monkeypatch.setattr(effects, "put", put)

    with sent.app_context(), pytest.raises(Broken):
        follow([first, second])

    assert suppressed(sent) == {}
    assert delivery(sent, 1).state == "sent"
