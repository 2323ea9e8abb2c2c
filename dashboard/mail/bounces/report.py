"""What a report says of e-mails that could not be delivered (RFC 3464), one record a recipient."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from dashboard.mail.bounces.entity import Entity, entity_of, fields_of, parts_of
from dashboard.mail.replies import ENHANCED, plain

DEPTH: Final = 4  # multiparts in one another; a gateway may wrap a report, nobody does so twice
MOST: Final = 50  # recipients; an e-mail of the desk has one
ADDRESS_LIMIT: Final = 320  # characters

STATUS_TYPES: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
RETURNED_TYPES: Final = frozenset(
    {
        *("message/rfc822", "message/global"),
        *("text/rfc822-headers", "message/rfc822-headers", "message/global-headers"),
    }
)

BLANK_LINE: Final = re.compile(rb"\r?\n[ \t]*\r?\n")
TYPED: Final = re.compile(r"\s*([\w.-]{1,40})\s*;\s*(.*)", re.DOTALL)
IN_BRACKETS: Final = re.compile(r"<([^<>]*)>")
MESSAGE_ID: Final = re.compile(r"<[^<>\s]+>")
STATUS: Final = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
CODE: Final = re.compile(r"[245]\d\d(?=[ -]|$)")
XTEXT: Final = re.compile(r"\+([0-9A-F]{2})")
EMBEDDED: Final = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")
LAST_CHARACTER: Final = 0x10FFFF


@dataclass(frozen=True)
class Report:
    """What became of one recipient of one e-mail; each text is "" where it is not known.

    *final* is the address at which it failed, *original* the one that it was sent to at first,
    *to* the one in the header of the e-mail itself. *action* is failed, delayed, delivered,
    relayed or expanded, *status* as 5.1.1, *message_id* that of the e-mail, with < and >.
    """

    final: str
    original: str
    to: str
    action: str
    status: str
    diagnostic: str
    message_id: str

    @property
    def addresses(self) -> tuple[str, ...]:
        """Give all of these addresses, and as some servers spell them (RFC 3461 section 4)."""
        spelled = (self.final, self.original, XTEXT.sub(_sign, self.original), self.to)
        return tuple(dict.fromkeys(filter(None, spelled)))

    @property
    def has_failed(self) -> bool:
        """Say whether nobody tries it any more."""
        return self.action == "failed"

    @property
    def is_delayed(self) -> bool:
        """Say whether it is still tried."""
        return self.action == "delayed"

    @property
    def names_no_mailbox(self) -> bool:
        """Say whether it failed because there is no such address: nothing will ever arrive.

        That is judged as the answers of mail servers are, for it ends all e-mails to somebody: a
        mailbox that is full, or a message that was taken for spam, is none of that.
        """
        if not self.has_failed or not self.status.startswith("5"):
            return False
        code = CODE.match(self.diagnostic)
        words = self.diagnostic
        if not ENHANCED.search(words):
            words = f"{self.status} {words}"
        return plain(int(code[0]) if code else 550, words).category == "bad-address"


def reports_of(raw: bytes) -> list[Report]:
    """Give what the message *raw* reports: nothing where it is no report, or none to be read."""
    message = entity_of(raw)
    found = _report_in(message, DEPTH)
    if found is None:
        return []
    parts = parts_of(found)
    status = next((part for part in parts if part.media_type in STATUS_TYPES), None)
    returned = next((part for part in parts if part.media_type in RETURNED_TYPES), None)
    if status is None:
        return []
    blocks = BLANK_LINE.split(status.decoded.strip(), MOST + 1)[: MOST + 1]
    groups = [fields_of(block) for block in blocks]
    original = entity_of(returned.decoded.lstrip()).fields if returned is not None else {}
    message_id = _message_id(original, groups[0], message)
    to = _address(original.get("to", ""))
    return list(_records(groups, to, message_id))


def _report_in(entity: Entity, depth: int) -> Entity | None:
    """Give the report that *entity* is, or that it holds."""
    if entity.media_type == "multipart/report":
        return entity
    if depth == 0 or not entity.media_type.startswith("multipart/"):
        return None
    inside = (_report_in(part, depth - 1) for part in parts_of(entity))
    return next((found for found in inside if found is not None), None)


def _records(groups: list[dict[str, str]], to: str, message_id: str) -> Iterator[Report]:
    for fields in groups:
        if "action" not in fields or not fields.keys() & {"final-recipient", "original-recipient"}:
            continue
        diagnostic = _typed(fields.get("diagnostic-code", ""))[1]
        status = STATUS.search(fields.get("status", "")) or STATUS.search(diagnostic)
        yield Report(
            final=_recipient(fields.get("final-recipient", "")),
            original=_recipient(fields.get("original-recipient", "")),
            to=to,
            action=(fields["action"].split() or [""])[0].lower(),
            status=status[1] if status else "",
            diagnostic=diagnostic,
            message_id=message_id,
        )


def _message_id(original: Mapping[str, str], about_all: Mapping[str, str], message: Entity) -> str:
    """Give the Message-ID of the e-mail: some servers return nothing of it, but name it."""
    for text in (
        original.get("message-id", ""),
        about_all.get("x-original-message-id", ""),
        message.fields.get("in-reply-to", ""),
    ):
        if found := MESSAGE_ID.search(text):
            return found[0]
    return ""


def _recipient(text: str) -> str:
    """Give the address of a field “type; address” (RFC 3464 section 2.3.1, RFC 6533)."""
    kind, address = _typed(text)
    if kind not in ("", "rfc822", "smtp", "utf-8"):
        return ""
    return _address(EMBEDDED.sub(_character, address) if kind == "utf-8" else address)


def _typed(text: str) -> tuple[str, str]:
    """Give type and value of “type; value”, the type "" where there is none."""
    found = TYPED.fullmatch(text)
    return (found[1].lower(), found[2].strip()) if found else ("", text.strip())


def _address(text: str) -> str:
    """Give the address of “Ada <ada@example.org>”; "" for what cannot be one."""
    found = IN_BRACKETS.search(text)
    address = (found[1] if found else text).strip()
    return address if "@" in address and len(address) <= ADDRESS_LIMIT else ""


def _sign(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def _character(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    is_one = number <= LAST_CHARACTER and not 0xD800 <= number <= 0xDFFF
    return chr(number) if is_one else "\N{REPLACEMENT CHARACTER}"
