"""The desk's own form, for whatever reads bounces: {"events": [{"type": …, "address": …}]}."""

from typing import Any, Final

from dashboard.kinds.mailings.hooks.event import Event, Malformed, Sort, Told, event_of, told_of

MOST: Final = 1000  # events of one call
TEXTS: Final = ("message_id", "at", "detail")


def read(body: Any) -> Told:
    """Read what was sent; a type that is not known is left out. Raises Malformed."""
    events = body.get("events") if isinstance(body, dict) else None
    if not isinstance(events, list):
        raise Malformed("Send an object with a list “events”.")
    if len(events) > MOST:
        raise Malformed(f"Send at most {MOST:,} events at a time.")
    return told_of([_event(f"events[{place}]", each) for place, each in enumerate(events)])


def _event(where: str, given: Any) -> Event | None:
    if not isinstance(given, dict):
        raise Malformed(f"{where} is no object.")
    for name in ("type", "address"):
        if not isinstance(given.get(name), str):
            raise Malformed(f"{where} needs a text “{name}”.")
    for name in TEXTS:
        if not isinstance(given.get(name, ""), str):
            raise Malformed(f"{where}: “{name}” must be a text.")
    if given["type"] not in set(Sort):
        return None
    sort = Sort(given["type"])
    permanent = given.get("permanent")
    if sort == Sort.BOUNCE and not isinstance(permanent, bool):
        raise Malformed(f"{where} needs “permanent”: true or false.")
    return event_of(
        sort,
        given["address"],
        permanent=sort == Sort.BOUNCE and permanent is True,
        message_id=given.get("message_id"),
        detail=given.get("detail"),
    )
