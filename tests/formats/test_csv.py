"""CSV: the dialect, byte by byte."""

import re
from datetime import UTC, date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, strategies as st

from dashboard.formats import Column, CsvWriter
from dashboard.formats.spelling import spell
from tests.formats.samples import columns, csv_rows, document, patient, written

TEXTS = columns(a="text", b="text")


def bytes_of(tmp_path: Path, table: list[Column], *rows: tuple[object, ...]) -> bytes:
    path = tmp_path / "file.csv"
    written("csv", path, table, rows)
    return path.read_bytes()


def test_a_file_is_utf_8_with_line_feeds(tmp_path: Path) -> None:
    data = bytes_of(tmp_path, columns(name="text", day="date"), ("Müller", date(2026, 10, 31)))

    assert data == "Name,Day\nMüller,2026-10-31\n".encode()


def test_a_mark_for_excel_comes_first_when_it_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"

    written("csv", path, TEXTS, [("a", "b")], csv_bom=True)

    assert path.read_bytes() == b"\xef\xbb\xbfA,B\na,b\n"


def test_null_and_empty_text_differ(tmp_path: Path) -> None:
    assert bytes_of(tmp_path, TEXTS, (None, ""), ("", None)) == b'A,B\n,""\n"",\n'


def test_null_may_have_a_mark_which_no_text_looks_like(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    table = columns(a="text", b="integer", c="text")
    rows = [(None, None, "plain"), ("", 1, None), ("\\N", 2, "a\\Nb"), ('"', None, "N")]

    written("csv", path, table, rows, null="\\N")

    assert path.read_bytes() == (
        b"A,B,C\n"
        b"\\N,\\N,plain\n"
        b",1,\\N\n"  # The mark says null, so an empty text needs no quotes.
        b'"\\N",2,a\\Nb\n'
        b'"""",\\N,N\n'
    )


def test_a_mark_for_null_is_written_for_every_class_of_values(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    table = columns(a="boolean", b="date", c="text", d="text")
    rows = [(True, date(2026, 10, 31), 1, "=1"), (None, None, None, None), (False, None, "x", "")]

    written("csv", path, table, rows, null="\\N", formula_safe=False)

    assert path.read_bytes() == (b"A,B,C,D\ntrue,2026-10-31,1,=1\n\\N,\\N,\\N,\\N\nfalse,\\N,x,\n")


def test_only_what_needs_quotes_gets_them(tmp_path: Path) -> None:
    data = bytes_of(
        tmp_path,
        TEXTS,
        ("plain", " spaces "),
        ('say "hi"', "a,b"),
        ("two\nlines", "cr\rhere"),
        ("tab\tinside", "semi;colon"),
    )

    assert data == (
        b"A,B\n"
        b"plain, spaces \n"
        b'"say ""hi""","a,b"\n'
        b'"two\nlines","cr\rhere"\n'
        b"tab\tinside,semi;colon\n"
    )


def test_a_lone_end_mark_of_postgresql_is_quoted(tmp_path: Path) -> None:
    assert bytes_of(tmp_path, columns(a="text"), ("\\.",), ("x",)) == b'A\n"\\."\nx\n'
    assert bytes_of(tmp_path, TEXTS, ("\\.", "x")) == b"A,B\n\\.,x\n"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_looks_like_a_formula_is_guarded(tmp_path: Path, start: str) -> None:
    path = tmp_path / "file.csv"

    written("csv", path, TEXTS, [(f"{start}1+1", "fine"), (None, "a=b")])

    assert csv_rows(path) == [[f"'{start}1+1", "fine"], ["", "a=b"]]


def test_negative_numbers_are_no_formulas(tmp_path: Path) -> None:
    table = columns(a="integer", b="money", c="number")

    assert bytes_of(tmp_path, table, (-1, Decimal("-2.50"), -0.5)) == b"A,B,C\n-1,-2.50,-0.5\n"


def test_the_guard_can_be_left_off(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"

    written("csv", path, TEXTS, [("=1+1", "-")], formula_safe=False)

    assert path.read_bytes() == b"A,B\n=1+1,-\n"


def test_a_header_is_guarded_and_quoted_like_any_text(tmp_path: Path) -> None:
    table = [Column("a", "=cmd"), Column("b", 'the "b", of it')]

    assert bytes_of(tmp_path, table) == b'\'=cmd,"the ""b"", of it"\n'


def test_a_column_of_mixed_values_is_spelled_value_by_value(tmp_path: Path) -> None:
    data = bytes_of(tmp_path, TEXTS, (1, "x,y"), ("=x", 2.0), (True, None))

    assert data == b'A,B\n1,"x,y"\n\'=x,2\ntrue,\n'


def test_ready_made_rows_are_taken_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    writer = CsvWriter(path, TEXTS, document(rows=3), scratch=tmp_path)

    writer.write([("one", "two")])
    writer.write_encoded(b"three,four\nfive,six\n", 2)
    result = writer.close()

    assert result.rows == 3
    assert path.read_bytes() == b"A,B\none,two\nthree,four\nfive,six\n"


def test_broken_characters_are_replaced_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"

    result = written("csv", path, TEXTS, [("fine", "bro\ud800ken"), ("ok", None)])

    assert csv_rows(path) == [["fine", "bro\ufffdken"], ["ok", ""]]
    assert result.warnings == (
        "Column B: 1 text holds broken characters, which are written as \ufffd.",
    )


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(allow_nan=False),
    st.text(),
    st.sampled_from(["", '"', ",", "\n", "\r", "\x1f", "=", "\\.", "''", "a,b\r\n"]),
    st.dates(),
    st.datetimes(),
    st.datetimes(timezones=st.just(UTC)),
    st.binary(),
)


@patient
@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(st.tuples(*[values] * width), min_size=1, max_size=20)
    )
)
def test_what_is_written_reads_back(rows: list[tuple[object, ...]]) -> None:
    table = [Column(str(index), f"Column {index}") for index in range(len(rows[0]))]
    with TemporaryDirectory() as folder:
        path = Path(folder, "file.csv")
        written("csv", path, table, rows, formula_safe=False)
        read = csv_rows(path)

    # A null that is alone on its line leaves the line empty, which the reader takes for no field.
    assert [row or [""] for row in read] == [[spell(value) for value in row] for row in rows]


marked = st.none() | st.text() | st.sampled_from(["\\N", "", "\\N,", '"\\N"', "\x1f\\N", "N"])


@patient
@given(st.lists(st.tuples(marked, marked), min_size=1, max_size=20))
def test_with_a_mark_every_text_and_every_null_read_back(rows: list[tuple[object, ...]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "file.csv")
        written("csv", path, TEXTS, rows, formula_safe=False, null="\\N")
        text = path.read_bytes().decode()

    # The standard library's reader cannot tell what had quotes.
    fields = re.findall(r'("(?:[^"]|"")*"|[^,\n]*)[,\n]', text)[2:]
    values = [
        None if field == "\\N" else re.sub(r'(?s)^"(.*)"$', r"\1", field).replace('""', '"')
        for field in fields
    ]
    assert values == [value for row in rows for value in row]


@patient
@given(st.lists(st.tuples(st.text() | st.none(), st.text()), min_size=1, max_size=20))
def test_no_guarded_text_begins_a_formula(rows: list[tuple[str | None, str]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "file.csv")
        written("csv", path, TEXTS, rows)
        read = csv_rows(path)

    for before, after in zip(rows, read, strict=True):
        for value, text in zip(before, after, strict=True):
            assert text[:1] not in tuple("=+-@\t\r")
            assert text.removeprefix("'") == (value or "").removeprefix("'")
