"""E-mail addresses of contacts: what is none, and which two are one."""

import re
import unicodedata
from typing import Final

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from dashboard.words import marked

NO_ADDRESS: Final = marked("Not an e-mail address")
NO_AT: Final = marked("Not an e-mail address: the @ is missing")
SEVERAL_AT: Final = marked("Not an e-mail address: it has more than one @")
SPACES: Final = marked("Not an e-mail address: it has a space in it")
NOTHING_BEFORE: Final = marked("Not an e-mail address: nothing stands before the @")
NOTHING_BEHIND: Final = marked("Not an e-mail address: nothing stands behind the @")
NO_DOT: Final = marked("Not an e-mail address: there is no dot behind the @")
RESERVED: Final = marked("No mail can be sent to this domain, which is reserved")
QUOTED: Final = marked("Addresses with quotation marks are not taken")
TOO_LONG: Final = marked("Not an e-mail address: it is too long")

LONGEST: Final = 254  # characters, as mail servers have it

# What nearly all addresses look like; all others are looked at by somebody who knows every rule.
_label = r"[a-z0-9](?:[a-z0-9]|-(?!-)){0,61}(?<!-)"
_word = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
PLAIN: Final = re.compile(
    rf"(?=.{{1,64}}@){_word}(?:\.{_word})*@(?:{_label}\.)+[a-z]{{2,63}}", re.IGNORECASE | re.ASCII
)
_reserved: Final = tuple(f".{name}" for name in SPECIAL_USE_DOMAIN_NAMES)


class NotAnAddress(ValueError):
    """Why a text is no e-mail address: a sentence that pages translate."""


def normal_form(text: str) -> str:
    """Give the address *text* as it is compared: of “Ada@BÜCHER.example” ada@xn--bcher-kva.example.

    Capitals and blanks around do not matter, and a domain has the form that mail servers know.
    Raises NotAnAddress; an address whose domain has no dot is none.
    """
    text = text.strip()
    if len(text) <= LONGEST and PLAIN.fullmatch(text):
        plain = text.lower()
        if not plain.endswith(_reserved):
            return plain
    if reason := _reason(text):
        raise NotAnAddress(reason)
    try:
        found = validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        raise NotAnAddress(NO_ADDRESS) from None
    local = unicodedata.normalize("NFC", found.local_part).casefold()
    return f"{local}@{found.ascii_domain.lower()}"


def compared(text: str) -> str:
    """Give *text* as addresses are compared, also where it is none."""
    try:
        return normal_form(text)
    except NotAnAddress:
        return text.strip().casefold()


def _reason(text: str) -> str:
    """Give what is plainly wrong with *text*, "" where nothing is."""
    before, _, behind = text.rpartition("@")
    checks = (
        ("@" not in text, NO_AT),
        ('"' in text, QUOTED),
        (any(sign.isspace() for sign in text), SPACES),
        ("@" in before, SEVERAL_AT),
        (not before, NOTHING_BEFORE),
        (not behind, NOTHING_BEHIND),
        ("." not in behind.strip(".。"), NO_DOT),
        (len(text) > LONGEST, TOO_LONG),
        (f".{behind.lower()}".endswith(_reserved), RESERVED),
    )
    return next((sentence for is_wrong, sentence in checks if is_wrong), "")
