"""Fields and conditions: what stands between texts and is filled for each recipient."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jinja2.filters import do_title

# What no text needs and what we mark places with; a lone surrogate could not even be encoded.
CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
NEWLINES: Final = re.compile(r"\r\n?")

Step = Callable[[str | None], str | None]


@dataclass(frozen=True, slots=True)
class Field:
    """The field *name*, whose value goes through *steps* in order; *source* is how it is written.

    *line* is where it stands, from 1.
    """

    name: str
    steps: tuple[Step, ...]
    source: str
    line: int

    def value(self, values: Mapping[str, str]) -> str | None:
        """Give what *values* has for it, None where that is nothing and it has no default."""
        value = values.get(self.name)
        if value is not None and not value.isprintable():
            value = clean(value)
        for step in self.steps:
            value = step(value)
        return value


@dataclass(frozen=True, slots=True)
class Choice:
    """*then* where the field *name* has a value that is not blank, *other* where not."""

    name: str
    then: "Parts"
    other: "Parts"
    line: int

    def taken(self, values: Mapping[str, str]) -> "Parts":
        """Give the branch that holds for *values*; a missing field is as good as a blank one."""
        return self.then if values.get(self.name, "").strip() else self.other


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a link, filled as one."""

    parts: "Parts"


@dataclass(frozen=True, slots=True)
class Quiet:
    """A field inside of an attribute, where nothing can be marked."""

    field: Field


Part = str | Field | Choice | Address | Quiet
Parts = Sequence[Part]


def clean(text: str) -> str:
    """Give *text* with plain line ends and without control characters (tabs are kept)."""
    return CONTROLS.sub(" ", NEWLINES.sub("\n", text))


def names(parts: Parts) -> list[str]:
    """Give the fields of *parts* in order, some of them several times."""
    found: list[str] = []
    for part in parts:
        match part:
            case Field(name=name) | Quiet(field=Field(name=name)):
                found.append(name)
            case Choice(name=name, then=then, other=other):
                found += [name, *names(then), *names(other)]
            case Address(parts=inner):
                found += names(inner)
    return found


def needed(parts: Parts) -> list[str]:
    """Give the fields of *parts* without which nobody gets the message, some several times.

    Those with a default and those inside of a condition are none of them.
    """
    found: list[str] = []
    for part in parts:
        match part:
            case Field() | Quiet():
                field = part.field if isinstance(part, Quiet) else part
                if field.value({}) is None:
                    found.append(field.name)
            case Address(parts=inner):
                found += needed(inner)
    return found


def _kept(change: Callable[[str], str]) -> Step:
    return lambda value: None if value is None else change(value)


def default(instead: str) -> Step:
    """Give the step that puts *instead* where a value is missing or blank."""
    return lambda value: value if value is not None and value.strip() else instead


STEPS: Final[Mapping[str, Step]] = {
    "upper": _kept(str.upper),
    "lower": _kept(str.lower),
    "title": _kept(do_title),
    "trim": _kept(str.strip),
}
