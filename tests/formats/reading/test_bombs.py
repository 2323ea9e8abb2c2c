"""Workbooks that were made to do harm: each is refused soon, with little memory."""

from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from dashboard.formats.reading import FileManner
from tests.formats.reading.files import peak_below, refused, sheet_of, workbook_of

XLSX = FileManner("xlsx", header=False)
BILLION_LAUGHS = (
    "<!DOCTYPE worksheet [<!ENTITY a 'haha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
    "<worksheet>&b;</worksheet>"
)
SIZE = 90 << 20  # bytes


def test_a_workbook_that_unpacks_to_far_more_than_it_is(tmp_path: Path) -> None:
    path = workbook_of(tmp_path, sheet_of(()) + " " * SIZE)

    assert path.stat().st_size < 1 << 20
    with peak_below(4 << 20):
        sentence = refused(path).sentence
    assert sentence == (
        "This workbook unpacks to far more than it should (over 4,096 MB, or 200 times its size), "
        "so it was not opened. Send the rows as CSV."
    )


def test_a_bomb_in_a_part_that_nobody_reads(tmp_path: Path) -> None:
    path = workbook_of(tmp_path, sheet_of(()), more={"xl/media/image1.png": bytes(SIZE)})

    assert refused(path).sentence.startswith("This workbook unpacks to far more")


def test_a_directory_that_lies_about_sizes_is_not_believed(tmp_path: Path) -> None:
    path = workbook_of(tmp_path, sheet_of(["<row><c><v>1</v></c></row>"]) + " " * SIZE)
    whole = path.read_bytes()
    start = whole.index(b"PK\x01\x02")
    with ZipFile(BytesIO(whole)) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    directory = whole[start:].replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    path.write_bytes(whole[:start] + directory)

    assert refused(path).sentence.startswith("This workbook is damaged.")


def test_the_measure_is_what_comes_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However it got past the look at the directory."""
    path = workbook_of(tmp_path, sheet_of(["<row><c><v>1</v></c></row>"]) + " " * SIZE)
    monkeypatch.setattr("dashboard.formats.reading.archive.Archive._check", lambda _: None)

    with peak_below(4 << 20):
        assert refused(path).sentence.startswith("This workbook unpacks to far more")


def test_more_parts_than_any_workbook_has(tmp_path: Path) -> None:
    parts = {f"xl/media/{n}": "" for n in range(10_001)}

    assert refused(workbook_of(tmp_path, sheet_of(()), more=parts)).sentence.startswith(
        "This workbook unpacks to far more"
    )


def test_a_directory_without_end_is_not_held(tmp_path: Path) -> None:
    path = workbook_of(tmp_path, sheet_of(()))
    whole = path.read_bytes()
    start, end = whole.index(b"PK\x01\x02"), whole.index(b"PK\x05\x06")
    entries = whole[start:end] * 100_000
    ending = whole[end : end + 12] + len(entries).to_bytes(4, "little") + whole[end + 16 :]
    path.write_bytes(whole[:start] + entries + ending)
    del entries

    with peak_below(4 << 20):
        assert refused(path).sentence.startswith("This workbook is damaged.")


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"])
def test_declared_entities_are_refused(tmp_path: Path, part: str) -> None:
    path = workbook_of(tmp_path, sheet_of(()), more={part: BILLION_LAUGHS})

    assert refused(path).sentence.startswith("This workbook is damaged.")


def noise(size: int) -> str:
    """Gives *size* letters that pack to half, as those of a bomb that keeps below the ratio."""
    return Random(1).randbytes(size // 2).hex()


@pytest.mark.parametrize(
    "cell",
    [
        "<c r='B5'><v>{}</v></c>",
        "<c r='B5' t='inlineStr'><is><t>{}</t></is></c>",
        "<c r='B5' t='s'><v>0</v></c>",
    ],
)
def test_a_cell_of_ten_million_letters(tmp_path: Path, cell: str) -> None:
    letters = noise(10_000_000)
    path = workbook_of(
        tmp_path,
        sheet_of([f"<row r='5'>{cell.format(letters)}</row>"]),
        strings=[f"<si><t>{letters}</t></si>"],
    )

    with peak_below(20 << 20):
        sentence = refused(path, XLSX).sentence
    assert sentence == "Row 5, column B holds more than 1,048,576 characters."


@pytest.mark.parametrize("tag", ["<row r='{}'/>", "<a{}/>", "<row {}='1'/>"])
def test_a_tag_of_twelve_million_letters(tmp_path: Path, tag: str) -> None:
    path = workbook_of(tmp_path, sheet_of([tag.format("a" + noise(12_000_000))]))

    with peak_below(16 << 20):
        assert refused(path).sentence.startswith("This workbook is damaged.")


def test_more_names_than_any_workbook_has(tmp_path: Path) -> None:
    path = workbook_of(tmp_path, sheet_of(f"<a{n}/>" for n in range(100_000)))

    assert refused(path).sentence.startswith("This workbook is damaged.")


def test_ten_thousand_columns_are_too_many(tmp_path: Path) -> None:
    path = workbook_of(tmp_path, sheet_of([f"<row r='3'>{'<c><v>1</v></c>' * 10_000}</row>"]))

    assert refused(path).sentence == (
        "Row 3 goes on beyond the 1,000 columns that a table has at most."
    )


def test_empty_cells_far_to_the_right_are_none(tmp_path: Path) -> None:
    path = workbook_of(tmp_path, sheet_of(["<row><c r='XFD1' s='1'/></row>"]))

    assert refused(path).sentence == "made.xlsx is empty."


@pytest.mark.parametrize(
    "sheet",
    [
        "",
        "no xml",
        "<worksheet>",
        sheet_of(["<row r='x'><c><v>1</v></c></row>"]),
        sheet_of(["<row><c r='?1'><v>1</v></c></row>"]),
        sheet_of(["<row><c r='B1'><v>1</v></c><c r='A1'><v>1</v></c></row>"]),
        sheet_of(["<row><c t='s'><v>7</v></c></row>"]),
        sheet_of(["<row><c t='s'><v>-1</v></c></row>"]),
    ],
)
def test_sheets_that_make_no_sense_are_called_damaged(tmp_path: Path, sheet: str) -> None:
    path = workbook_of(tmp_path, sheet)

    assert refused(path, XLSX).sentence.startswith("This workbook is damaged.")


def test_a_part_that_is_protected_is_told(tmp_path: Path) -> None:
    path = workbook_of(tmp_path, sheet_of(()))
    whole = bytearray(path.read_bytes())
    whole[whole.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(whole)

    assert refused(path).sentence.startswith("This file is protected with a password.")


def test_a_bomb_of_bombs_is_no_workbook(tmp_path: Path) -> None:
    inner = BytesIO()
    with ZipFile(inner, "w", ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(1 << 20))
    path = tmp_path / "customers.xlsx"
    with ZipFile(path, "w") as archive:
        for n in range(100):
            archive.writestr(f"{n}.zip", inner.getvalue())

    assert refused(path).sentence.startswith("This is a ZIP archive or a document")
