"""One thing that a mail service tells about one e-mail to one person."""

from email.utils import parseaddr
from enum import StrEnum
from typing import Any, Final, NamedTuple

from dashboard.jobs.contacts.address import NotAnAddress, normal_form

DETAIL_LIMIT: Final = 500  # characters
ID_LIMIT: Final = 200
SHORTEST_ID: Final = 16  # characters; a shorter one may stand in any sentence


class Sort(StrEnum):
    """What has happened."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    UNSUBSCRIBE = "unsubscribe"
    DELIVERED = "delivered"


class Event(NamedTuple):
    """What has happened to the e-mail to *address*, which is in its normal form.

    *message_id* is the one that the desk gave it, with its < and >, *service_id* the one that the
    mail service gave it when it took it; each is "" where it is not known. *permanent* says of a
    bounce that further e-mails will not arrive either, *is_lost* that this one is not tried any
    more, *detail* what a mail server said.

    What anybody may have told *needs_delivery*: it counts only where it is about an e-mail of the
    desk's, and for the address to which that went. Where e-mails are forwarded this may be one of
    *others*.
    """

    sort: Sort
    address: str
    permanent: bool = False
    message_id: str = ""
    service_id: str = ""
    detail: str = ""
    is_lost: bool = False
    others: tuple[str, ...] = ()
    needs_delivery: bool = False


class Subscription(NamedTuple):
    """A service asks whether it may tell things about *topic*: whoever opens *url* says yes."""

    topic: str
    url: str


class Told(NamedTuple):
    """What was told in one call; *others* counts what the desk has no use for."""

    events: list[Event]
    others: int = 0
    subscription: Subscription | None = None


class Malformed(ValueError):
    """What came is not what was agreed upon; the message is a sentence for whoever sends it."""


def event_of(
    sort: Sort,
    address: Any,
    *,
    permanent: bool = False,
    message_id: Any = "",
    service_id: Any = "",
    detail: Any = "",
) -> Event | None:
    """Give the event; None where *address* is none. Everything may be of any kind."""
    normal = address_of(address)
    if normal is None:
        return None
    ours = plain(message_id, ID_LIMIT)
    if ours and not ours.startswith("<"):
        ours = f"<{ours}>"
    theirs = plain(service_id, ID_LIMIT)
    return Event(
        sort,
        normal,
        permanent,
        ours,
        theirs if len(theirs) >= SHORTEST_ID else "",
        plain(detail, DETAIL_LIMIT),
    )


def address_of(given: Any) -> str | None:
    """Give an address in its normal form, also one as in “Ada <ada@example.org>”."""
    if not isinstance(given, str) or not given.isprintable():
        return None
    text = parseaddr(given)[1] if "<" in given else given
    try:
        return normal_form(text)
    except NotAnAddress:
        return None


def plain(given: Any, limit: int) -> str:
    """Give a text on one line, of *limit* characters at most, without what no database takes."""
    if not isinstance(given, str):
        return ""
    seen = given[: limit * 4]
    text = "".join(sign if sign.isprintable() else " " for sign in seen)
    return " ".join(text.split())[:limit]


def told_of(found: list[Event | None]) -> Told:
    """Give what was told, where some of it may be about no address."""
    events = [event for event in found if event is not None]
    return Told(events, len(found) - len(events))
