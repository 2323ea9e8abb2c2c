"""Where a mailing stands: in words and signs, and on which page."""

from typing import Final

from flask import url_for

from dashboard.models import Mailing, MailingState
from dashboard.words import marked

# The sign of each state, as templates/ui/state.html knows it, and the word beside it.
STATES: Final[dict[str, tuple[str, str]]] = {
    MailingState.DRAFT: ("draft", marked("Draft")),
    MailingState.ASKED: ("waiting", marked("Waits for approval")),
    MailingState.SENDING: ("running", marked("Sending")),
    MailingState.PAUSED: ("paused", marked("Paused")),
    MailingState.FINISHED: ("succeeded", marked("Finished")),
    MailingState.STOPPED: ("cancelled", marked("Stopped")),
}
VIEWS: Final[dict[str, str]] = {
    MailingState.DRAFT: "drafts.edit",
    MailingState.ASKED: "sendoff.show",
}
SCHEDULED: Final = ("waiting", marked("Waits for its time"))


def state_of(mailing: Mailing) -> tuple[str, str]:
    """Give the sign and the word of a mailing's state."""
    is_ahead = mailing.send_at is not None and mailing.started_at is None
    if mailing.state == MailingState.SENDING and is_ahead:
        return SCHEDULED
    return STATES[mailing.state]


def page_of(mailing: Mailing) -> str:
    """Give the page of a mailing: where it is written, approved or watched."""
    view = VIEWS.get(mailing.state, "watch.show")
    return url_for(view, mailing_id=mailing.id)
