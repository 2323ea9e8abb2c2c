"""Finds in a finished page the spots where values go, and what they must be written as there."""

from html.parser import HTMLParser
from typing import Final

from markupsafe import escape

from dashboard.mail.writing.assembly import Assembly, assembled
from dashboard.mail.writing.fields import Address, Parts
from dashboard.mail.writing.links import NO_LINK, SHOWN, begins_well
from dashboard.mail.writing.markers import Control, Markers
from dashboard.mail.writing.refusals import Unwritable, Where
from dashboard.words import marked

NO_PLACE: Final = marked(
    "A field cannot stand in “%(name)s”: it can in texts, addresses of links, titles and alt texts"
)

LINKS: Final = frozenset({"href", "src"})
WORDS: Final = frozenset({"alt", "title"})
VOID: Final = frozenset({"br", "col", "hr", "img", "meta"})


def parts(page: str, markers: Markers, where: Where) -> Parts:
    """Give the parts of *page*, HTML as a serializer writes it.

    Raises Unwritable where a field or a condition cannot stand, and for a link that is none.
    """
    reader = _Reader(markers, where)
    reader.feed(page)
    reader.close()
    return reader.assembly.parts()


class _Reader(HTMLParser):
    def __init__(self, markers: Markers, where: Where) -> None:
        super().__init__(convert_charrefs=False)
        self.assembly = Assembly(markers, where)
        self._markers = markers
        self._where: Where = where
        self._open: tuple[str, ...] = ()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs)
        if tag not in VOID:
            self._open += (tag,)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._start(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            self._open = self._open[: len(self._open) - 1 - self._open[::-1].index(tag)]
        self.assembly.add(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.assembly.add_text(data, self._open)

    def handle_entityref(self, name: str) -> None:
        self.assembly.add(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.assembly.add(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.assembly.add(f"<!{decl}>")

    def handle_comment(self, data: str) -> None:
        if self._markers.control.fullmatch(data):
            control = self._markers.meant(data)
            assert isinstance(control, Control)
            self.assembly.turn(control, self._open)

    def _start(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.assembly.add(f"<{tag}")
        for name, value in attrs:
            self.assembly.add(f' {name}="')
            self._attribute(name, value or "")
            self.assembly.add('"')
        self.assembly.add(">")

    def _attribute(self, name: str, value: str) -> None:
        if name in LINKS:
            address = assembled(value, self._markers, self._where)
            if not begins_well(address):
                shown = self._markers.back(value)[:SHOWN]
                raise Unwritable(NO_LINK, where=self._where, line=0, address=shown)
            self.assembly.add(str(escape(value)) if address == (value,) else Address(address))
        elif not self._markers.any.search(value):
            self.assembly.add(str(escape(value)))
        elif name in WORDS and not self._markers.comment.search(value):
            written = str(escape(value))
            for part in assembled(written, self._markers, self._where, quiet=True):
                self.assembly.add(part)
        else:
            raise Unwritable(NO_PLACE, where=self._where, line=0, name=name)
