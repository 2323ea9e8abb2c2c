"""A message as a whole: its size, its images, its subject, and whether it can be left."""

from collections.abc import Iterator
from typing import Final

from dashboard.mail.domain.finding import Finding
from dashboard.mail.weight.links import links_in, weigh_links
from dashboard.mail.weight.page import Page, read
from dashboard.words import marked

KB: Final = 1_000  # bytes
CLIPPED: Final = 100 * KB  # of HTML: Gmail shows 102 KB, and hides the rest behind a link.
TOO_LARGE: Final = 10_000 * KB  # of a message: many mail servers take no more.
HARDLY: Final = 200  # signs of text beside images, as little as a footer has
SHOUTED: Final = 8  # letters; fewer may be an abbreviation

SIZE: Final = marked("The message has %(size)s KB.")
LONG: Final = marked(
    "The HTML has %(size)s KB: some mail programs hide what is beyond %(limit)s KB."
)
LARGE: Final = marked(
    "The message has %(size)s KB: many mail servers refuse more than %(limit)s KB."
)
NO_IMAGES: Final = marked("There are no images.")
IMAGES: Final = marked("Images: %(number)s. Each has a text for those who do not see it.")
NO_ALT: Final = marked("Images without a text for those who do not see them: %(number)s.")
ONLY_IMAGES: Final = marked("There is hardly any text beside the images, which looks like spam.")
EMPTY: Final = marked("The message is empty.")
CAN_LEAVE: Final = marked("Whoever gets the message can unsubscribe with one click.")
CANNOT_LEAVE: Final = marked(
    "List-Unsubscribe with an https address is missing, which large mail providers ask for."
)
NO_SUBJECT: Final = marked("The subject is empty.")
CAPITALS: Final = marked("The subject is all in capitals, which looks like spam.")
SUBJECT: Final = marked("The message has a subject that is not all in capitals.")


def weigh(
    *, subject: str, text: str, html: str = "", size: int, unsubscribe: str = "", bulk: bool = True
) -> list[Finding]:
    """Give what is so of a message: one finding or more on each thing, good ones included.

    *size* is that of the whole message in bytes, attachments included; *unsubscribe* the address in
    List-Unsubscribe, which *bulk* mail must have (RFC 8058); a link there is ours and not counted
    among those of the message. Without *html* it is *text* that is looked at.
    """
    page = read(html) if html else Page(text, links_in(text))
    leaving = Finding("good", CAN_LEAVE, {}, unsubscribe)
    if not unsubscribe.lower().startswith("https://"):
        leaving = Finding("wrong", CANNOT_LEAVE, {}, unsubscribe)
    own = [link for link in page.links if link.target != unsubscribe]
    return [
        _size(size, len(html.encode(errors="replace"))),
        *weigh_links(own),
        *_pictures(page),
        *([leaving] if bulk else []),
        _subject(subject),
    ]


def _size(size: int, html: int) -> Finding:
    if size > TOO_LARGE:
        return Finding("wrong", LARGE, {"size": -(-size // KB), "limit": TOO_LARGE // KB})
    if html > CLIPPED:
        return Finding("weak", LONG, {"size": -(-html // KB), "limit": CLIPPED // KB})
    return Finding("good", SIZE, {"size": -(-size // KB)})


def _pictures(page: Page) -> Iterator[Finding]:
    signs = len("".join(page.words.split()))
    silent = sum(text is None for text in page.images)
    if page.images and signs < HARDLY:
        yield Finding("weak", ONLY_IMAGES)
    elif not page.images and not signs:
        yield Finding("wrong", EMPTY)
    if silent:
        yield Finding("weak", NO_ALT, {"number": silent})
    elif page.images:
        yield Finding("good", IMAGES, {"number": len(page.images)})
    else:
        yield Finding("good", NO_IMAGES)


def _subject(subject: str) -> Finding:
    if not subject.strip():
        return Finding("wrong", NO_SUBJECT)
    if subject.isupper() and sum(sign.isalpha() for sign in subject) >= SHOUTED:
        return Finding("weak", CAPITALS, {}, subject)
    return Finding("good", SUBJECT, {}, subject)
