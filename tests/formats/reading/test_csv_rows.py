"""CSV: every cell as it was written, and the row named where that cannot be."""

import csv
import tracemalloc
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings, strategies as st

from dashboard.formats.reading import (
    DELIMITERS,
    ENCODINGS,
    FileManner,
    Row,
    reading,
    recognise,
)
from tests.formats.reading.files import cells, file_of, peak_below, read, refused
from tests.formats.samples import patient

UTF_8 = FileManner("csv", "utf-8", ",")


def written(rows: list[list[str]], delimiter: str = ",") -> str:
    file = StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue()


def test_rows_are_numbered_as_a_spreadsheet_counts(tmp_path: Path) -> None:
    path = file_of(tmp_path, 'name,city\nMara,"Bad\nHomburg"\n\nTom,Kiel\n')

    assert read(path) == [Row(2, ("Mara", "Bad\nHomburg")), Row(4, ("Tom", "Kiel"))]


def test_the_first_look_gives_columns_manner_and_ten_rows(tmp_path: Path) -> None:
    path = file_of(tmp_path, "name,city\n" + "".join(f"Mara {n},Kiel\n" for n in range(30)))

    seen = recognise(path, "customers.csv")

    assert seen.manner == FileManner("csv", "utf-8", ",", header=True)
    assert seen.columns == ("name", "city")
    assert seen.sheets == ()
    assert len(seen.first) == 10
    assert seen.first[0] == Row(2, ("Mara 0", "Kiel"))


def test_a_header_alone_is_a_file_without_rows(tmp_path: Path) -> None:
    path = file_of(tmp_path, "name,city")

    assert recognise(path, path.name).columns == ("name", "city")
    assert recognise(path, path.name).first == ()
    assert read(path) == []


@pytest.mark.parametrize("content", ["", "\n\r\n\n", "\ufeff"])
def test_an_empty_file_is_refused(tmp_path: Path, content: str) -> None:
    assert refused(file_of(tmp_path, content)).sentence == "customers.csv is empty."


def test_ragged_rows_keep_what_they_have(tmp_path: Path) -> None:
    path = file_of(tmp_path, "name,city\nMara\nTom,Kiel,extra,\n,\n")

    assert cells(path, UTF_8) == [("Mara",), ("Tom", "Kiel", "extra", ""), ("", "")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_like(tmp_path: Path, end: str) -> None:
    path = file_of(tmp_path, end.join(["name,city", "Mara,Kiel", "Tom,Bonn"]))

    assert cells(path) == [("Mara", "Kiel"), ("Tom", "Bonn")]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7])
def test_ends_of_blocks_part_nothing(
    tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a letter of several bytes, nor CR and LF, nor a line."""
    monkeypatch.setattr("dashboard.formats.reading.text.HEAD", 4)
    monkeypatch.setattr("dashboard.formats.reading.text.BLOCK", size)
    path = file_of(tmp_path, 'näme,city\r\nMüller,"a\r\nb"\r\n日本,"c\rd"')

    manner = FileManner("csv", "utf-8", ",")

    assert cells(path, manner) == [("Müller", "a\r\nb"), ("日本", "c\rd")]


def test_batches_are_as_long_as_asked_and_the_position_rises_to_the_end(tmp_path: Path) -> None:
    path = file_of(tmp_path, "name,city\n" + "Mara,Kiel\n" * 100_000)

    with reading(path, UTF_8, batch=300) as file:
        assert file.columns == ("name", "city")
        positions = []
        lengths = set()
        for rows in file.batches:
            lengths.add(len(rows))
            positions.append(file.position())

    assert max(lengths) == 300
    assert positions == sorted(positions)
    assert positions[0] < 0.5
    assert positions[-1] == 1.0


def test_without_a_header_columns_are_called_by_their_places(tmp_path: Path) -> None:
    path = file_of(tmp_path, "1,Mara\n2,Tom\n")

    seen = recognise(path, path.name)

    assert not seen.manner.header
    assert seen.columns == ("Column 1", "Column 2")
    assert read(path) == [Row(1, ("1", "Mara")), Row(2, ("2", "Tom"))]


def test_what_a_person_corrected_wins(tmp_path: Path) -> None:
    path = file_of(tmp_path, "Größe;b,c\nx;1,5\n")
    told = FileManner("csv", "cp1252", ",", header=False)

    seen = recognise(path, path.name, manner=told)

    assert seen.manner == told
    assert seen.first[0].cells == ("GrÃ¶ÃŸe;b", "c")


def test_a_manner_is_kept_as_json(tmp_path: Path) -> None:
    manner = recognise(file_of(tmp_path, "a;b\n1;2\n"), "a.csv").manner

    assert FileManner.from_dict(manner.as_dict()) == manner


# By Python's name of an encoding, the one that a person chooses.
TOLD = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16",
    "utf-16-be": "utf-16",
    "cp1252": "cp1252",
}
BAITS = ['"', '""', ",", ";", "\t", "|", "\n", "\r\n", "\r", "1,5", "'", "\x0b", "\x1c", " "]


def tables(encoding: str) -> st.SearchStrategy[list[list[str]]]:
    letters = st.characters(codec=encoding, exclude_characters="\0")
    rows = st.lists(st.text(letters, max_size=12) | st.sampled_from(BAITS), min_size=1, max_size=6)
    return st.lists(rows, min_size=1, max_size=20)


@settings(patient, max_examples=100)
@given(
    st.sampled_from(list(TOLD)).flatmap(
        lambda encoding: st.tuples(
            st.just(encoding), tables("cp1252" if encoding == "cp1252" else "utf-8")
        )
    ),
    st.sampled_from(list(DELIMITERS)),
)
def test_what_csv_writer_writes_is_read_back_once_the_manner_is_told(
    case: tuple[str, list[list[str]]], delimiter: str
) -> None:
    encoding, rows = case
    # So many plain letters tell which UTF-16 it is where no mark does.
    rows = [["plain letters" * 200], *rows]
    with TemporaryDirectory() as folder:
        path = file_of(Path(folder), written(rows, delimiter).encode(encoding))
        manner = FileManner("csv", TOLD[encoding], delimiter, header=False)

        assert cells(path, manner) == [tuple(row) for row in rows]


words = st.text("abcdefgäöüßéñ", min_size=1, max_size=8)
figures = st.integers(0, 9999).map(str) | st.sampled_from(["1,5", "12.50", "2026-10-31"])
values = words | figures | st.sampled_from(["", 'say "hi"', "two\nlines", "a, b; c|d"])


@settings(patient, max_examples=60)
@given(
    st.integers(2, 6).flatmap(
        lambda width: st.tuples(
            st.lists(words, min_size=width, max_size=width, unique=True),
            st.lists(st.lists(values, min_size=width, max_size=width), min_size=1, max_size=20),
        )
    ),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]),
    st.sampled_from(list(DELIMITERS)),
)
def test_what_csv_writer_writes_is_recognised_and_read_back(
    table: tuple[list[str], list[list[str]]], encoding: str, delimiter: str
) -> None:
    header, rows = table
    with TemporaryDirectory() as folder:
        path = file_of(Path(folder), written([header, *rows], delimiter).encode(encoding))

        seen = recognise(path, path.name)

        assert seen.manner.delimiter == delimiter
        manner = FileManner("csv", seen.manner.encoding, seen.manner.delimiter, header=True)
        assert cells(path, manner) == [tuple(row) for row in rows]


def test_two_encodings_in_one_file_name_the_row_where_the_second_begins(tmp_path: Path) -> None:
    lines = ["name,city\n", *(f"Müller {n},Köln\n" for n in range(80_000))]
    path = file_of(tmp_path, "".join(lines).encode() + "Weiß,Köln\n".encode("cp1252") * 3)

    error = refused(path)

    assert path.stat().st_size > 1 << 20
    assert error.sentence.startswith("Row 80,002 is not UTF-8. ")
    assert error.first_line == "name,city"


def test_a_row_at_fault_is_named_though_cells_before_it_have_several_lines(tmp_path: Path) -> None:
    start = b'name,note\nMara,"one\ntwo\nthree"\nTom,"a\nb'

    assert refused(file_of(tmp_path, start + b'\xfc"\n'), UTF_8).sentence.startswith("Row 3 ")
    assert refused(file_of(tmp_path, start + b'\0"\n'), UTF_8).sentence.startswith("Row 3 holds")


def test_a_letter_that_is_cut_off_at_the_end_is_told(tmp_path: Path) -> None:
    path = file_of(tmp_path, "name\nMara\nMüller".encode()[:-5])

    assert refused(path, UTF_8).sentence.startswith("Row 3 is not UTF-8.")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_zero_bytes_are_refused_and_the_row_is_named(tmp_path: Path, encoding: str) -> None:
    path = file_of(tmp_path, ("name,city\n" + "Mara,Kiel\n" * 9 + "To\0m,Bonn\n").encode(encoding))

    error = refused(path)

    assert error.sentence.startswith("Row 11 holds a zero byte")
    assert error.first_line == "name,city"


def test_ten_thousand_columns_are_too_many(tmp_path: Path) -> None:
    path = file_of(tmp_path, ",".join(f"column {n}" for n in range(10_000)))

    assert refused(path).sentence == (
        "Row 1 has 10,000 cells, but a table has 1,000 columns at most."
    )
    path = file_of(tmp_path, "a,b\n" + "1,2\n" * 70 + "," * 9_999)
    assert refused(path).sentence.startswith("Row 72 has 10,000 cells")


def test_a_quotation_mark_that_is_never_closed_is_told(tmp_path: Path) -> None:
    path = file_of(tmp_path, 'name,note\nMara,fine\nTom,"open\nAnn,more\n')

    assert refused(path).sentence == "A quotation mark that opens in row 3 is never closed."


def test_text_behind_a_quoted_cell_is_not_guessed_at(tmp_path: Path) -> None:
    path = file_of(tmp_path, 'name,note\nMara,"5" pipe"\n')

    assert refused(path, UTF_8).sentence.startswith("Row 2 has text behind the quotation mark")


@pytest.mark.parametrize("filler", [b"x", b"x\n", b"x,y\n"])
def test_200_mb_behind_an_open_quotation_mark_are_not_held(tmp_path: Path, filler: bytes) -> None:
    path = big(tmp_path, b'name,note\nMara,"', filler)

    with peak_below(40 << 20):
        error = refused(path)

    assert error.sentence.startswith("Row 2 has ")
    assert "quotation mark that opens there is never closed" in error.sentence
    assert error.first_line == "name,note"


@pytest.mark.parametrize("filler", [b"x", b",", b',"\n",'])
def test_200_mb_in_one_row_are_not_held(tmp_path: Path, filler: bytes) -> None:
    path = big(tmp_path, b"name,note\n", filler)

    with peak_below(80 << 20):
        assert "Row 2 has more than" in refused(path, UTF_8).sentence


def big(folder: Path, start: bytes, filler: bytes) -> Path:
    path = folder / "big.csv"
    block = filler * ((1 << 20) // len(filler))
    with path.open("wb") as file:
        file.write(start)
        for _ in range(200):
            file.write(block)
    return path


def test_memory_is_flat_at_any_number_of_rows(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        path = file_of(tmp_path, "name,city\n" + "Müller,Köln\n" * rows)
        tracemalloc.start()
        with reading(path, UTF_8) as file:
            assert sum(map(len, file.batches)) == rows
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(100_000) < 1.2 * peak(30_000)


def test_long_rows_come_in_smaller_batches(tmp_path: Path) -> None:
    path = file_of(tmp_path, "name,note\n" + ("Mara," + "x" * 500_000 + "\n") * 60)

    with reading(path, UTF_8) as file:
        lengths = [len(rows) for rows in file.batches]

    assert sum(lengths) == 60
    assert max(lengths) < 60


def test_all_encodings_and_delimiters_have_names_for_people() -> None:
    assert set(ENCODINGS) == {"utf-8", "utf-16", "cp1252"}
    assert set(DELIMITERS) == {",", ";", "\t", "|"}


def test_a_reading_that_ends_early_closes_its_file(tmp_path: Path) -> None:
    path = file_of(tmp_path, "name,city\n" + "Mara,Kiel\n" * 100_000)

    with reading(path, UTF_8) as file:
        next(file.batches)

    with pytest.raises(ValueError, match="closed"):
        list(file.batches)
