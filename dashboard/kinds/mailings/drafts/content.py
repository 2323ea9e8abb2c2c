"""What a mailing says, and the digest that stands for it."""

import hashlib
import json

from dashboard.mail.writing import Draft
from dashboard.models import Mailing


def draft_of(mailing: Mailing) -> Draft:
    """Give what was written, to be compiled."""
    return Draft(mailing.subject, mailing.body, mailing.html, mailing.text)


def content_digest(mailing: Mailing) -> str:
    """Give the SHA-256 of all that a recipient gets to see: what was approved is what is sent."""
    sender = mailing.sender
    parts = [
        [sender.id, sender.name, sender.address, sender.reply_to] if sender else None,
        [mailing.subject, mailing.body, mailing.html, mailing.text, mailing.why],
        [[each["name"], each["media_type"], each["sha256"]] for each in mailing.attachments],
    ]
    told = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
