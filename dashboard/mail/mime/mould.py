"""What all messages of a mailing share is encoded once; each message is poured into it."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from types import MappingProxyType
from typing import Final

from dashboard.mail.mime.attached import Attached
from dashboard.mail.mime.bad import NO_HEADER, NO_LINK, NO_MESSAGE_ID, TAKEN, BadHeader
from dashboard.mail.mime.body import text_part
from dashboard.mail.mime.folding import LONGEST_WORD, folded, text_field, token_field
from dashboard.mail.mime.mailbox import Mailbox, mailbox_field

NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})
LONGEST_HEADER: Final = 50  # characters of a name, so that its first line has room for a value

# Neither encoding of a part can write “=_”, so no part holds these (RFC 2045, 6.7).
_mixed: Final = b"=_mixed"
_alternative: Final = b"=_alternative"

_header: Final = re.compile(rf"[A-Za-z][A-Za-z0-9-]{{0,{LONGEST_HEADER - 1}}}")
# Written by a message itself, or by nobody who writes to one recipient at a time.
_own: Final = frozenset(
    {
        "from",
        "sender",
        "reply-to",
        "to",
        "cc",
        "bcc",
        "return-path",
        "subject",
        "date",
        "message-id",
        "mime-version",
        "list-unsubscribe",
        "list-unsubscribe-post",
    }
)
# Addresses without brackets, quotation marks and blanks; the first sign behind // is of a host.
_link: Final = re.compile(rf"https://(?![/?#])[!#-;=?-~]{{1,{LONGEST_WORD - 10}}}")
_atoms: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,120}"
_message_id: Final = re.compile(rf"<{_atoms}@{_atoms}>")


class Mould:
    """The sender, headers and attachments that the messages of a mailing have in common.

    Raises BadHeader where one of them cannot stand in a message.
    """

    def __init__(
        self,
        sender: Mailbox,
        *,
        reply_to: Mailbox | None = None,
        headers: Mapping[str, str] = NO_HEADERS,
        attachments: Sequence[Attached] = (),
    ) -> None:
        head = mailbox_field("From", sender)
        if reply_to is not None:
            head += mailbox_field("Reply-To", reply_to)
        self._head = head + _fields(headers, _own)
        self._taken = _own | {name.lower() for name in headers}
        self._files = [file.part() for file in attachments]
        self._dated: tuple[datetime | None, str] = None, ""

    def message(
        self,
        *,
        to: Mailbox,
        subject: str,
        text: str,
        html: str = "",
        message_id: str,
        date: datetime,
        unsubscribe: str = "",
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> bytes:
        """Give one message (RFC 5322): ASCII lines that end in CRLF, not dot-stuffed.

        *text* and *html* get a line's end where their last line has none; without *html* there
        is only text. *message_id* has its < and >; *date* its zone; *unsubscribe* is an https
        address that takes a POST (RFC 8058), "" where there is none. Only an address whose part
        before the @ is not ASCII puts UTF-8 into a header (see needs_utf8). Raises BadHeader.
        """
        if not _message_id.fullmatch(message_id):
            raise BadHeader(NO_MESSAGE_ID, message_id=message_id)
        head = (
            self._head
            + mailbox_field("To", to)
            + text_field("Subject", subject)
            + self._date(date)
            + folded("Message-ID", (message_id,))
        )
        if unsubscribe:
            head += _unsubscribing(unsubscribe)
        if headers:
            head += _fields(headers, self._taken)
        return head.encode() + b"MIME-Version: 1.0\r\n" + self._body(text, html)

    def _date(self, date: datetime) -> str:
        """Give the Date, which most messages share."""
        known, field = self._dated
        if date is not known:
            field = f"Date: {format_datetime(date)}\r\n"
            self._dated = date, field
        return field

    def _body(self, text: str, html: str) -> bytes:
        body = text_part(text, "plain")
        if html:
            body = _multipart(b"alternative", _alternative, [body, text_part(html, "html")])
        if self._files:
            body = _multipart(b"mixed", _mixed, [body, *self._files])
        return body


def _multipart(kind: bytes, boundary: bytes, parts: list[bytes]) -> bytes:
    """Give *parts* as one (RFC 2046, 5.1)."""
    between = b"\r\n--%b\r\n" % boundary
    head = b'Content-Type: multipart/%b; boundary="%b"\r\n' % (kind, boundary)
    return b"%b%b%b\r\n--%b--\r\n" % (head, between, between.join(parts), boundary)


def _fields(headers: Mapping[str, str], taken: frozenset[str]) -> str:
    """Give *headers* as lines; raises BadHeader for a name that is *taken* or is none."""
    seen = set(taken)
    lines = []
    for name, value in headers.items():
        if not _header.fullmatch(name):
            raise BadHeader(NO_HEADER, field=name)
        low = name.lower()
        if low in seen or low.startswith("content-"):
            raise BadHeader(TAKEN, field=name)
        seen.add(low)
        lines.append(token_field(name, value))
    return "".join(lines)


def _unsubscribing(link: str) -> str:
    if not _link.fullmatch(link):
        raise BadHeader(NO_LINK)
    one_click = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    return folded("List-Unsubscribe", [f"<{link}>"]) + one_click
