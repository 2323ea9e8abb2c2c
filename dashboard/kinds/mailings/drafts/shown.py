"""The HTML of a message as a page of the desk shows it: its words, in the desk's own dress."""

import re
from functools import cache
from html import unescape
from typing import Final

import nh3
from markupsafe import Markup, escape

from dashboard.mail.writing.safety import ATTRIBUTES, TAGS

# A page has headings of its own above those of a message.
HEADING: Final = re.compile(r"(</?h)([1-6])\b")
LOWER: Final = 2
LOWEST: Final = 6
# Pictures lie on other machines, which no page of the desk asks: their words stand for them.
PICTURE: Final = re.compile(r'<img((?:\s[a-z-]+="[^"]*")*)\s*/?>')
WORDS: Final = re.compile(r'\salt="([^"]*)"')


def shown(page: str) -> Markup:
    """Give what stands in a whole *page* that the writing package has made, without its styles."""
    html = _cleaner().clean(page)
    html = HEADING.sub(lambda at: f"{at[1]}{min(LOWEST, int(at[2]) + LOWER)}", html)
    return Markup(PICTURE.sub(_words_of, html))


def _words_of(picture: re.Match[str]) -> str:
    words = WORDS.search(picture[1])
    return str(escape(f"[{unescape(words[1])}]")) if words and words[1] else ""


@cache
def _cleaner() -> nh3.Cleaner:
    attributes = {tag: names - {"style"} for tag, names in ATTRIBUTES.items()}
    return nh3.Cleaner(
        tags=TAGS | {"mark"},
        attributes={**attributes, "mark": {"class"}},
        url_schemes={"http", "https", "mailto"},
        set_tag_attribute_values={"a": {"target": "_blank"}},
        link_rel="noopener noreferrer",
    )
