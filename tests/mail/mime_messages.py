"""Messages of a mould, and how the standard library reads them."""

import re
from datetime import UTC, datetime
from email import message_from_string, policy
from email.errors import NonASCIILocalPartDefect
from email.message import EmailMessage
from typing import Any

from hypothesis import strategies as st

from dashboard.mail.mime import Mailbox, Mould

SENDER = Mailbox("desk@example.org", "Bellhop")
MARA = Mailbox("mara@example.org", "Mara Müller")
DATE = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
MESSAGE_ID = "<m-1@bellhop.invalid>"

# Whatever a header may hold, and more of what its grammar trips over.
sign = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"))
tricky = st.sampled_from(" \",;:<>()[]@\\=?_.%*'ab1ü日🎉")
line = st.text(sign | tricky, max_size=200) | st.text(tricky, max_size=60)
ascii_line = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=300)
broken = st.builds(
    "".join, st.tuples(line, st.sampled_from("\r\n\0\t\x0b\x0c\x1b\x7f\x85\u2028\u2029"), line)
)


def written(mould: Mould | None = None, **parts: Any) -> bytes:
    """Give a message of which only *parts* matter."""
    usual: dict[str, Any] = {
        "to": MARA,
        "subject": "Umsätze",
        "text": "Hallo Mara\n",
        "message_id": MESSAGE_ID,
        "date": DATE,
    }
    return (mould or Mould(SENDER)).message(**usual | parts)


def parsed(message: bytes) -> EmailMessage:
    """Give *message* as the standard library reads it, which must find nothing wrong."""
    found = message_from_string(message.decode(), policy=policy.SMTPUTF8)
    assert isinstance(found, EmailMessage)
    assert all(not part.defects for part in found.walk())
    defects = [defect for value in found.values() for defect in value.defects]
    assert all(isinstance(defect, NonASCIILocalPartDefect) for defect in defects)
    return found


def content(part: Any) -> str:
    """Give the text of *part* with newlines as Python has them."""
    text = part.get_content()
    assert isinstance(text, str)
    return text.replace("\r\n", "\n")


def kept(text: str) -> str:
    """Give what a message keeps of *text*: newlines are one sign, and the last line has one."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return lines if not lines or lines.endswith("\n") else f"{lines}\n"


def head(message: bytes) -> list[bytes]:
    """Give the lines of the headers of *message*."""
    return message.partition(b"\r\n\r\n")[0].split(b"\r\n")


def is_well_formed(message: bytes) -> bool:
    """Say whether all lines end in CRLF, none is over 998 octets and none holds a NUL.

    No line of a header is blank either: some programs take it for the end of all headers.
    """
    alone = re.search(rb"\r(?!\n)|(?<!\r)\n|\0", message)
    longest = max(map(len, message.split(b"\r\n")))
    if not all(text.strip() for text in head(message)):
        return False
    return alone is None and longest <= 998 and message.endswith(b"\r\n")
