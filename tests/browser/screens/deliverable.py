"""Mailings whose senders' domains are good, not so good, silent, or sign with another key."""

from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.mail.domain.dkim import USUAL
from dashboard.models import Mailing, MailingState, Sender, User, clock, transaction
from tests.mail.keys import key_file, rsa
from tests.mail.name_server import Zone

KEY: Final = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A" + "A" * 360  # As long as one of 2048 bits.
# What the DNS says of the senders of these mailings; of silent.example it says nothing.
ZONE: Final[Zone] = {
    "good.example": ["v=spf1 include:_spf.good.example ip4:192.0.2.0/24 -all"],
    "_spf.good.example": ["v=spf1 ip4:198.51.100.0/24 -all"],
    "s1._domainkey.good.example": [f"v=DKIM1; k=rsa; p={KEY}"],
    "_dmarc.good.example": ["v=DMARC1; p=reject; rua=mailto:dmarc@good.example"],
    "mixed.example": ["v=spf1 include:_spf.mail.example ?all"],
    "_spf.mail.example": ["v=spf1 ip4:203.0.113.0/24 -all"],
    "_dmarc.mixed.example": ["v=DMARC1; p=none"],
    "signed.example": ["v=spf1 ip4:192.0.2.0/24 -all"],
    "m2026._domainkey.signed.example": [f"v=DKIM1; k=rsa; p={KEY}"],
    "_dmarc.signed.example": ["v=DMARC1; p=quarantine"],
    "silent.example": "servfail",
    "_dmarc.silent.example": "servfail",
    **{f"{name}._domainkey.silent.example": "servfail" for name in USUAL},
}
GOOD: Final = (
    "Dear {{ name }},\n\nwe open the autumn fair on **12 October** and would like to see you there."
    " There are 120 stands in three halls, and talks all day long.\n\n"
    "[Look at the programme](https://fair.example/programme)\n\nThe events team"
)
MIXED: Final = "See [www.fair.example](http://tickets.example/fair) and come.\n"
FILES: Final = (
    ("Programme.pdf", 3_400_000),
    ("Stand plan.xlsm", 240_000),
    ("Screensaver.scr", 90_000),
)


def signing(folder: Path) -> str:
    """Give the setting of a desk that signs for one of these domains."""
    return f"signed.example m2026 {key_file(folder, rsa(2048).pem())}"


def fill_deliverable(email: str) -> dict[str, str]:
    """Make four drafts: the domains of their senders are good, not so good, silent, and signed."""
    by = db.session.scalars(select(User.id).where(User.email == email)).one()
    files = [
        {"name": name, "media_type": "application/octet-stream", "key": "-", "size": size}
        for name, size in FILES
    ]
    parts: dict[str, dict[str, Any]] = {
        "good": {"subject": "Come to the autumn fair", "body": GOOD},
        "mixed": {"subject": "AUTUMN FAIR!", "body": MIXED, "attachments": files},
        "silent": {"subject": "Come to the autumn fair", "body": GOOD},
        "signed": {"subject": "Come to the autumn fair", "body": GOOD},
    }
    made = {}
    for name, given in parts.items():
        with transaction() as session:
            now = clock()
            sender = Sender(
                name="Events", address=f"events@{name}.example", roles=["staff"], made_at=now
            )
            session.add(sender)
            session.flush()
            mailing = Mailing(
                title="Autumn fair invitation",
                sender_id=sender.id,
                state=MailingState.DRAFT,
                made_by_id=by,
                made_at=now,
                changed_at=now,
                **given,
            )
            session.add(mailing)
            session.flush()
            made[f"deliverable-{name}"] = str(mailing.id)
    return made
