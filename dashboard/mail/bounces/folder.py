"""Names of folders and other texts as IMAP takes them."""

import re
from base64 import b64encode
from typing import Final

BEYOND: Final = re.compile(r"[^\x20-\x7e]+")


def quoted(text: str) -> str:
    """Give ASCII *text* as a quoted string (RFC 3501 section 4.3)."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def modified_utf7(name: str) -> str:
    """Give the *name* of a folder in IMAP's own UTF-7 (RFC 3501 section 5.1.3)."""
    return BEYOND.sub(_shifted, name.replace("&", "&-"))


def _shifted(found: re.Match[str]) -> str:
    text = b64encode(found[0].encode("utf-16-be", "surrogatepass")).decode()
    return f"&{text.rstrip('=').replace('/', ',')}-"
