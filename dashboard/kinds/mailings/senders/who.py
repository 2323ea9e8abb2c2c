"""What a sender may be called, and from which addresses e-mails may come."""

import unicodedata
from typing import Final

from dashboard.jobs.contacts.address import NotAnAddress, normal_form
from dashboard.models.sender import SENDER_NAME_LIMIT
from dashboard.words import marked

NO_NAME: Final = marked("Enter a name")
LONG_NAME: Final = marked("Use at most 80 characters")
SEVERAL_LINES: Final = marked("It has a line end or another sign that nobody sees")
LETTERS: Final = marked("Before the @ it has letters that not every mail server takes")
UNSEEN: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Control characters, halves of characters, and line ends: nothing of it belongs in a header."""

assert SENDER_NAME_LIMIT == 80  # as LONG_NAME says


class Unfit(ValueError):
    """Why a text is no name or no address of a sender: a sentence that pages translate."""


def sender_name(text: str) -> str:
    """Give the name as recipients see it, with single blanks. Raises Unfit."""
    _expect_one_line(text)
    name = " ".join(text.split())
    if not name:
        raise Unfit(NO_NAME)
    if len(name) > SENDER_NAME_LIMIT:
        raise Unfit(LONG_NAME)
    return name


def sender_address(text: str) -> str:
    """Give the address in its normal form; each mail server must take it. Raises Unfit."""
    _expect_one_line(text)
    try:
        address = normal_form(text)
    except NotAnAddress as error:
        raise Unfit(str(error)) from error
    if not address.isascii():
        raise Unfit(LETTERS)
    return address


def _expect_one_line(text: str) -> None:
    if any(unicodedata.category(sign) in UNSEEN for sign in text):
        raise Unfit(SEVERAL_LINES)
