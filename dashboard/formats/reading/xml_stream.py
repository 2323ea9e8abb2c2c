"""XML piece by piece, for files of strangers: nothing is declared in it and nothing grows."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Final
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType

# From what is not yet understood on, a tag is longer than any is.
MOST_WAITING: Final = 1 << 22  # bytes
MOST_NAMES: Final = 10_000  # of tags and attributes; a workbook has a few hundred


class Malformed(Exception):
    """This is no XML, or none that an honest program writes."""


class LocalNames(dict[str, str]):
    """Names of tags and attributes by their names with namespaces, which differ by standard."""

    def __missing__(self, name: str) -> str:
        self[name] = local = name.rpartition(" ")[2]
        return local


class XmlStream:
    """A parser that is fed; its handlers are set on *parser* and get names with namespaces."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self.parser: XMLParserType = ParserCreate(namespace_separator=" ", intern=self._names)
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = _refuse
        self._fed = 0

    def feed(self, data: bytes) -> None:
        """Takes the next bytes, or b"" at the end. Raises Malformed, and what handlers raise."""
        self._fed += len(data)
        try:
            self.parser.Parse(data, not data)
        except ExpatError as error:
            raise Malformed(str(error)) from error
        waiting = self._fed - self.parser.CurrentByteIndex
        if waiting > MOST_WAITING or len(self._names) > MOST_NAMES:
            raise Malformed("A tag without an end, or too many names.")


def elements(chunks: Iterable[bytes]) -> Iterator[tuple[str, dict[str, str]]]:
    """Gives the tags as they open, and their attributes, all without namespaces."""
    stream, local = XmlStream(), LocalNames()
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        found.append((local[name], {local[key]: value for key, value in attributes.items()}))

    stream.parser.StartElementHandler = start
    for data in chain(chunks, (b"",)):
        stream.feed(data)
        yield from found
        found.clear()


def _refuse(*_: Any) -> None:
    raise Malformed("A workbook declares no document type.")
