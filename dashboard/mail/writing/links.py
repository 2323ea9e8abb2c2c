"""The addresses of links: which are let through, and how values are filled into them."""

import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import quote

from dashboard.mail.writing.fields import Address, Choice, Field, Parts
from dashboard.mail.writing.refusals import BadLink, MissingField
from dashboard.words import marked

NO_LINK: Final = marked(
    "“%(address)s” is no address of a link: it must begin with https://, http:// or mailto:"
)

SCHEMES: Final = frozenset({"http", "https", "mailto"})
LINK: Final = re.compile(r"(?:https?://[^\s/?#\\]|mailto:\S)\S*", re.IGNORECASE)
BEGINNING: Final = re.compile(r"https?://|mailto:", re.IGNORECASE)
# The signs of an address by RFC 3986, which a value keeps that is a whole address. One that stands
# inside of an address is one piece of it; in https://shop{{ name }} an @ would lead elsewhere.
WHOLE: Final = ":/?#[]@!$&'()*+,;=%~"
MAIL: Final = "mailto:"
SHOWN: Final = 100  # characters of an address that a sentence shows


def is_link(address: str) -> bool:
    """Tell whether *address* is one that an e-mail may link to."""
    return LINK.fullmatch(address) is not None


def begins_well(parts: Parts) -> bool:
    """Tell whether what *parts* begin with can be a link; a field in front is seen when filled."""
    match parts:
        case [str(address)]:
            return is_link(address)
        case [str(begin), *_]:
            return BEGINNING.match(begin) is not None
    return bool(parts)


def filled(link: Address, values: Mapping[str, str]) -> str:
    """Give the address of *link*, every value written so that it cannot leave its place.

    Raises MissingField, and BadLink where it is none with these *values*.
    """
    address = ""
    for part in _flat(link.parts, values):
        if isinstance(part, str):
            address += part
            continue
        value = part.value(values)
        if value is None:
            raise MissingField(part.name)
        signs = "@" if address.lower().startswith(MAIL) else ""
        address += quote(value.strip(), safe=signs if address else WHOLE)
    if not is_link(address):
        raise BadLink(NO_LINK, address=address[:SHOWN])
    return address


def _flat(parts: Parts, values: Mapping[str, str]) -> Iterator[str | Field]:
    for part in parts:
        if isinstance(part, Choice):
            yield from _flat(part.taken(values), values)
        elif isinstance(part, str | Field):
            yield part
