"""What a file is by its bytes, whatever its name says."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Final

from dashboard.formats.reading.manner import Kind
from dashboard.formats.reading.unreadable import Unreadable, first_line_of
from dashboard.words import gettext, marked

HEAD = 4096  # bytes
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

NOT_TABLES: Final[Mapping[bytes, str]] = {
    b"%PDF-": marked(
        "This is a PDF document. Export the table as CSV or XLSX where the PDF was made."
    ),
    b"\x89PNG": marked("This is a picture (PNG), not a table. Send a CSV or XLSX file."),
    b"\xff\xd8\xff": marked("This is a picture (JPEG), not a table. Send a CSV or XLSX file."),
    b"GIF8": marked("This is a picture (GIF), not a table. Send a CSV or XLSX file."),
    b"\x1f\x8b": marked("This file is packed with gzip. Unpack it first."),
    b"7z\xbc\xaf\x27\x1c": marked("This file is packed with 7-Zip. Unpack it first."),
    b"Rar!\x1a\x07": marked("This file is packed with RAR. Unpack it first."),
    b"PAR1": marked("This is a Parquet file. Send a CSV or XLSX file."),
    b"SQLite format 3\0": marked("This is an SQLite database. Send a CSV or XLSX file."),
    b"PK\x05\x06": marked("This is an empty ZIP archive, not a table. Send a CSV or XLSX file."),
}
# Texts that are no tables, by how they begin after white space, in lower case.
_is_html = re.compile(rb"<(!doctype html|html|head|body|table|meta)\b").match
_is_xml = re.compile(rb"<(\?xml|\w+:\w+ xmlns)").match
_is_json = re.compile(rb'(\[\s*)?\{\s*("|\})').match


def kind_of(path: Path) -> Kind:
    """Gives what reads the file; raises Unreadable where nothing does."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        if head.startswith(ZIP):
            return "xlsx"
        if head.startswith(OLE):
            raise Unreadable(_old_workbook(file, head))
    for start, sentence in NOT_TABLES.items():
        if head.startswith(start):
            raise Unreadable(gettext(sentence))
    if sentence := _other_text(head):
        first_line = first_line_of(head.decode("utf-8-sig", "replace"))
        raise Unreadable(gettext(sentence), first_line=first_line)
    return "csv"


def _other_text(head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if _is_html(start):
        return marked(
            "This is a web page, whatever its name says. Open it in a spreadsheet program and save "
            "it as XLSX or CSV."
        )
    if _is_xml(start):
        return marked("This is an XML file. Save it as XLSX or CSV in the program that made it.")
    if _is_json(start):
        return marked("This is a JSON file. Send a CSV or XLSX file.")
    return ""


def _old_workbook(file: BinaryIO, head: bytes) -> str:
    """Says what an OLE file is by the names in the first sector of its directory ([MS-CFB] 2.2)."""
    sector_size = 1 << min(int.from_bytes(head[30:32], "little"), 12)
    file.seek((int.from_bytes(head[48:52], "little") + 1) * sector_size)
    names = file.read(HEAD)
    if "EncryptedPackage".encode("utf-16-le") in names:
        return gettext(
            "This workbook is protected with a password. Save it without one, then send it again."
        )
    return gettext(
        "This is a file of an old Office program (such as .xls). Open it there and save it as XLSX "
        "or CSV."
    )
