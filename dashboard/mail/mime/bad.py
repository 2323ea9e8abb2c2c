"""Why a message cannot be written: what may not stand in a header."""

import re
from typing import Final

from dashboard.words import gettext as _, marked

CONTROL: Final = marked("The header %(field)s has a line break or another control character in it.")
NO_ADDRESS: Final = marked("“%(address)s” is no e-mail address that a message can carry.")
NO_HEADER: Final = marked("“%(field)s” is no name of a header.")
TAKEN: Final = marked("The header %(field)s cannot be given here.")
TOO_LONG: Final = marked("The header %(field)s is too long in one piece.")
NO_LINK: Final = marked("A link to unsubscribe begins with https:// and has no blanks in it.")
NO_MESSAGE_ID: Final = marked("“%(message_id)s” is no Message-ID.")
NO_MEDIA_TYPE: Final = marked("“%(media_type)s” is no type of a file.")
CONTROL_IN_FILE_NAME: Final = marked(
    "The name of an attachment has a line break or another control character in it."
)

SHOWN: Final = 80  # characters of a bad value that a sentence repeats

# Whatever ends a line somewhere or steers a terminal, and halves of characters.
_control: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class BadHeader(ValueError):
    """A value that cannot stand in a header.

    *message* is English with %(name)s for *values*; what is kept of it is translated when shown.
    """

    def __init__(self, message: str, **values: str) -> None:
        super().__init__(message)
        self.message = message
        self.values = {name: visible(value) for name, value in values.items()}

    def __str__(self) -> str:
        """Give the sentence for whoever reads."""
        return _(self.message, **self.values)


def has_control(text: str) -> bool:
    """Say whether a control character, a line's end or half a character is in *text*."""
    if text.isascii():
        return not text.isprintable()
    return _control.search(text) is not None


def visible(text: str) -> str:
    """Give the beginning of *text* with a � where a sentence must not have what is there."""
    return _control.sub("\ufffd", text[:SHOWN])
