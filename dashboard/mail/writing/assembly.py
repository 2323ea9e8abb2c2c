"""Assembles texts with markers to parts again, and sees that conditions stand where they can."""

from dataclasses import dataclass, field
from typing import Final

from dashboard.mail.writing.fields import Address, Choice, Field, Part, Parts, Quiet
from dashboard.mail.writing.markers import Control, Link, Markers
from dashboard.mail.writing.refusals import Unwritable, Where
from dashboard.words import marked

CUT: Final = marked(
    "The condition on %(name)s cuts through other things: put it around whole words or paragraphs"
)

Place = tuple[str, ...]  # The elements that are open, the outermost first; () in plain text.


class _Branch:
    """Parts in a row; texts that follow one another become one of them.

    They are joined once: to lengthen one text by every piece would take quadratic time.
    """

    def __init__(self) -> None:
        self._parts: list[Part] = []
        self._texts: list[str] = []

    def add(self, part: Part) -> None:
        if isinstance(part, str):
            self._texts.append(part)
        else:
            self._join()
            self._parts.append(part)

    def parts(self) -> Parts:
        self._join()
        return tuple(self._parts)

    def _join(self) -> None:
        if text := "".join(self._texts):
            self._parts.append(text)
        self._texts.clear()


@dataclass
class _Open:
    """A condition that has begun at *place*; *then* is there once its turn has come."""

    control: Control
    place: Place
    branch: _Branch = field(default_factory=_Branch)
    then: Parts | None = None


class Assembly:
    """Parts that are added one after the other, from the text *where*.

    Every method raises Unwritable for a condition that is cut apart.
    """

    def __init__(self, markers: Markers, where: Where) -> None:
        self._markers = markers
        self._where: Where = where
        self._root = _Branch()
        self._open: list[_Open] = []

    def add(self, part: Part) -> None:
        """Add *part* to the branch that is open."""
        branch = self._open[-1].branch if self._open else self._root
        branch.add(part)

    def add_text(self, text: str, place: Place = (), *, quiet: bool = False) -> None:
        """Add a *text* with markers that stands at *place*; in a *quiet* one nothing is marked."""
        for at, piece in enumerate(self._markers.any.split(text)):
            if at % 2 == 0:
                self.add(piece)
                continue
            match self._markers.meant(piece):
                case Field() as meant:
                    self.add(Quiet(meant) if quiet else meant)
                case Link(address=address):
                    self.add(Address(assembled(address, self._markers, self._where)))
                case Control() as control:
                    self.turn(control, place)

    def turn(self, control: Control, place: Place) -> None:
        """Begin, turn or end a condition at *place*, which is the same for all three.

        So either branch can be left out, and every element is closed where it was opened.
        """
        if control.kind == "if":
            self._open.append(_Open(control, place))
            return
        condition = self._open[-1] if self._open else None
        if condition is None or (condition.control.name, condition.place) != (control.name, place):
            raise self._cut(control)
        if control.kind == "else":
            if condition.then is not None:
                raise self._cut(control)
            condition.then, condition.branch = condition.branch.parts(), _Branch()
            return
        self._open.pop()
        last = condition.branch.parts()
        then, other = (last, ()) if condition.then is None else (condition.then, last)
        self.add(Choice(control.name, then, other, control.line))

    def parts(self) -> Parts:
        """Give all parts."""
        if self._open:
            raise self._cut(self._open[-1].control)
        return self._root.parts()

    def _cut(self, control: Control) -> Unwritable:
        return Unwritable(CUT, where=self._where, line=control.line, name=control.name)


def assembled(text: str, markers: Markers, where: Where, *, quiet: bool = False) -> Parts:
    """Give the parts of a whole plain *text* with markers; in a *quiet* one nothing is marked."""
    assembly = Assembly(markers, where)
    assembly.add_text(text, quiet=quiet)
    return assembly.parts()
