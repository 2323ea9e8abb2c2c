"""What Postmark tells: https://postmarkapp.com/developer/webhooks/webhooks-overview."""

from typing import Any, Final

from dashboard.kinds.mailings.hooks.event import Malformed, Sort, Told, event_of, told_of

# https://postmarkapp.com/developer/api/bounce-api: those after which nothing will ever arrive.
PERMANENT: Final = frozenset({"HardBounce", "BadEmailAddress"})
# Why Postmark itself sends nothing more to somebody.
REASONS: Final = {
    "HardBounce": (Sort.BOUNCE, True),
    "SpamComplaint": (Sort.COMPLAINT, False),
    "ManualSuppression": (Sort.UNSUBSCRIBE, False),
}


def read(body: Any) -> Told:
    """Read what was sent. Raises Malformed."""
    sort = body.get("RecordType") if isinstance(body, dict) else None
    if not isinstance(sort, str):
        raise Malformed("Send what Postmark sends: an object with a “RecordType”.")
    match sort:
        case "Bounce":
            return _bounce(body)
        case "SpamComplaint":
            return _event(body, Sort.COMPLAINT, "Email")
        case "SubscriptionChange":
            reason = str(body.get("SuppressionReason"))
            if body.get("SuppressSending") is not True or reason not in REASONS:
                return Told([], 1)  # Who is let off there is not let off here.
            told, permanent = REASONS[reason]
            return _event(body, told, "Recipient", permanent=permanent)
        case "Delivery":
            return _event(body, Sort.DELIVERED, "Recipient")
        case _:
            return Told([], 1)


def _bounce(body: dict[str, Any]) -> Told:
    match body.get("Type"):
        case "SpamComplaint":
            return _event(body, Sort.COMPLAINT, "Email")
        case "Unsubscribe":
            return _event(body, Sort.UNSUBSCRIBE, "Email")
        case kind:
            permanent = isinstance(kind, str) and kind in PERMANENT
            return _event(body, Sort.BOUNCE, "Email", permanent=permanent)


def _event(body: dict[str, Any], sort: Sort, name: str, *, permanent: bool = False) -> Told:
    event = event_of(
        sort,
        body.get(name),
        permanent=permanent,
        service_id=body.get("MessageID"),
        detail=body.get("Details") or body.get("Description"),
    )
    return told_of([event])
