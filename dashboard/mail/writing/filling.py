"""Fills parts with the values of one recipient, each in its own manner of writing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import escape

from dashboard.mail.writing.fields import Address, Choice, Field, Parts, Quiet
from dashboard.mail.writing.lines import FILLED, MISSING, OVER
from dashboard.mail.writing.links import filled
from dashboard.mail.writing.refusals import MissingField

Values = Mapping[str, str]
NOWHERE: Final = "#"  # Where a link of a preview leads while a field of its address is missing.


@dataclass(frozen=True)
class Manner:
    """How a value is shown in a text, inside of an attribute, and how an address is written."""

    shown: Callable[[Field, Values], str]
    quiet: Callable[[Field, Values], str]
    address: Callable[[Address, Values], str]


def fill(parts: Parts, values: Values, manner: Manner) -> str:
    """Give the text of *parts*; raises MissingField and BadLink unless *manner* marks them."""
    texts: list[str] = []
    known: dict[str, str] = {}  # A message names most of its fields again and again.
    for part in parts:
        match part:
            case str():
                texts.append(part)
            case Field(name=name, steps=()):
                text = known.get(name)
                if text is None:
                    text = known[name] = manner.shown(part, values)
                texts.append(text)
            case Field():
                texts.append(manner.shown(part, values))
            case Choice():
                texts.append(fill(part.taken(values), values, manner))
            case Address():
                texts.append(manner.address(part, values))
            case Quiet():
                texts.append(manner.quiet(part.field, values))
    return "".join(texts)


def _plain(field: Field, values: Values) -> str:
    value = field.value(values)
    if value is None:
        raise MissingField(field.name)
    return value


def _escaped(field: Field, values: Values) -> str:
    return str(escape(_plain(field, values)))


def _escaped_address(address: Address, values: Values) -> str:
    return str(escape(filled(address, values)))


def _named(field: Field, values: Values) -> str:
    value = field.value(values)
    return str(escape(field.name if value is None else value))


def _marked(field: Field, values: Values) -> str:
    value = field.value(values)
    begin = FILLED if value is not None else MISSING
    return f"{begin}{field.name if value is None else value}{OVER}"


def _marked_html(field: Field, values: Values) -> str:
    return in_html(_marked(field, values))


def _somewhere(address: Address, values: Values) -> str:
    try:
        return filled(address, values)
    except MissingField:
        return NOWHERE


def _somewhere_escaped(address: Address, values: Values) -> str:
    return str(escape(_somewhere(address, values)))


def in_html(text: str) -> str:
    """Give a *text* whose fields are marked as HTML."""
    return (
        str(escape(text))
        .replace(FILLED, '<mark class="field">')
        .replace(MISSING, '<mark class="field missing">')
        .replace(OVER, "</mark>")
    )


TEXT: Final = Manner(_plain, _plain, filled)
HTML: Final = Manner(_escaped, _escaped, _escaped_address)
MARKED_TEXT: Final = Manner(_marked, _marked, _somewhere)
MARKED_HTML: Final = Manner(_marked_html, _named, _somewhere_escaped)
