"""Excel workbooks: read back cell by cell."""

import os
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from dashboard.formats import Column, FormatError, xlsx_workbook
from tests.formats import samples
from tests.formats.samples import columns, opened, written


def data_of(path: Path) -> Worksheet:
    sheet = samples.xlsx_workbook(path)["Data"]
    assert isinstance(sheet, Worksheet)
    return sheet


def cells_of(tmp_path: Path, kind: str, *values: object) -> tuple[list[Any], tuple[str, ...]]:
    """Writes a column of one type and gives its cells and the warnings."""
    path = tmp_path / "file.xlsx"
    result = written("xlsx", path, columns(column=kind), [(value,) for value in values])
    return [cell for (cell,) in data_of(path).iter_rows(min_row=2)], result.warnings


def test_cells_have_types_and_formats(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    table = columns(
        name="text",
        orders="integer",
        order_id="integer",
        weight="number",
        revenue="money",
        share="percent",
        day="date",
        placed_at="datetime",
        opens="time",
        paid="boolean",
    )
    moment = datetime(2026, 10, 31, 14, 5, 9)
    row = (
        "=1+1",
        4283,
        100_200,
        Decimal("1.250"),
        Decimal("13204.50"),
        0.253,
        moment.date(),
        moment,
        time(14, 5, 9),
        True,
    )

    written("xlsx", path, table, [row])

    (cells,) = data_of(path).iter_rows(min_row=2)
    assert [cell.value for cell in cells] == [
        "=1+1",
        4283,
        100_200,
        1.25,
        13204.5,
        0.253,
        datetime(2026, 10, 31),
        moment,
        time(14, 5, 9),
        True,
    ]
    assert [cell.data_type for cell in cells] == [*"snnnnndddb"]
    assert [cell.number_format for cell in cells] == [
        "General",
        "#,##0",
        "0",
        "#,##0.000",
        "#,##0.00",
        "0.0%",
        "yyyy-mm-dd",
        "yyyy-mm-dd hh:mm:ss",
        "hh:mm:ss",
        "General",
    ]


def test_the_header_is_bold_frozen_and_filters(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"

    written("xlsx", path, columns(name="text", note="text"), [("a", "x" * 50), ("b", "")])

    sheet = data_of(path)
    assert [cell.value for cell in sheet[1]] == ["Name", "Note"]
    assert all(cell.font.b and cell.fill.fgColor.rgb == "FFF3F3F0" for cell in sheet[1])
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.column_dimensions["A"].width < 12
    assert 50 < sheet.column_dimensions["B"].width < 60


def test_no_rows_leave_the_header_alone(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"

    opened("xlsx", path, columns(name="text", note="text")).close()

    assert [[cell.value for cell in row] for row in data_of(path).iter_rows()] == [["Name", "Note"]]


def test_the_cover_says_where_the_file_comes_from(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    table = [
        Column("name", "Name"),
        Column("orders", "Orders", "integer", total=True),
        Column("revenue", "Revenue", "money", total=True),
    ]

    result = written(
        "xlsx", path, table, [("a", 2, Decimal("0.10")), ("b", 3, Decimal("0.20")), (None,) * 3]
    )

    assert result.totals == (("Orders", "5"), ("Revenue", "0.30"))
    workbook = samples.xlsx_workbook(path)
    assert workbook.sheetnames == ["About", "Data"]
    assert workbook.active is workbook["About"]
    assert samples.xlsx_cover(path) == [
        ("Sales by region", None),
        ("Orders and revenue", None),
        ("Number", "R-4821"),
        ("Made by", "Mara Keller"),
        ("Made on", "20 November 2026, 14:05"),
        ("Data as of", "20 November 2026, 14:02"),
        ("Rows", 3),
        ("Times are in", "Europe/Berlin"),
        (None, None),
        ("Choices", None),
        ("Period", "1 to 31 October 2026"),
        ("Region", "All regions"),
        (None, None),
        ("Totals", None),
        ("Orders", 5),
        ("Revenue", 0.3),
    ]


def test_more_rows_than_a_sheet_holds_go_on_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_workbook, "SHEET_ROWS", 100)
    path = tmp_path / "file.xlsx"

    result = written("xlsx", path, columns(number="integer"), [(n,) for n in range(250)])

    assert result.rows == 250
    workbook = samples.xlsx_workbook(path)
    assert workbook.sheetnames == ["About", "Data 1", "Data 2", "Data 3"]
    assert samples.xlsx_rows(path) == [[n] for n in range(250)]
    for name in workbook.sheetnames[1:]:
        assert workbook[name]["A1"].value == "Number"
        assert workbook[name].freeze_panes == "A2"
    assert ("Data 3", "rows 201 to 250") in samples.xlsx_cover(path)


def test_a_full_sheet_begins_no_further_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_workbook, "SHEET_ROWS", 100)
    path = tmp_path / "file.xlsx"

    written("xlsx", path, columns(number="integer"), [(n,) for n in range(100)])

    assert samples.xlsx_workbook(path).sheetnames == ["About", "Data"]


def test_numbers_that_excel_would_change_are_texts(tmp_path: Path) -> None:
    cells, warnings = cells_of(tmp_path, "integer", 10**15 - 1, 2**60, -(2**60), None)

    assert [cell.value for cell in cells[:3]] == [10**15 - 1, str(2**60), str(-(2**60))]
    assert warnings == (
        "Column Column: 2 numbers of over 15 digits are written as text for Excel.",
    )


def test_decimals_are_exact_or_remarked(tmp_path: Path) -> None:
    cells, warnings = cells_of(
        tmp_path,
        "number",
        Decimal("123456789012345"),
        Decimal("-12345678.9012345"),
        Decimal("12.3333333333333333"),
        Decimal("1234567890123456.5"),
        Decimal("1E+20"),
    )

    assert [cell.value for cell in cells] == [
        123456789012345,
        -12345678.9012345,
        12.333333333333334,
        "1234567890123456.5",
        1e20,
    ]
    assert warnings == (
        "Column Column: 1 number is rounded to 15 digits, as Excel keeps no more.",
        "Column Column: 1 number of over 15 digits is written as text for Excel.",
    )


def test_what_is_no_number_is_told(tmp_path: Path) -> None:
    cells, warnings = cells_of(tmp_path, "number", float("nan"), float("-inf"), Decimal("NaN"), 1.5)

    assert [cell.value for cell in cells] == ["NaN", "-Infinity", "NaN", 1.5]
    assert warnings == ("Column Column: 3 values are NaN or infinite and are written as text.",)


def test_old_dates_are_texts(tmp_path: Path) -> None:
    days = [date(1899, 12, 31), date(1900, 1, 1), date(1900, 2, 28), date(1900, 3, 1)]

    cells, warnings = cells_of(tmp_path, "date", *days)

    assert cells[0].value == "1899-12-31"
    assert [cell.value.date() for cell in cells[1:]] == days[1:]
    assert warnings == (
        "Column Column: 1 date before 1900 is written as text, as Excel has no such dates.",
    )


def test_moments_are_told_in_the_zone_of_the_document(tmp_path: Path) -> None:
    summer = datetime(2026, 7, 1, 22, 30, 15, 250_000, tzinfo=UTC)

    cells, _ = cells_of(tmp_path, "datetime", summer, datetime(2026, 1, 1), date(2026, 1, 2))

    assert [cell.value for cell in cells] == [
        datetime(2026, 7, 2, 0, 30, 15, 250_000),
        datetime(2026, 1, 1),
        datetime(2026, 1, 2),
    ]


def test_values_of_another_type_than_their_column_are_texts(tmp_path: Path) -> None:
    cells, _ = cells_of(tmp_path, "date", "soon", datetime(2026, 1, 1, 8), [1, 2], time(8), b"\0")

    assert [cell.value for cell in cells] == [
        "soon",
        "2026-01-01 08:00:00",
        "[1,2]",
        "08:00:00",
        "\\x00",
    ]


def test_special_characters_survive(tmp_path: Path) -> None:
    text = ' two  spaces, <tags> & "quotes"\ttab\nline, emoji 😀, _x0041_ '

    cells, _ = cells_of(tmp_path, "text", text)

    # Excel itself reads _x005F_ as an underscore.
    assert cells[0].value.replace("_x005F_", "_") == text


@pytest.mark.parametrize("text", ["x" * 32_767, "😀" * 16_383])
def test_the_longest_text_fits(tmp_path: Path, text: str) -> None:
    cells, warnings = cells_of(tmp_path, "text", text)

    assert cells[0].value == text
    assert warnings == ()


@pytest.mark.parametrize("text", ["x" * 32_768, "😀" * 16_384])
def test_a_longer_text_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    writer = opened("xlsx", tmp_path / "file.xlsx", columns(note="text"))
    writer.write([("fine",)])

    with pytest.raises(FormatError, match="Row 3, column Note: the text has 32,768 characters"):
        writer.write([("fine",), (text,)])

    writer.abort()


def test_equal_labels_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"

    written("xlsx", path, [Column("net", "Total"), Column("gross", "Total")], [("a", "b")])

    assert [cell.value for cell in data_of(path)[1]] == ["Total (net)", "Total (gross)"]
    assert samples.xlsx_rows(path) == [["a", "b"]]


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    table = [Column(str(n), str(n)) for n in range(16_385)]

    with pytest.raises(FormatError, match="holds 16,384 columns, not 16,385"):
        opened("xlsx", tmp_path / "file.xlsx", table)


def test_broken_characters_are_replaced_everywhere(tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"

    result = written(
        "xlsx", path, columns(a="text"), [("bro\ud800ken",)], choices=(("Name", "\udfff"),)
    )

    assert samples.xlsx_rows(path) == [["bro\ufffdken"]]
    assert ("Name", "\ufffd") in samples.xlsx_cover(path)
    assert len(result.warnings) == 1


def test_the_engine_spools_in_the_scratch_folder(tmp_path: Path) -> None:
    if not Path("/proc/self/fd").exists():
        pytest.skip("this system does not show open files")
    before = os.environ.get("TMPDIR")
    writer = opened("xlsx", tmp_path / "file.xlsx", columns(a="text"))
    for _ in range(100):
        writer.write([(f"text {n}",) for n in range(1_000)])
    spooled: set[str] = set()

    def look(done: int) -> None:
        for link in Path("/proc/self/fd").iterdir():
            target = os.readlink(link) if link.is_symlink() else ""
            if "(deleted)" in target:
                spooled.add(str(Path(target).parent))

    writer.close(look)

    assert str(tmp_path) in spooled
    assert os.environ.get("TMPDIR") == before


def test_an_error_of_the_engine_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("out of luck")

    monkeypatch.setattr(xlsx_workbook.Workbook, "save", fail)

    with pytest.raises(FormatError, match="could not be written: out of luck"):
        written("xlsx", tmp_path / "file.xlsx", columns(a="text"), [("a",)])

    assert list(tmp_path.iterdir()) == []
