"""Files of other sorts are told by their bytes, whatever they are called."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from dashboard.formats.reading import FileManner
from tests.formats.reading.files import file_of, refused


def ole(name: str) -> bytes:
    """Gives the beginning of an OLE file with *name* in its directory, the second sector."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head[30:32] = (9).to_bytes(2, "little")
    head[48:52] = (1).to_bytes(4, "little")
    return bytes(head) + bytes(512) + name.encode("utf-16-le").ljust(512, b"\0")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7\n", "This is a PDF document."),
        (b"\x89PNG\r\n\x1a\n\0\0", "This is a picture (PNG)"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "This is a picture (JPEG)"),
        (b"GIF89a\1\0", "This is a picture (GIF)"),
        (b"\x1f\x8b\x08\0", "This file is packed with gzip."),
        (b"7z\xbc\xaf\x27\x1c\0", "This file is packed with 7-Zip."),
        (b"Rar!\x1a\x07\1\0", "This file is packed with RAR."),
        (b"PAR1\x15\0", "This is a Parquet file."),
        (b"SQLite format 3\0\x10", "This is an SQLite database."),
        (b"PK\x05\x06" + bytes(18), "This is an empty ZIP archive"),
        (ole("Workbook"), "This is a file of an old Office program (such as .xls)."),
        (ole("EncryptedPackage"), "This workbook is protected with a password."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is a file of an old Office program"),
        (b"\xef\xbb\xbf\n <html><table><tr><td>1", "This is a web page, whatever its name says."),
        (b"<!DOCTYPE HTML>\n", "This is a web page"),
        (b"<table border=1><tr>", "This is a web page"),
        (b"<?xml version='1.0'?><Workbook>", "This is an XML file."),
        (b'[\n  {"name": "Mara"}]', "This is a JSON file."),
        (b'{"name": "Mara"}\n{"name": "Tom"}', "This is a JSON file."),
    ],
)
@pytest.mark.parametrize("name", ["customers.csv", "customers.xlsx"])
def test_files_of_other_sorts_are_named(
    tmp_path: Path, content: bytes, sentence: str, name: str
) -> None:
    path = file_of(tmp_path, content, name)

    assert refused(path).sentence.startswith(sentence)
    assert refused(path, FileManner("csv", "utf-8", ",")).sentence.startswith(sentence)


@pytest.mark.parametrize(
    "member", ["notes.txt", "word/document.xml", "mimetype", "xl/workbook.bin"]
)
def test_archives_that_are_no_workbooks_are_named(tmp_path: Path, member: str) -> None:
    path = tmp_path / "customers.xlsx"
    with ZipFile(path, "w") as archive:
        archive.writestr(member, "hello")
        if member != "notes.txt":
            archive.writestr("_rels/.rels", "<Relationships/>")

    assert refused(path).sentence.startswith("This is a ZIP archive or a document, but not an XLSX")


def test_the_first_line_of_what_is_text_is_shown(tmp_path: Path) -> None:
    page = file_of(tmp_path, "\n  <html>\t<body>Größe\n</body>")
    picture = file_of(tmp_path, b"\x89PNG\r\n", "picture.csv")

    assert refused(page).first_line == "<html> <body>Größe"
    assert refused(picture).first_line == ""
