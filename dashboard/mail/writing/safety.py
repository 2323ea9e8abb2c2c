"""What of HTML an e-mail may hold: no scripts, no forms, no elements without end."""

import re
from collections import Counter
from functools import cache
from typing import Final

import nh3

from dashboard.mail.writing.links import SCHEMES
from dashboard.mail.writing.markers import Markers
from dashboard.mail.writing.refusals import Unwritable, Where
from dashboard.words import marked

# fmt: off
STYLES: Final = frozenset({
    "background-color", "border", "border-radius", "color", "font-size", "font-style",
    "font-weight", "margin", "padding", "text-align", "text-decoration", "vertical-align",
    "width",
})
TAGS: Final = frozenset({
    "a", "b", "blockquote", "br", "code", "del", "div", "em", "h1", "h2", "h3", "h4", "h5",
    "h6", "hr", "i", "img", "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub",
    "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
})
# fmt: on
ATTRIBUTES: Final = {
    "*": {"style"},
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "td": {"align", "valign", "colspan", "rowspan", "width"},
    "th": {"align", "valign", "colspan", "rowspan", "width"},
}

# An inliner of CSS goes down element by element, and falls off its stack at some thousands.
DEEPEST: Final = 100
TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# What holds nothing, and what is closed by itself or stands only in what is counted.
FLAT: Final = frozenset({"br", "hr", "img", "li", "p", "tbody", "td", "tfoot", "th", "thead", "tr"})
TOO_NESTED: Final = marked("Lists, quotes or elements stand too deep inside of one another")


def safe(html: str, markers: Markers, where: Where) -> str:
    """Give of *html* what mail may hold: no scripts, no forms, no addresses but of SCHEMES.

    Of all comments only those of conditions are left, which *markers* know. Raises Unwritable where
    elements stand deeper inside of one another than DEEPEST.
    """
    _measure(html, where)
    # Readers of HTML differ in where a comment ends, so none but ours may come to the next one.
    others = re.compile(f"(?!{markers.comment.pattern})<!--.*?-->", re.DOTALL)
    cleaned = others.sub("", _cleaner().clean(html))
    if "<tbody" not in html:  # A cleaner adds them, behind conditions that stand around rows.
        rows = re.compile(rf"((?:{markers.comment.pattern}\s*)+)(<tbody>)")
        cleaned = rows.sub(r"\3\1", cleaned)
    _measure(cleaned, where)
    return cleaned


def _measure(html: str, where: Where) -> None:
    """Raise Unwritable for *html* that nests too deep, also where its tags are not closed."""
    open_now: Counter[str] = Counter()
    depth = 0
    for is_end, written in TAG.findall(html):
        name = written.lower()
        if name in FLAT:
            continue
        if not is_end:
            open_now[name] += 1
            depth += 1
        elif open_now[name]:
            open_now[name] -= 1
            depth -= 1
        if depth > DEEPEST:
            raise Unwritable(TOO_NESTED, where=where, line=0)


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=TAGS,
        attributes=ATTRIBUTES,
        filter_style_properties=STYLES,
        url_schemes=SCHEMES,
        strip_comments=False,
        link_rel=None,
    )
