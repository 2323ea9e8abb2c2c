"""The parts of a workbook, which is a ZIP archive; nothing in it is believed before it is measured.

Python's zipfile gives no more of a part than its directory says, and not what is damaged.
"""

from collections.abc import Iterator
from io import SEEK_SET, BufferedReader, FileIO
from pathlib import Path
from posixpath import dirname, join, normpath
from struct import error as StructError  # noqa: N812  # It is a class.
from typing import Final
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812  # It is a class.

from dashboard.formats.reading.limits import (
    MOST_DIRECTORY,
    MOST_INFLATED,
    MOST_PARTS,
    MOST_RATIO,
    SMALL_INFLATED,
)
from dashboard.formats.reading.unreadable import Unreadable
from dashboard.formats.reading.xml_stream import Malformed, elements
from dashboard.words import gettext, reader

CHUNK: Final = 1 << 16  # bytes
LAST_PLACE: Final = 1 << 62  # bytes; the system knows no places much farther on
ENCRYPTED: Final = 1  # a flag of a part
OTHER_PACKAGES: Final = ("mimetype", "word/document.xml", "ppt/presentation.xml", "xl/workbook.bin")
# What zipfile and the parsers raise over bytes that nobody meant to write.
DAMAGED: Final = (
    BadZipFile,
    EOFError,
    KeyError,
    Malformed,
    NotImplementedError,
    StructError,
    ValueError,
    ZlibError,
)


class Sips(BufferedReader):
    """A file that is read a little at a time, so that no directory fills the memory."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            size = MOST_DIRECTORY  # zipfile reads so far behind the end of the directory only.
        if size > MOST_DIRECTORY:
            raise BadZipFile("The directory is longer than that of any workbook.")
        return super().read(size)

    def seek(self, place: int, whence: int = SEEK_SET, /) -> int:
        if whence == SEEK_SET and not 0 <= place <= LAST_PLACE:
            raise BadZipFile("The directory names a place that no file has.")
        return super().seek(place, whence)


class Part:
    """One part of a workbook while it is read; *size* is its whole length in bytes."""

    def __init__(self, archive: "Archive", name: str) -> None:
        self._archive = archive
        info = archive.zip.getinfo(name)
        self.size = info.file_size
        self.read = 0
        self._file = archive.zip.open(info)

    def close(self) -> None:
        self._file.close()

    def chunks(self) -> Iterator[bytes]:
        with self._file:
            while data := self._file.read(CHUNK):
                self.read += len(data)
                self._archive.count(len(data))
                yield data


class Archive:
    """The ZIP archive at *path*. Raises Unreadable where it is no workbook or a zip bomb."""

    def __init__(self, path: Path) -> None:
        self._packed = path.stat().st_size
        self._inflated = 0
        self._parts: list[Part] = []
        self._file = Sips(FileIO(path))
        try:
            self.zip = ZipFile(self._file)
        except DAMAGED as error:
            self._file.close()
            raise damaged() from error
        try:
            self._check()
        except Unreadable:
            self.close()
            raise

    def part(self, name: str) -> Part:
        part = Part(self, name)
        self._parts.append(part)
        return part

    def main(self) -> str:
        """Gives the name of the part that names the sheets."""
        for kind, target in self.targets("").values():
            if kind == "officeDocument":
                return target
        raise KeyError("officeDocument")

    def targets(self, part: str) -> dict[str, tuple[str, str]]:
        """Gives what *part* is related to: kind and name of the other part, by id."""
        folder, _, name = part.rpartition("/")
        relations = join(folder, "_rels", f"{name}.rels")
        if relations not in self.zip.NameToInfo:
            return {}
        return {
            attributes["Id"]: (
                attributes["Type"].rpartition("/")[2],
                normpath(join("/", dirname(part), attributes["Target"])).lstrip("/"),
            )
            for tag, attributes in elements(self.part(relations).chunks())
            if tag == "Relationship" and attributes.get("TargetMode") != "External"
        }

    def count(self, inflated: int) -> None:
        """Counts bytes as they come out of the archive; raises Unreadable where it is a bomb."""
        self._inflated += inflated
        self._refuse_bomb(self._inflated)

    def close(self) -> None:
        for part in self._parts:
            part.close()
        self.zip.close()
        self._file.close()

    def _check(self) -> None:
        infos = self.zip.infolist()
        names = {info.filename for info in infos}
        if any(info.flag_bits & ENCRYPTED for info in infos):
            raise Unreadable(
                gettext("This file is protected with a password. Save it without one.")
            )
        if len(infos) > MOST_PARTS:
            raise _bomb()
        self._refuse_bomb(sum(info.file_size for info in infos))
        if "_rels/.rels" not in names or names.intersection(OTHER_PACKAGES):
            raise Unreadable(
                gettext(
                    "This is a ZIP archive or a document, but not an XLSX workbook. Send a CSV or "
                    "XLSX file."
                )
            )

    def _refuse_bomb(self, inflated: int) -> None:
        if inflated > MOST_INFLATED:
            raise _bomb()
        if inflated > SMALL_INFLATED and inflated > MOST_RATIO * self._packed:
            raise _bomb()


def damaged() -> Unreadable:
    return Unreadable(
        gettext(
            "This workbook is damaged. Open it in a spreadsheet program, save it again and send "
            "the new file."
        )
    )


def _bomb() -> Unreadable:
    return Unreadable(
        gettext(
            "This workbook unpacks to far more than it should (over %(most)s MB, or %(ratio)s "
            "times its size), so it was not opened. Send the rows as CSV.",
            most=reader().number(MOST_INFLATED >> 20),
            ratio=reader().number(MOST_RATIO),
        )
    )
