"""What the message of a mailing says and weighs, looked at as a mail server does."""

import re
from collections.abc import Sequence
from html import unescape
from typing import Final, NamedTuple

from flask import current_app

from dashboard.kinds.mailings.drafts import draft_of
from dashboard.kinds.mailings.unsubscribing import PATH
from dashboard.mail.domain import Finding
from dashboard.mail.mime import BadHeader, Mailbox, Mould
from dashboard.mail.weight import File, weigh, weigh_attachments
from dashboard.mail.writing import Refusal, compile as made_ready, frame
from dashboard.models import Mailing, clock
from dashboard.words import marked

UNWRITABLE: Final = marked("No e-mail can be made of the message: %(reason)s.")
SOMEBODY: Final = Mailbox("somebody@example.org")
MESSAGE_ID: Final = "<deliverability@example.org>"
TOKEN: Final = "…"  # What stands for what differs with each recipient.
MARK: Final = re.compile(r"</?mark[^>]*>")


class Made(NamedTuple):
    """One e-mail with the names of its fields where values go; *size* is without attachments."""

    subject: str
    text: str
    html: str
    size: int


def message_findings(mailing: Mailing) -> list[Finding]:
    """Give what is so of the message, fields standing there by their names."""
    base = (current_app.config["PUBLIC_URL"] or "").rstrip("/")
    link = f"{base}{PATH}/{TOKEN}" if base else ""
    try:
        made = _made(mailing, link)
    except (Refusal, BadHeader) as error:
        return [Finding("wrong", UNWRITABLE, {"reason": str(error).rstrip(".")})]
    size = made.size + sum(file.travelling for file in _files(mailing))
    return weigh(subject=made.subject, text=made.text, html=made.html, size=size, unsubscribe=link)


def attachment_findings(mailing: Mailing) -> list[Finding]:
    """Give what is so of all that hangs at the message."""
    return weigh_attachments(_files(mailing))


def _files(mailing: Mailing) -> Sequence[File]:
    return [File(each["name"], int(each["size"])) for each in mailing.attachments]


def _made(mailing: Mailing, link: str) -> Made:
    """Give the e-mail; raises Refusal or BadHeader."""
    shown = made_ready(draft_of(mailing)).marked({})
    subject, text = (unescape(MARK.sub("", part)) for part in (shown.subject, shown.text))
    html = MARK.sub("", shown.html)
    if link:
        html, text = frame(html, text, why=mailing.why, unsubscribe=link)
    sender = mailing.sender
    mould = Mould(
        Mailbox(sender.address, sender.name) if sender else SOMEBODY,
        reply_to=Mailbox(sender.reply_to) if sender and sender.reply_to else None,
    )
    whole = mould.message(
        to=SOMEBODY,
        subject=subject,
        text=text,
        html=html,
        message_id=MESSAGE_ID,
        date=clock(),
    )
    return Made(subject, text, html, len(whole))
