"""What Amazon SES tells, in the envelope of Amazon SNS or without it.

https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
"""

import json
import re
from typing import Any, Final

from dashboard.kinds.mailings.hooks.event import (
    Malformed,
    Sort,
    Subscription,
    Told,
    event_of,
    plain,
    told_of,
)

OF_AMAZON: Final = re.compile(
    r"https://sns\.[a-z0-9-]{1,40}\.amazonaws\.com(?:\.cn)?/[!-~]{1,2000}"
)
TOPIC_LIMIT: Final = 300  # characters
NO_SPAM: Final = "not-spam"
"""The kind of a complaint that says the contrary of one."""


def read(body: Any) -> Told:
    """Read what was sent. Raises Malformed."""
    if not isinstance(body, dict):
        raise Malformed("Send what Amazon SNS sends: an object.")
    match body.get("Type"):
        case "SubscriptionConfirmation":
            return Told([], subscription=_subscription(body))
        case "Notification":
            return _inside(body.get("Message"))
        case None if "notificationType" in body or "eventType" in body:
            return _notification(body)  # As SNS delivers it “raw”.
        case str():
            return Told([], 1)
        case _:
            raise Malformed("Send what Amazon SNS sends: an object with a “Type”.")


def _subscription(body: dict[str, Any]) -> Subscription:
    url = body.get("SubscribeURL")
    if not isinstance(url, str) or not OF_AMAZON.fullmatch(url):
        raise Malformed("“SubscribeURL” is no address of Amazon SNS.")
    return Subscription(plain(body.get("TopicArn"), TOPIC_LIMIT), url)


def _inside(message: Any) -> Told:
    if not isinstance(message, str):
        raise Malformed("“Message” must be a text.")
    try:
        found = json.loads(message)
    except (ValueError, RecursionError):
        return Told([], 1)  # Words for people, such as that the topic was set up.
    return _notification(found) if isinstance(found, dict) else Told([], 1)


def _notification(given: dict[str, Any]) -> Told:
    mail = _dict(given.get("mail"))
    ids = {"message_id": _own_id(mail), "service_id": mail.get("messageId")}
    match given.get("notificationType") or given.get("eventType"):
        case "Bounce":
            bounce = _dict(given.get("bounce"))
            permanent = bounce.get("bounceType") == "Permanent"
            return told_of(
                [
                    event_of(
                        Sort.BOUNCE,
                        each.get("emailAddress"),
                        permanent=permanent,
                        detail=each.get("diagnosticCode") or each.get("status"),
                        **ids,
                    )
                    for each in _dicts(bounce.get("bouncedRecipients"))
                ]
            )
        case "Complaint":
            complaint = _dict(given.get("complaint"))
            kind = complaint.get("complaintFeedbackType")
            people = _dicts(complaint.get("complainedRecipients"))
            if kind == NO_SPAM:
                return Told([], len(people))
            return told_of(
                [
                    event_of(Sort.COMPLAINT, each.get("emailAddress"), detail=kind, **ids)
                    for each in people
                ]
            )
        case "Delivery":
            addresses = _dict(given.get("delivery")).get("recipients")
            return told_of(
                [
                    event_of(Sort.DELIVERED, each, **ids)
                    for each in (addresses if isinstance(addresses, list) else [])
                ]
            )
        case _:
            return Told([], 1)


def _own_id(mail: dict[str, Any]) -> Any:
    """Give the Message-ID that the desk wrote; it is told where the headers are asked for."""
    for header in _dicts(mail.get("headers")):
        if str(header.get("name")).lower() == "message-id":
            return header.get("value")
    return ""


def _dict(given: Any) -> dict[str, Any]:
    return given if isinstance(given, dict) else {}


def _dicts(given: Any) -> list[dict[str, Any]]:
    return [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
