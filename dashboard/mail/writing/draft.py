"""What somebody writes for many, and what one of them gets of it."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class Draft:
    """*body* is Markdown; *html* and *text* are there where somebody edited them by hand."""

    subject: str
    body: str
    html: str = ""
    text: str = ""


class Rendered(NamedTuple):
    """The filled parts of one message; *html* is a whole page."""

    subject: str
    text: str
    html: str
