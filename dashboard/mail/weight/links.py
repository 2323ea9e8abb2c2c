"""The links of a message: whether each leads where its words say, and safely."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final, Literal
from urllib.parse import SplitResult, unquote, urlsplit

import idna

from dashboard.mail.domain.finding import Finding
from dashboard.mail.domain.organisation import organisational
from dashboard.mail.weight.page import Link
from dashboard.words import marked

SHOWN: Final = 10  # links in one finding
SHORTENED: Final = 120  # signs of words and of an address that are shown
# What looks like the name of a domain and is that of a file.
FILES: Final = {"csv", "doc", "docx", "htm", "html", "jpg", "md", "pdf", "png", "txt", "zip"}

NO_LINKS: Final = marked("There are no links.")
LINKS: Final = marked("Links: %(number)s. Each leads where its words say.")
MISLEADING: Final = marked("Links whose words name another address than they lead to: %(number)s.")
UNENCRYPTED: Final = marked("Links that begin with http:// instead of https://: %(number)s.")

ADDRESS: Final = re.compile(r"""(?:https?://|www\.)[^\s<>"']+""", re.IGNORECASE)
BARE: Final = re.compile(r"(?:[\w-]+\.)+([a-z]{2,24})(?:[/:?#]\S*)?", re.IGNORECASE)
MAILBOX: Final = re.compile(r"[^\s@]+@([^\s@]+\.[^\s@]+)")


def links_in(text: str) -> list[Link]:
    """Give the addresses that stand in a plain *text*, which programs make links of."""
    return [Link(found) for found in ADDRESS.findall(text)]


def weigh_links(links: Sequence[Link]) -> Iterator[Finding]:
    """Give what is so of *links*, those that are to be changed with the first of them."""
    misleading = [
        f"{_short(link.words)} → {_short(link.target)}" for link in links if _misleads(link)
    ]
    plain = [_short(link.target) for link in links if link.target.lower().startswith("http://")]
    if misleading:
        yield _listed("wrong", MISLEADING, misleading)
    if plain:
        yield _listed("weak", UNENCRYPTED, plain)
    if not misleading and not plain:
        yield Finding("good", LINKS if links else NO_LINKS, {"number": len(links)})


def _listed(state: Literal["weak", "wrong"], sentence: str, which: Sequence[str]) -> Finding:
    return Finding(state, sentence, {"number": len(which)}, "\n".join(which[:SHOWN]))


def _short(text: str) -> str:
    return " ".join(text.split())[:SHORTENED]


def _misleads(link: Link) -> bool:
    """Tell whether the words name an address of somebody else than the target."""
    parts = _split(link.target)
    if parts is None:
        return False
    mailbox = unquote(parts.path).casefold() if parts.scheme == "mailto" else ""
    host = mailbox.rpartition("@")[2] or parts.hostname
    words = link.words.strip()
    if (written := MAILBOX.fullmatch(words)) and mailbox:
        return words.casefold() != mailbox
    named = written[1] if written else _named(words)
    return bool(host and named) and _owner(named) != _owner(host or "")


def _named(words: str) -> str:
    """Give the host that *words* name, "" where they name none."""
    address = ADDRESS.search(words) or BARE.fullmatch(words)
    if address is None or (address.lastindex and address[1].lower() in FILES):
        return ""
    parts = _split(address[0] if "://" in address[0] else f"http://{address[0]}")
    return (parts and parts.hostname) or ""


def _split(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None


def _owner(host: str) -> str:
    """Give the domain that belongs to whoever has *host*; an IP address is nobody else's."""
    host = host.rstrip(".").casefold()
    with suppress(UnicodeError):
        host = idna.encode(host, uts46=True).decode()
    return host if host[-1:].isdigit() else organisational(host)
