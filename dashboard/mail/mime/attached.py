"""Files that travel with a message."""

import re
from typing import Final, NamedTuple
from urllib.parse import quote

from dashboard.mail.mime.bad import CONTROL_IN_FILE_NAME, NO_MEDIA_TYPE, BadHeader, has_control
from dashboard.mail.mime.body import base64_lines
from dashboard.mail.mime.encoded import looks_encoded
from dashboard.mail.mime.folding import COLUMNS, folded
from dashboard.mail.mime.packing import packed

ANY_FILE: Final = "application/octet-stream"
LONGEST_PLAIN_NAME: Final = 60  # columns
PARAMETER: Final = len(" filename*999*=;")  # what stands around a piece of a name

_token: Final = r"[A-Za-z0-9!#$&^_.+-]{1,127}"
_media_type: Final = re.compile(rf"{_token}/{_token}(?:; {_token}={_token}){{0,9}}")
# Quotation marks that programs read differently, and blanks that folding or a reader may change.
_awkward: Final = re.compile(r'["\\]|  ')
# A message or a multipart must not be base64 (RFC 2045, 6.4), so it travels as any other file.
_not_in_base64: Final = ("message/", "multipart/")


class Attached(NamedTuple):
    """A file: its name as readers see it, its type such as text/csv ("": not known), its bytes.

    Blanks around the name are left out.
    """

    name: str
    media_type: str
    content: bytes

    def part(self) -> bytes:
        """Give it with the headers of its part, in base64; raises BadHeader."""
        kind = self.media_type or ANY_FILE
        if not _media_type.fullmatch(kind):
            raise BadHeader(NO_MEDIA_TYPE, media_type=kind)
        if kind.lower().startswith(_not_in_base64):
            kind = ANY_FILE
        head = (
            folded("Content-Type", kind.split(" "))
            + "Content-Transfer-Encoding: base64\r\n"
            + folded("Content-Disposition", _disposition(self.name))
        )
        return f"{head}\r\n".encode() + base64_lines(self.content)


def _disposition(name: str) -> list[str]:
    """Give the words of a Content-Disposition; names beyond ASCII or long as RFC 2231 has it."""
    if has_control(name):
        raise BadHeader(CONTROL_IN_FILE_NAME)
    name = name.strip()
    if not name:
        return ["attachment"]
    plain = name.isascii() and not looks_encoded(name) and not _awkward.search(name)
    if plain and len(name) <= LONGEST_PLAIN_NAME:
        return ["attachment;", f'filename="{name}"']
    signs = [quote(sign, safe="") for sign in name]
    room = COLUMNS - PARAMETER
    pieces = packed(signs, room - len("utf-8''"), room)
    if len(pieces) == 1:
        return ["attachment;", f"filename*=utf-8''{pieces[0]}"]
    words = [f"filename*{number}*={piece};" for number, piece in enumerate(pieces)]
    words[0] = words[0].replace("=", "=utf-8''", 1)
    return ["attachment;", *words[:-1], words[-1].removesuffix(";")]
