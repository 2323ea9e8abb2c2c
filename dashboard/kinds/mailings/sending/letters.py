"""The message of a mailing as each of its recipients gets it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Final

from flask import current_app

from dashboard.jobs.errors import Permanent, Transient
from dashboard.kinds.mailings.ledger import Claimed
from dashboard.kinds.mailings.unsubscribing import link_of
from dashboard.mail import Parcel
from dashboard.mail.mime import Attached, Mailbox, Mould, needs_utf8
from dashboard.mail.writing import Draft, Written, compile as made_ready, frame
from dashboard.models import Mailing
from dashboard.storage import Damaged, Storage, StorageError, prove
from dashboard.words import marked

WHY: Final = marked("You get this e-mail because your address is on a list of %(sender)s.")
LOST: Final = marked("The attachment “%(name)s” is lost or damaged, so nothing more is sent.")

_begins_a_field: Final = re.compile(r"\{(?=[{%#])")


@dataclass(frozen=True)
class Letters:
    """Fills what was written once, and shapes it into a message.

    *return_path* is the address in the envelope, to which mail servers return it. *link_of* gives
    the address at which a delivery's person stops the e-mails; None for an e-mail that is no bulk
    mail. *why* says why somebody gets one. *date* is one for all of them.
    """

    written: Written
    mould: Mould
    return_path: str
    date: datetime
    link_of: Callable[[int], str] | None = None
    why: str = ""

    def parcel(self, one: Claimed) -> Parcel:
        """Give what a carrier takes; raises MissingField, BadLink or BadHeader."""
        to = Mailbox(one.email)
        subject, text, html = self.written.render(one.values)
        link = self.link_of(one.id) if self.link_of else ""
        if link:
            html, text = frame(html, text, why=self.why, unsubscribe=link)
        body = self.mould.message(
            to=to,
            subject=subject,
            text=text,
            html=html,
            message_id=one.message_id,
            date=self.date,
            # Mail programs press it over a safe connection, or not at all (RFC 8058, 3.1).
            unsubscribe=link if link.startswith("https:") else "",
        )
        return Parcel(self.return_path, to.spec(), body, utf8=needs_utf8(to))


def letters_of(mailing: Mailing, date: datetime) -> Letters:
    """Give the letters of *mailing*. Raises Unwritable and BadHeader.

    Raises Permanent where an attachment is lost, Transient while the storage is away.
    """
    sender = _sender_of(mailing)
    reply_to = mailing.sender.reply_to if mailing.sender else ""
    mould = Mould(
        sender,
        reply_to=Mailbox(reply_to) if reply_to else None,
        attachments=_attachments_of(mailing),
    )
    if mailing.is_single and mailing.test_of_id is None:
        draft = Draft(literal(mailing.subject), literal(mailing.body))
        return Letters(made_ready(draft), mould, _return_path(sender), date)
    draft = Draft(mailing.subject, mailing.body, mailing.html, mailing.text)
    why = mailing.why or WHY % {"sender": sender.name or sender.address}
    return Letters(made_ready(draft), mould, _return_path(sender), date, link_of(), why)


def literal(text: str) -> str:
    """Give *text* so that no field is seen in it."""
    return _begins_a_field.sub("{% raw %}{{% endraw %}", text)


def _sender_of(mailing: Mailing) -> Mailbox:
    if mailing.sender is not None:
        return Mailbox(mailing.sender.address, mailing.sender.name)
    name, address = parseaddr(current_app.config["MAIL_SENDER"])
    return Mailbox(address, name)


def _return_path(sender: Mailbox) -> str:
    path = current_app.config["MAIL_RETURN_PATH"]
    return (Mailbox(path) if path else sender).spec()


def _attachments_of(mailing: Mailing) -> list[Attached]:
    storage: Storage = current_app.extensions["storage"]
    found = []
    for each in mailing.attachments:
        try:
            with storage.open(each["key"]) as file:
                prove(file, each["size"], each["sha256"])
                found.append(Attached(each["name"], each["media_type"], file.read()))
        except (FileNotFoundError, Damaged) as error:
            raise Permanent(LOST % {"name": each["name"]}) from error
        except StorageError as error:
            raise Transient(str(error)) from error
    return found
