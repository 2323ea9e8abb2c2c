"""What is seen of the HTML of a message: its words, links and images."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Final, NamedTuple

COMMENT, COMMENT_END = "<!--", "-->"
HIDDEN: Final = re.compile(r"<(?:script|style|title)\b", re.IGNORECASE)
HIDDEN_END: Final = re.compile(r"</(?:script|style|title)\s*>", re.IGNORECASE)
TAG: Final = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^>"']|"[^"]*"|'[^']*')*+)>""")
TAG_START: Final = re.compile(r"</?[a-zA-Z]")
ATTRIBUTE: Final = re.compile(r"""([a-zA-Z-]+)\s*+(?:=\s*+("[^"]*"|'[^']*'|[^\s"'>]+))?""")
INLINE: Final = {"b", "em", "font", "i", "mark", "small", "span", "strong", "sub", "sup", "u"}


class Link(NamedTuple):
    """Where a link leads, and what stands there to be read."""

    target: str
    words: str = ""


@dataclass
class Page:
    """What is seen; *images* are their texts, None where one has none."""

    words: str = ""
    links: list[Link] = field(default_factory=list)
    images: list[str | None] = field(default_factory=list)


def read(html: str) -> Page:
    """Give what is seen of *html*.

    Not by html.parser, which takes quadratic time over broken markup and raises on some of it: here
    each sign is looked at a few times, whatever it is.
    """
    first, *rest = html.split(COMMENT)
    shown = first + "".join(part.partition(COMMENT_END)[2] for part in rest)
    first, *rest = HIDDEN.split(shown)
    return _walked(first + "".join("".join(HIDDEN_END.split(part, 1)[1:]) for part in rest))


def _walked(html: str) -> Page:
    """Go through *html*, which has neither comments nor scripts, tag by tag."""
    page, said = Page(), list[str]()
    target, since, at = "", 0, 0

    def leave() -> None:
        if target:
            page.links.append(Link(target, unescape("".join(said[since:]))))

    while start := TAG_START.search(html, at):
        said.append(html[at : start.start()])
        tag = TAG.match(html, start.start())
        at = tag.end() if tag else len(html)  # Nothing is seen of a tag that never ends.
        name = tag[2].lower() if tag else ""
        if tag and name == "img":
            page.images.append(_attributes(tag[3]).get("alt"))
        elif tag and name == "a":
            leave()
            target = "" if tag[1] else _attributes(tag[3]).get("href", "").strip()
            since = len(said)
        elif name not in INLINE:
            said.append(" ")
    said.append(html[at:])
    leave()
    page.words = unescape("".join(said))
    return page


def _attributes(text: str) -> dict[str, str]:
    """Give the attributes of a tag, of two by one name the first, as browsers do."""
    found = reversed(ATTRIBUTE.findall(text))
    return {name.lower(): unescape(_unquoted(value)) for name, value in found}


def _unquoted(value: str) -> str:
    return value[1:-1] if value[:1] in ("'", '"') else value
