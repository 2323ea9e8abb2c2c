"""The foot of every e-mail to many: why one gets it, and how to get no more."""

from functools import lru_cache
from typing import Final

from markupsafe import escape

from dashboard.mail.writing import page
from dashboard.mail.writing.lines import wrapped
from dashboard.mail.writing.links import NO_LINK, SHOWN, is_link
from dashboard.mail.writing.refusals import BadLink
from dashboard.words import marked

UNSUBSCRIBE: Final = marked("Unsubscribe")
LINE: Final = "-- "  # What mail programs take for the beginning of a signature (RFC 3676, 4.3).


def frame(
    html: str, text: str, *, why: str, unsubscribe: str, words: str = UNSUBSCRIBE
) -> tuple[str, str]:
    """Give *html* and *text* of a rendered message with *why* one gets it and a visible link.

    *unsubscribe* is the address of the link (http or https), *words* are what it says, in the
    language of the message. Raises BadLink where *unsubscribe* is none.
    """
    if not is_link(unsubscribe):
        raise BadLink(NO_LINK, address=unsubscribe[:SHOWN])
    begin, middle, last = _around(why, words)
    head, end, rest = html.rpartition(page.END)
    if end:
        html = f"{head}{begin}{escape(unsubscribe)}{middle}{end}{rest}"
    return html, f"{text.rstrip()}\n\n{last}{words}: {unsubscribe}\n".lstrip("\n")


@lru_cache(maxsize=100)
def _around(why: str, words: str) -> tuple[str, str, str]:
    """Give what is the same for all of a mailing: HTML around the address, text in front of it."""
    first, second, third, fourth = page.foot()
    begin = f"{first}{escape(why)}{second}"
    return begin, f"{third}{escape(words)}{fourth}", f"{LINE}\n{wrapped(why)}"
