"""Markers: words that stand for fields and conditions while Markdown and HTML are made of a text.

They are of small letters and digits, so that no step changes them, and cannot be guessed, so that
no text holds one by itself.
"""

import re
from dataclasses import dataclass
from secrets import token_hex
from typing import Final, Literal

from dashboard.mail.writing.fields import Choice, Field, Parts

TAG: Final = re.compile(r"(<[a-zA-Z][^<>]*>)")


@dataclass(frozen=True, slots=True)
class Control:
    """The beginning, the turn or the end of the condition on the field *name*."""

    kind: Literal["if", "else", "end"]
    name: str
    line: int

    @property
    def source(self) -> str:
        """Give how it is written."""
        return {
            "if": f"{{% if {self.name} %}}",
            "else": "{% else %}",
            "end": "{% endif %}",
        }[self.kind]


@dataclass(frozen=True, slots=True)
class Link:
    """The address of a link, with markers in it; *address* is as a browser takes it."""

    address: str

    @property
    def source(self) -> str:
        """Give how it is written."""
        return self.address


Meant = Field | Control | Link


class Markers:
    """The markers of one text."""

    def __init__(self) -> None:
        self._begin = f"q{token_hex(8)}"
        self._meant: list[Meant] = []
        self._known: dict[Meant | str, str] = {}
        self.any: Final = re.compile(rf"({self._begin}[fcl]\d+q)")
        self.control: Final = re.compile(rf"{self._begin}c\d+q")
        self.controls: Final = re.compile(rf"\s*(?:{self._begin}c\d+q\s*)+")
        sign = rf"(?!{self._begin}c)[^\s<>\"()]"
        self.address: Final = re.compile(
            rf"(?:https?://|mailto:)(?:{sign})*(?:{sign})(?<![.,;:!?])"
        )
        self.line: Final = re.compile(rf"^[ \t]*({self._begin}c\d+q)[ \t]*\n", re.MULTILINE)
        self.comment: Final = re.compile(rf"<!--({self._begin}c\d+q)-->")

    def of(self, meant: Meant) -> str:
        """Give the marker that stands for *meant*; the same for what is written the same."""
        key = meant.source if isinstance(meant, Field) else meant
        if key not in self._known:
            letter = {Field: "f", Control: "c", Link: "l"}[type(meant)]
            self._known[key] = f"{self._begin}{letter}{len(self._meant)}q"
            self._meant.append(meant)
        return self._known[key]

    def meant(self, marker: str) -> Meant:
        """Give what *marker* stands for."""
        return self._meant[int(marker[len(self._begin) + 1 : -1])]

    def kind(self, marker: str) -> str:
        """Give if, else or end for the marker of a control, "" for another."""
        meant = self.meant(marker)
        return meant.kind if isinstance(meant, Control) else ""

    def put(self, parts: Parts) -> str:
        """Give the text of *parts* with markers for all that is none."""
        texts: list[str] = []
        for part in parts:
            match part:
                case str():
                    texts.append(part)
                case Field():
                    texts.append(self.of(part))
                case Choice(name=name, then=then, other=other, line=line):
                    texts += [self.of(Control("if", name, line)), self.put(then)]
                    if other:
                        texts += [self.of(Control("else", name, line)), self.put(other)]
                    texts.append(self.of(Control("end", name, line)))
        return "".join(texts)

    def put_in_html(self, parts: Parts) -> str:
        """Give the HTML of *parts*: conditions between tags are comments, which may stand anywhere.

        As a text, one between the rows of a table would be moved out of it.
        """
        pieces = TAG.split(self.put(parts))
        pieces[::2] = [self.control.sub(r"<!--\g<0>-->", piece) for piece in pieces[::2]]
        return "".join(pieces)

    def put_in_text(self, parts: Parts) -> str:
        """Give the text of *parts*, its addresses as links.

        A condition that has a line for itself leaves no empty one.
        """
        return self.address.sub(self._link, self.line.sub(r"\1", self.put(parts)))

    def _link(self, found: re.Match[str]) -> str:
        return self.of(Link(found[0])) if self.any.search(found[0]) else found[0]

    def on_lines(self, text: str) -> str:
        """Give *text* with each condition that begins a line on a line of its own."""
        return re.sub(rf"^((?:{self.control.pattern})+)", r"\1\n", text, flags=re.MULTILINE)

    def back(self, text: str) -> str:
        """Give *text* with every marker as it was written."""
        text = self.comment.sub(r"\1", text)
        while self.any.search(text):  # The address of a link has markers of its own.
            text = self.any.sub(lambda found: self.meant(found[0]).source, text)
        return text
