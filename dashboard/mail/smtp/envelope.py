"""What is said before a message (RFC 5321 section 3.3), and how its bytes travel."""

import re
from dataclasses import dataclass
from functools import lru_cache
from smtplib import SMTP
from typing import Final, Self

from dashboard.mail.carrier import Outcome, Parcel
from dashboard.mail.mishaps import BAD_RECIPIENT, BAD_SENDER, NO_UTF8, TOO_LARGE

END_OF_BODY: Final = b".\r\n"
LONGEST_ADDRESS: Final = 320  # bytes, so that no command is longer than servers take
# A word or a quoted one, and a name or an address literal: nothing that could end the command.
ADDRESS: Final = re.compile(
    r'(?:"(?:[^"\\]|\\.)*"|[^\s<>"()\[\]\\,;:@]+)@(?:[^\s<>"()\[\]\\,;:@]+|\[[^\s<>\[\]@]+\])'
)
LINE_END: Final = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True)
class Offers:
    """What the server offers; *size* in bytes, 0 where it sets no limit, None where it is mute."""

    pipelining: bool = False
    utf8: bool = False
    eight_bit: bool = False
    size: int | None = None

    @classmethod
    def of(cls, smtp: SMTP) -> Self:
        """Read the answer to EHLO (RFC 2920, 6531, 6152 and 1870)."""
        size = smtp.esmtp_features.get("size", "").strip() or "0"
        return cls(
            pipelining=smtp.has_extn("pipelining"),
            utf8=smtp.has_extn("smtputf8"),
            eight_bit=smtp.has_extn("8bitmime"),
            size=(int(size) if size.isdecimal() else 0) if smtp.has_extn("size") else None,
        )


def unfit(parcel: Parcel, offers: Offers) -> Outcome | None:
    """Give the outcome of a *parcel* that this server need not be asked about."""
    if parcel.sender and not _is_address(parcel.sender):
        return Outcome("failed", 0, BAD_SENDER)
    if not _is_address(parcel.to):
        return Outcome("failed", 0, BAD_RECIPIENT)
    if _needs_utf8(parcel) and not offers.utf8:
        return Outcome("failed", 0, NO_UTF8)
    if offers.size and len(parcel.body) > offers.size:
        return Outcome("failed", 0, TOO_LARGE)
    return None


def commands(parcel: Parcel, offers: Offers) -> tuple[bytes, bytes, bytes]:
    """Give the MAIL, RCPT and DATA of a *parcel* that is fit."""
    size = "" if offers.size is None else f" SIZE={len(parcel.body)}"
    utf8 = " SMTPUTF8" if _needs_utf8(parcel) else ""
    body = " BODY=8BITMIME" if utf8 and offers.eight_bit else ""
    return (
        f"MAIL FROM:<{parcel.sender}>{size}{body}{utf8}\r\n".encode(),
        f"RCPT TO:<{parcel.to}>\r\n".encode(),
        b"DATA\r\n",
    )


def ended(body: bytes) -> bytes:
    """Give *body* as it arrives: each line ends in CRLF, the last one also.

    Were a line end something else, a server might see the end of the message in it.
    """
    ends = body.count(b"\r\n")
    if body.count(b"\n") != ends or body.count(b"\r") != ends:
        body = LINE_END.sub(b"\r\n", body)
    return body if body.endswith(b"\r\n") or not body else body + b"\r\n"


def stuffed(body: bytes) -> bytes:
    """Give *body* as it travels: its line ends as they arrive, dots doubled at line starts."""
    body = ended(body).replace(b"\r\n.", b"\r\n..")
    return b"." + body if body.startswith(b".") else body


@lru_cache(maxsize=1_000)
def _is_address(text: str) -> bool:
    if not text.isprintable() or ADDRESS.fullmatch(text) is None:
        return False
    return len(text.encode()) <= LONGEST_ADDRESS


def _needs_utf8(parcel: Parcel) -> bool:
    return parcel.utf8 or not (parcel.sender.isascii() and parcel.to.isascii())
