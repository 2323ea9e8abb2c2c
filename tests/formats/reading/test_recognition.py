"""What is recognised of a CSV: encoding, delimiter and header."""

import codecs
from pathlib import Path

import pytest

from dashboard.formats.reading import FileManner, recognise
from tests.formats.reading.files import cells, file_of, refused


def seen(folder: Path, content: bytes | str) -> FileManner:
    return recognise(file_of(folder, content), "customers.csv").manner


@pytest.mark.parametrize(
    ("encoding", "recognised"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
        ("cp1252", "cp1252"),
        ("latin-1", "cp1252"),
    ],
)
def test_encodings_are_recognised(tmp_path: Path, encoding: str, recognised: str) -> None:
    content = "name,city\nMüller,Köln\nWeiß,Düren\n".encode(encoding)

    assert seen(tmp_path, content).encoding == recognised
    assert cells(tmp_path / "customers.csv") == [("Müller", "Köln"), ("Weiß", "Düren")]


def test_big_endian_with_its_mark_is_utf_16(tmp_path: Path) -> None:
    content = codecs.BOM_UTF16_BE + "名前,市\n山田,東京\n".encode("utf-16-be")

    assert seen(tmp_path, content).encoding == "utf-16"
    assert cells(tmp_path / "customers.csv") == [("山田", "東京")]


def test_windows_1252_is_recognised_where_the_first_umlaut_comes_late(tmp_path: Path) -> None:
    content = "name,city\n" + "Mara,Kiel\n" * 150_000 + "Müller,Köln\n"

    assert seen(tmp_path, content.encode("cp1252")).encoding == "cp1252"
    assert cells(tmp_path / "customers.csv")[-1] == ("Müller", "Köln")


def test_a_letter_on_the_border_of_the_sample_is_no_fault(tmp_path: Path) -> None:
    content = "name\n" + "é" * 100 + "\n" + "x" * ((1 << 20) - 207) + "\nMüller\n"

    assert content.encode()[(1 << 20) - 1] == ord("\n")
    for shift in range(4):
        assert seen(tmp_path, " " * shift + content).encoding == "utf-8"


def test_utf_8_with_a_few_other_bytes_is_not_taken_for_windows_1252(tmp_path: Path) -> None:
    content = "name\n" + "Müller\n" * 20

    error = refused(file_of(tmp_path, content.encode() + b"M\xfcller\n"))

    assert error.sentence.startswith("Row 22 is not UTF-8. Choose the encoding")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    error = refused(file_of(tmp_path, bytes(range(1, 256)) * 4))

    assert error.sentence.startswith("This is neither UTF-8, UTF-16 nor Windows-1252 text")
    assert error.first_line == ""


def test_what_is_seen_of_a_text_in_another_encoding_is_shown(tmp_path: Path) -> None:
    error = refused(file_of(tmp_path, b"name,city\nM\x81ller,K\x8dln\n"))

    assert error.sentence.startswith("This is neither UTF-8, UTF-16 nor Windows-1252 text")
    assert error.first_line == "name,city"


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1;2\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("name;price\nTea;1,50\nMilk;2,00\n", ";"),
        ("1,5;2,5\n3,5;4,5\n", ";"),
        ('"Keller, Mara";Kiel\n"Weiß, Tom";Bonn\n', ";"),
        ('name,note\nMara,"a;b;c"\nTom,"d;e;f"\n', ","),
        ("name,note\nMara,a|b\nTom,c|d\n", ","),
        ("when,what\n2026-10-31 14:05;x,y\n", ","),
        ("note\nhello, world\nfine\n", ";"),
        ("name\nMara\n", ","),
    ],
)
def test_delimiters_are_recognised(tmp_path: Path, content: str, delimiter: str) -> None:
    assert seen(tmp_path, content).delimiter == delimiter


def test_a_list_of_texts_with_commas_is_one_column(tmp_path: Path) -> None:
    path = file_of(tmp_path, "note\nhello, world\nfine\n")

    assert cells(path) == [("hello, world",), ("fine",)]


@pytest.mark.parametrize(
    ("content", "header"),
    [
        ("name,age\nMara,31\nTom,28\n", True),
        ("name,city\nMara,Kiel\n", True),
        ("name,city", True),
        ("name,,city\nMara,,Kiel\n", True),
        ("name,city,,\nMara,Kiel,,\n", True),
        ("Price (€),2nd name\n1,Ann\n", True),
        ("Mara,31\nTom,28\n", False),
        ("Mara,2026-10-31\n", False),
        ("Mara,31.10.2026\n", False),
        ("Mara,€ 12.50\n", False),
        ("Mara,12 %\n", False),
        ("mara@example.com\ntom@example.com\n", False),
        ("Kiel,Germany\nBonn,Germany\n", False),
        ("true,Mara\n", False),
        (",,Mara\n", False),
        ("value,value\n1,2\n", True),
        ("Mara,Mara\nTom,Tim\n", False),
    ],
)
def test_headers_are_recognised(tmp_path: Path, content: str, header: bool) -> None:
    assert seen(tmp_path, content).header is header


def test_columns_without_a_name_are_called_by_their_places(tmp_path: Path) -> None:
    path = file_of(tmp_path, 'name,," post\n code "\nMara,x,24103\n')

    assert recognise(path, path.name).columns == ("name", "Column 2", "post code")
