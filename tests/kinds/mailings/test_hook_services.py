"""Amazon SES and Postmark tell of bounces and complaints in their own words."""

import json
from typing import Any

import pytest
from flask import Flask

from tests.kinds.mailings.conftest import MakeMailing
from tests.kinds.mailings.hooks import becomes, calls, delivery, opened, suppressed
from tests.people import Person, words

SES_ID = "00000138111222aa-33322211-cccc-cccc-cccc-ddddaaaa0680-000000"
POSTMARK_ID = "883953f4-6105-42a2-a16a-77a8eac79483"
URL = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37"
TOPIC = "arn:aws:sns:eu-central-1:123456789012:bounces"


@pytest.fixture
def any_app(app: Flask) -> Flask:
    """Give a desk on SQLite: what is tested here is the same on each database."""
    return app


@pytest.fixture
def sent(any_app: Flask, made_mailing: MakeMailing) -> Flask:
    """Give a desk that has sent a mailing to two people, on each database in turn."""
    made_mailing(2)
    becomes(any_app, 1, state="sent", code=250, words=f"Ok {SES_ID}")
    becomes(any_app, 2, state="sent", code=250, words=f"OK {POSTMARK_ID}")
    return opened(any_app)


def notification(message: dict[str, Any] | str) -> dict[str, Any]:
    """Give the envelope of Amazon SNS."""
    return {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": TOPIC,
        "Subject": "Amazon SES Email Event Notification",
        "Message": message if isinstance(message, str) else json.dumps(message),
        "Timestamp": "2026-11-22T08:44:44.000Z",
        "SignatureVersion": "1",
        "Signature": "EXAMPLE==",
        "SigningCertURL": "https://sns.eu-central-1.amazonaws.com/SimpleNotificationService.pem",
        "UnsubscribeURL": "https://sns.eu-central-1.amazonaws.com/?Action=Unsubscribe",
    }


def ses_bounce(kind: str = "Permanent", **mail: Any) -> dict[str, Any]:
    """Give what Amazon SES says of an e-mail that came back."""
    return {
        "notificationType": "Bounce",
        "bounce": {
            "bounceType": kind,
            "bounceSubType": "General",
            "bouncedRecipients": [
                {
                    "emailAddress": "p1@example.org",
                    "action": "failed",
                    "status": "5.1.1",
                    "diagnosticCode": "smtp; 550 5.1.1 <p1@example.org>... User\r\n unknown",
                }
            ],
            "timestamp": "2026-11-22T08:44:43.000Z",
            "feedbackId": "00000138111222aa-33322211-cccc-cccc-cccc-ddddaaaa068a-000000",
        },
        "mail": {"messageId": SES_ID, "destination": ["p1@example.org"], **mail},
    }


def ses_complaint(kind: str | None) -> dict[str, Any]:
    """Give what Amazon SES says of somebody who complained."""
    return {
        "eventType": "Complaint",
        "complaint": {
            "complainedRecipients": [{"emailAddress": "P1 <p1@example.org>"}],
            "complaintFeedbackType": kind,
            "timestamp": "2026-11-22T08:44:43.000Z",
        },
        "mail": {"messageId": SES_ID, "headersTruncated": False},
    }


@pytest.mark.parametrize("media_type", ["text/plain; charset=UTF-8", "application/json"])
def test_a_bounce_at_amazon_is_found_by_the_id_in_its_answer(sent: Flask, media_type: str) -> None:
    answer = calls(sent, "ses", notification(ses_bounce()), media_type=media_type)

    assert (answer.status_code, answer.json) == (200, {"taken": 1})
    assert suppressed(sent) == {"p1@example.org": ("bounced", 1)}
    found = delivery(sent, 1)
    assert (found.state, found.reason) == ("failed", "bounced")
    assert found.words == "smtp; 550 5.1.1 <p1@example.org>... User unknown"


def test_a_bounce_at_amazon_is_found_by_the_message_id_of_the_desk(sent: Flask) -> None:
    becomes(sent, 1, words="OK")
    headers = [{"name": "From", "value": "x"}, {"name": "Message-ID", "value": "<1.1@example.org>"}]

    calls(sent, "ses", ses_bounce(headers=headers))  # As SNS delivers it “raw”.

    assert delivery(sent, 1).reason == "bounced"


@pytest.mark.parametrize("kind", ["Transient", "Undetermined"])
def test_a_bounce_that_may_pass_suppresses_nobody(sent: Flask, kind: str) -> None:
    assert calls(sent, "ses", notification(ses_bounce(kind))).json == {"taken": 1}

    assert suppressed(sent) == {}
    assert delivery(sent, 1).reason == "soft-bounce"


def test_a_complaint_at_amazon_is_heard(sent: Flask) -> None:
    assert calls(sent, "ses", notification(ses_complaint("abuse"))).json == {"taken": 1}

    assert suppressed(sent) == {"p1@example.org": ("complained", 1)}
    assert (delivery(sent, 1).state, delivery(sent, 1).reason) == ("sent", "complained")


def test_who_says_it_is_no_spam_complains_of_nothing(sent: Flask) -> None:
    assert calls(sent, "ses", notification(ses_complaint("not-spam"))).json == {"taken": 0}

    assert suppressed(sent) == {}


@pytest.mark.parametrize(
    "message",
    [
        "Successfully validated SNS topic for Amazon SES event publishing.",
        "[" * 100_000,
        "3",
        json.dumps({"eventType": "Open", "mail": {"messageId": SES_ID}}),
    ],
)
def test_what_the_desk_has_no_use_for_is_taken_and_left(sent: Flask, message: str) -> None:
    answer = calls(sent, "ses", notification(message))

    assert (answer.status_code, answer.json) == (200, {"taken": 0})


def test_a_delivery_at_amazon_changes_nothing(sent: Flask) -> None:
    told = {
        "notificationType": "Delivery",
        "delivery": {"recipients": ["p1@example.org"], "smtpResponse": "250 ok"},
        "mail": {"messageId": SES_ID},
    }

    assert calls(sent, "ses", notification(told)).json == {"taken": 1}
    assert (delivery(sent, 1).reason, suppressed(sent)) == (None, {})


def test_an_administrator_sees_what_amazon_asks_and_the_desk_calls_nobody(
    sent: Flask,
) -> None:
    asked = {"Type": "SubscriptionConfirmation", "TopicArn": TOPIC, "SubscribeURL": URL}
    for _ in range(2):
        answer = calls(sent, "ses", asked, media_type="text/plain; charset=UTF-8")
        assert (answer.status_code, answer.json) == (200, {"taken": 0})

    page = Person.joins(sent, "Ada Admin", role="admin").opens("/suppressions").text
    assert f"what happens at {TOPIC} ." in words(page)
    assert page.count("Token=2336412f37</code>") == 1
    assert "ConfirmSubscription" not in Person.joins(sent, "Jo").opens("/suppressions").text


@pytest.mark.parametrize(
    "url",
    [
        None,
        "http://sns.eu-central-1.amazonaws.com/?x",
        "https://sns.eu-central-1.amazonaws.com.evil.example/?x",
        "https://evil.example/sns.eu-central-1.amazonaws.com/",
        "https://sns.eu-central-1.amazonaws.com@evil.example/",
        "https://sns.eu-central-1.amazonaws.com/?x\nSet-Cookie: y",
    ],
)
def test_an_address_that_is_not_amazons_is_shown_to_nobody(sent: Flask, url: str | None) -> None:
    asked = {"Type": "SubscriptionConfirmation", "TopicArn": TOPIC, "SubscribeURL": url}

    assert calls(sent, "ses", asked).status_code == 400
    admin = Person.joins(sent, "Ada Admin", role="admin")
    assert TOPIC not in admin.opens("/suppressions").text


@pytest.mark.parametrize("sort", ["ses", "postmark"])
@pytest.mark.parametrize("password", ["", "wrong", "geheim-ü"])
def test_a_wrong_password_is_told_how_to_ask(sent: Flask, sort: str, password: str) -> None:
    answer = calls(sent, sort, notification(ses_bounce()), password=password)

    assert answer.status_code == 401
    # Amazon SNS sends the password only to whoever asks for it like this.
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="Bellhop mail hooks"'
    assert suppressed(sent) == {}
    nobody = sent.test_client().post(f"/hooks/mail/{sort}", json={})
    assert nobody.status_code == 401


def postmark(record: str, **more: Any) -> dict[str, Any]:
    """Give what Postmark sends."""
    return {
        "RecordType": record,
        "MessageStream": "broadcast",
        "ID": 4323372036854775807,
        "MessageID": POSTMARK_ID,
        "ServerID": 1234,
        "Email": "p2@example.org",
        "Metadata": {},
        **more,
    }


HARD = postmark(
    "Bounce",
    Type="HardBounce",
    TypeCode=1,
    Description="The server was unable to deliver your message.",
    Details="smtp;550 5.1.1 The email account does not exist.",
    BouncedAt="2026-11-22T08:33:54.9070259Z",
    Inactive=True,
)


def test_a_hard_bounce_at_postmark_is_found_by_the_id_in_its_answer(sent: Flask) -> None:
    assert calls(sent, "postmark", HARD).json == {"taken": 1}

    assert suppressed(sent) == {"p2@example.org": ("bounced", 1)}
    found = delivery(sent, 2)
    assert (found.state, found.reason) == ("failed", "bounced")
    assert found.words == "smtp;550 5.1.1 The email account does not exist."


@pytest.mark.parametrize(
    ("record", "cause", "reason"),
    [
        (postmark("Bounce", Type="SoftBounce"), None, "soft-bounce"),
        (postmark("Bounce", Type="Transient"), None, "soft-bounce"),
        (postmark("Bounce", Type="BadEmailAddress"), "bounced", "bounced"),
        (postmark("Bounce", Type="Unsubscribe"), "unsubscribed", None),
        (postmark("SpamComplaint", Type="SpamComplaint"), "complained", "complained"),
        (postmark("Bounce", Type="SpamComplaint"), "complained", "complained"),
        (
            postmark(
                "SubscriptionChange",
                Recipient="p2@example.org",
                SuppressSending=True,
                SuppressionReason="ManualSuppression",
                Origin="Recipient",
            ),
            "unsubscribed",
            None,
        ),
        (
            postmark(
                "SubscriptionChange",
                Recipient="p2@example.org",
                SuppressSending=True,
                SuppressionReason="HardBounce",
            ),
            "bounced",
            "bounced",
        ),
        (
            postmark("SubscriptionChange", Recipient="p2@example.org", SuppressSending=False),
            None,
            None,
        ),
        (postmark("Delivery", Recipient="p2@example.org"), None, None),
        (postmark("Open"), None, None),
    ],
)
def test_each_thing_that_postmark_tells_has_its_effect(
    sent: Flask, record: dict[str, Any], cause: str | None, reason: str | None
) -> None:
    assert calls(sent, "postmark", record).status_code == 200

    assert suppressed(sent) == ({"p2@example.org": (cause, 1)} if cause else {})
    assert delivery(sent, 2).reason == reason


@pytest.mark.parametrize("body", [[], {}, {"RecordType": 3}, {"Type": "Bounce"}])
def test_what_postmark_would_not_send_is_malformed(sent: Flask, body: Any) -> None:
    assert calls(sent, "postmark", body).status_code == 400
