"""What a report by e-mail tells, as a mail service would have told it."""

from dashboard.kinds.mailings.hooks.event import Event, Sort, address_of, event_of
from dashboard.mail.bounces import Report


def told_by(report: Report) -> Event | None:
    """Give the event; None for one that is no bounce, or cannot be about an e-mail of the desk's.

    Anybody can write to the mailbox: it counts only where it names the Message-ID of a delivery.
    """
    if not report.message_id or not (report.has_failed or report.is_delayed):
        return None
    found = dict.fromkeys(filter(None, map(address_of, report.addresses)))
    if not found:
        return None
    first, *others = found
    event = event_of(
        Sort.BOUNCE,
        first,
        permanent=report.names_no_mailbox,
        message_id=report.message_id,
        detail=report.diagnostic or report.status,
    )
    assert event is not None
    return event._replace(is_lost=report.has_failed, others=tuple(others), needs_delivery=True)
