"""Takes an e-mail apart (RFC 2045, RFC 2046), whatever it is: never with an error, and soon done.

The standard library's parser goes as deep as a message is nested and looks at each of its parts;
what stands in this mailbox may come from anybody.
"""

import binascii
import quopri
import re
from typing import Final, NamedTuple

HEAD_LIMIT: Final = 64 * 1024  # bytes
VALUE_LIMIT: Final = 2000  # characters
PARTS: Final = 20  # of one entity; a report has three

END_OF_HEAD: Final = re.compile(rb"(?:\A|\n)[ \t]*\r?(?:\n|\Z)")
NAME: Final = re.compile(rb"[!-9;-~]{1,76}")
BOUNDARY: Final = re.compile(
    r';\s*boundary\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))', re.IGNORECASE
)
REST_OF_LINE: Final = re.compile(rb"(--)?[ \t]*\r?(?:\n|\Z)")


class Entity(NamedTuple):
    """The *fields* of its head by their names in small letters, the first of each name."""

    fields: dict[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """Give its media type in small letters, as in text/plain."""
        return self.fields.get("content-type", "text/plain").partition(";")[0].strip().lower()

    @property
    def decoded(self) -> bytes:
        """Give its body without the encoding in which it travels."""
        match self.fields.get("content-transfer-encoding", "").strip().lower():
            case "base64":
                try:
                    return binascii.a2b_base64(self.body)
                except binascii.Error:
                    return b""
            case "quoted-printable":
                return quopri.decodestring(self.body)
        return self.body


def entity_of(raw: bytes) -> Entity:
    """Give the message or part in *raw*."""
    end = END_OF_HEAD.search(raw, 0, HEAD_LIMIT)
    if end is None:
        return Entity(fields_of(raw[:HEAD_LIMIT]), b"")
    return Entity(fields_of(raw[: end.start()]), raw[end.end() :])


def fields_of(block: bytes) -> dict[str, str]:
    """Give the header fields in *block*, unfolded."""
    found: dict[str, list[bytes]] = {}
    lines: list[bytes] = []
    for line in block.split(b"\n"):
        if line[:1] in (b" ", b"\t"):
            lines.append(line)
            continue
        name, colon, value = line.partition(b":")
        lines = [value]
        if colon and NAME.fullmatch(name.rstrip()):
            found.setdefault(name.rstrip().lower().decode(), lines)
    return {name: _text(b" ".join(lines)) for name, lines in found.items()}


def parts_of(entity: Entity) -> list[Entity]:
    """Give the parts of a multipart *entity*, at most PARTS of them; none of any other."""
    boundary = _boundary_of(entity)
    if not boundary:
        return []
    delimiter = b"\n--" + boundary.encode()
    # One more than is wanted, so that the last one holds what is left of all others.
    _, *chunks = (b"\n" + entity.body).split(delimiter, PARTS + 1)
    found: list[bytes] = []
    for chunk in chunks[:PARTS]:
        line = REST_OF_LINE.match(chunk)
        if line is None:  # A longer boundary that begins like ours.
            if found:
                found[-1] += delimiter + chunk
            continue
        if line[1]:
            break
        found.append(chunk[line.end() :])
    return [entity_of(raw) for raw in found]


def _boundary_of(entity: Entity) -> str:
    if not entity.media_type.startswith("multipart/"):
        return ""
    found = BOUNDARY.search(entity.fields.get("content-type", ""))
    if found is None:
        return ""
    return re.sub(r"\\(.)", r"\1", found[1]) if found[1] is not None else found[2]


def _text(raw: bytes) -> str:
    return " ".join(raw[: 2 * VALUE_LIMIT].decode(errors="replace").split())[:VALUE_LIMIT]
