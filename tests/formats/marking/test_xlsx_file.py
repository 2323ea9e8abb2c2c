"""A sheet with its wrong cells in red, read back by another library and by the desk itself."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from dashboard.formats import FormatError
from dashboard.formats.marking import Added, Mark, marked_xlsx
from dashboard.formats.marking.sheet import Frame, SheetFile
from dashboard.formats.reading import FileManner, reading
from tests.formats.reading.files import peak_below

RED = "FFFFC7CE"
ROWS = 12_000
WHY = ("Was zu berichtigen ist", "What to fix")
DAY = date(2026, 2, 28)
VALUES: tuple[Any, ...] = (
    "007",
    12,
    0.1 + 0.2,
    -1e300,
    True,
    DAY,
    datetime(2026, 2, 28, 14, 5, 9),
    time(6, 30),
    "=1+1",
    "<r>&amp;</r>",
    "12345678901234567890",
    " two\nlines\r_x000D_\x01 ",
)


def sent(folder: Path, *rows: tuple[Any, ...], sheet: str = "Kunden & Co") -> Path:
    """Gives a workbook whose second sheet holds *rows*."""
    book = openpyxl.Workbook()
    page = book.create_sheet(sheet)
    for row in rows:
        page.append(row)
    path = folder / "sent.xlsx"
    book.save(path)
    return path


def marked(path: Path, *marks: Mark, header: bool = True, place: int | None = None) -> Worksheet:
    """Gives the marked sheet, the only one of its workbook."""
    into = path.with_name("marked.xlsx")
    manner = FileManner("xlsx", header=header, sheet="Kunden & Co")
    with reading(path, manner) as file:
        behind = len(file.columns)
    added = Added(WHY, behind if place is None else place, place is not None)
    for _ in marked_xlsx(path, manner, into, iter(marks), added):
        pass
    book = openpyxl.load_workbook(into)
    assert book.sheetnames == ["Kunden & Co"]
    page = book["Kunden & Co"]
    assert isinstance(page, Worksheet)
    return page


def red(page: Worksheet) -> list[str]:
    """Gives which cells are red."""
    return [
        cell.coordinate
        for row in page.iter_rows()
        for cell in row
        if isinstance(cell, Cell) and cell.fill.fgColor.rgb == RED
    ]


def test_wrong_cells_are_red_and_their_reasons_are_beside_them(tmp_path: Path) -> None:
    path = sent(tmp_path, ("no", "name"), (1, "A"), (), (2, "B"), (3, None))

    page = marked(
        path,
        Mark(4, ("no: zu groß",), frozenset({0})),
        Mark(5, ("name: fehlt",), frozenset({1})),
    )

    assert list(page.iter_rows(values_only=True)) == [
        ("no", "name", "Was zu berichtigen ist"),
        (1, "A", None),
        (None, None, None),
        (2, "B", "no: zu groß"),
        (3, None, "name: fehlt"),
    ]
    assert red(page) == ["A4", "C4", "B5", "C5"]
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:C5"
    assert page["A1"].font.bold


def test_values_keep_their_type(tmp_path: Path) -> None:
    path = tmp_path / "sent.xlsx"
    sheet = SheetFile(path, Frame("Kunden & Co", 1, [8]))
    sheet.write(1, tuple(f"c{at}" for at in range(len(VALUES))))
    sheet.write(2, VALUES)
    sheet.finish()
    sheet.close()

    page = marked(path, Mark(2, ("x",), frozenset(range(len(VALUES)))))

    row = [cell for cell in page[2][:-1] if isinstance(cell, Cell)]
    # The library knows no days without a time, and leaves signs that XML cannot hold spelled out.
    assert [cell.value for cell in row[:-1]] == [
        datetime(2026, 2, 28) if value == DAY else value for value in VALUES[:-1]
    ]
    assert row[-1].value == " two\nlines_x000D__x005F_x000D__x0001_ "
    assert [cell.data_type for cell in row] == list("snnnbdddssss")
    assert (row[0].number_format, row[5].number_format) == ("@", "yyyy-mm-dd")
    manner = FileManner("xlsx", sheet="Kunden & Co")
    with reading(path.with_name("marked.xlsx"), manner) as file:
        ((again,),) = file.batches
    assert again.cells[:-1] == VALUES


def test_of_formulas_there_are_the_values_and_no_text_becomes_one(tmp_path: Path) -> None:
    path = tmp_path / "sent.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Kunden & Co")
        sheet.write_row(0, 0, ("a", "b", "c"))
        sheet.write_formula(1, 0, "=1+1", value=2)
        sheet.write_formula(1, 1, '="="&"2+2"', value="=2+2")
        sheet.write_string(1, 2, "=3+3")

    page = marked(path, Mark(2, ("=HYPERLINK()",)))

    row = [cell for cell in page[2] if isinstance(cell, Cell)]
    assert [cell.value for cell in row] == [2, "=2+2", "=3+3", "=HYPERLINK()"]
    assert [cell.data_type for cell in row] == list("nsss")


def test_cells_beside_the_columns_stay_behind_the_reasons(tmp_path: Path) -> None:
    path = sent(tmp_path, ("a", "b"), (1, 2, None, "beside"))

    page = marked(path, Mark(2, ("too long",)))

    assert [cell.value for cell in page[2]] == [1, 2, "too long", None, "beside"]


def test_a_column_that_is_there_already_is_filled_anew(tmp_path: Path) -> None:
    path = sent(tmp_path, ("a", "What to fix", "b"), (1, "old", 2), (3, "old", 4))

    page = marked(path, Mark(3, ("new",), frozenset({2})), place=1)

    assert list(page.iter_rows(values_only=True)) == [
        ("a", WHY[0], "b"),
        (1, None, 2),
        (3, "new", 4),
    ]
    assert red(page) == ["B3", "C3"]


def test_a_sheet_without_a_header_has_no_title(tmp_path: Path) -> None:
    page = marked(sent(tmp_path, (1, 2), (3, 4)), Mark(1, ("x",)), header=False)

    assert list(page.iter_rows(values_only=True)) == [(1, 2, "x"), (3, 4, None)]
    assert page.freeze_panes is None


def test_little_of_a_sheet_is_held_at_once(tmp_path: Path) -> None:
    path, into = tmp_path / "sent.xlsx", tmp_path / "marked.xlsx"
    sheet = SheetFile(path, Frame("A", 0, [8]))
    for number in range(1, ROWS + 1):
        sheet.write(number, (number, f"{number}" * 200))
    sheet.finish()
    sheet.close()
    marks = (Mark(number, ("wrong",), frozenset({1})) for number in range(1, ROWS, 3))
    manner = FileManner("xlsx", header=False, sheet="A")

    with peak_below(6 << 20):
        done = list(marked_xlsx(path, manner, into, marks, Added(WHY, 2)))

    assert done[-1] == ROWS


def test_a_sheet_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.formats.marking.sheet.MOST_BYTES", 200_000)
    path = sent(tmp_path, ("a",), *[("x" * 1000,)] * 200)

    with pytest.raises(FormatError, match="too large for a workbook"):
        marked(path)


def test_a_text_that_no_cell_holds_is_refused_and_nothing_stays_open(tmp_path: Path) -> None:
    sheet = SheetFile(tmp_path / "file.xlsx", Frame("A", 1, [8]))

    with pytest.raises(FormatError, match="Row 2, column B: the text has 32,768 characters"):
        sheet.write(2, (1, "x" * 32_768))
    sheet.close()
