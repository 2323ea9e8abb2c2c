"""Workbooks: cells as spreadsheets show them, read as they come."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import example, given, settings, strategies as st
from openpyxl import Workbook
from xlsxwriter import Workbook as Written

from dashboard.formats.reading import Cell, FileManner, Row, Unreadable, reading, recognise
from dashboard.formats.reading.serial import temporal_of
from tests.formats.reading.files import (
    cells,
    parts_of,
    peak_below,
    read,
    refused,
    sheet_of,
    workbook_of,
)
from tests.formats.samples import columns, patient, written

XLSX = FileManner("xlsx", header=False)
PARTS = parts_of(
    sheet_of(
        [
            "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='str'><v>day</v></c></row>",
            "<row r='2'><c r='A2' t='s'><v>1</v></c><c r='B2' s='1'><v>46326</v></c></row>",
            "<row r='3'><c r='A3' t='b'><v>1</v></c><c r='B3' t='d'><v>2026-10-31</v></c></row>",
        ]
    ),
    strings=["<si><t>name</t></si>", "<si><r><t>Ma</t></r><r><t>ra</t></r></si>"],
    styles="<numFmts><numFmt numFmtId='170' formatCode='dd.mm.yyyy'/></numFmts>"
    "<cellXfs><xf numFmtId='0'/><xf numFmtId='170'/></cellXfs>",
    properties="date1904='0'",
)


def saved(folder: Path, *rows: tuple[Any, ...], **properties: object) -> Path:
    """Gives a workbook of one sheet with *rows*, as openpyxl writes it."""
    book = Workbook()
    for name, value in properties.items():
        setattr(book, name, value)
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    path = folder / "customers.xlsx"
    book.save(path)
    return path


def test_cells_come_as_what_they_are(tmp_path: Path) -> None:
    row = (
        "Müller\n日本 <&>",
        12,
        12.5,
        True,
        False,
        date(2026, 10, 31),
        datetime(2026, 10, 31, 14, 5, 9),
        time(14, 5, 9),
        "#N/A",
        "007",
    )
    path = saved(tmp_path, tuple(f"column {n}" for n in range(len(row))), row)

    (found,) = read(path)

    assert found == Row(2, row)
    assert list(map(type, found.cells)) == list(map(type, row))


def test_the_first_look_names_sheets_and_columns(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.title = "Kunden & Co"
    book.active.append(("name", "city"))
    book.active.append(("Mara", None))
    book.create_sheet("Hidden").sheet_state = "hidden"
    book.create_sheet("Other").append(("x",))
    path = tmp_path / "customers.xlsx"
    book.save(path)

    seen = recognise(path, path.name)
    other = FileManner("xlsx", sheet="Other", header=False)

    assert seen.manner == FileManner("xlsx", header=True, sheet="Kunden & Co")
    assert seen.sheets == ("Kunden & Co", "Other")
    assert seen.columns == ("name", "city")
    assert seen.first == (Row(2, ("Mara", None)),)
    assert recognise(path, path.name, manner=other).first == (Row(1, ("x",)),)
    gone = FileManner("xlsx", sheet="Gone")
    assert refused(path, gone).sentence == "This workbook has no sheet Gone."


def test_empty_rows_and_columns_are_left_away_and_rows_are_as_wide_as_the_table(
    tmp_path: Path,
) -> None:
    path = saved(
        tmp_path,
        ("name", "city", None, None),
        ("Mara", None, None, None),
        (None, "", None, None),
        (None, "Kiel", None, "extra"),
        (None, None, None, None),
    )

    assert recognise(path, path.name).columns == ("name", "city")
    assert read(path) == [Row(2, ("Mara", None)), Row(4, (None, "Kiel", None, "extra"))]


def test_a_sheet_without_anything_is_empty(tmp_path: Path) -> None:
    assert refused(saved(tmp_path)).sentence == "customers.xlsx is empty."


def test_a_header_alone_is_a_sheet_without_rows(tmp_path: Path) -> None:
    path = saved(tmp_path, ("name", "city"))

    assert recognise(path, path.name).first == ()
    assert read(path) == []


@pytest.mark.parametrize("is_1904", [False, True])
def test_dates_are_those_of_either_system(tmp_path: Path, is_1904: bool) -> None:
    path = tmp_path / "customers.xlsx"
    days = [date(1904, 1, 2), date(1999, 12, 31), date(2000, 2, 29), date(9999, 12, 31)]
    with Written(str(path), {"date_1904": is_1904}) as book:
        sheet = book.add_worksheet()
        for row, day in enumerate(days):
            sheet.write_datetime(row, 0, day, book.add_format({"num_format": "dd.mm.yyyy"}))

    assert cells(path, XLSX) == [(day,) for day in days]


def test_days_about_the_leap_day_that_never_was(tmp_path: Path) -> None:
    styles = "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs>"
    serials = ("0", "1", "59", "60", "61", "61.5", "-1", "2958466")
    rows = [f"<row><c s='1'><v>{serial}</v></c></row>" for serial in serials]
    path = workbook_of(tmp_path, sheet_of(rows), styles=styles)

    assert [row[0] for row in cells(path, XLSX)] == [
        0,
        date(1900, 1, 1),
        date(1900, 2, 28),
        "1900-02-29",
        date(1900, 3, 1),
        datetime(1900, 3, 1, 12),
        -1,
        2958466,
    ]


moments = st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 31, 23, 59, 59)).map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
# Texts that XML holds; openpyxl refuses others, and takes = for a formula.
letters = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1)
values = (
    letters.map(lambda text: "a" + text)
    | st.integers(-(10**14), 10**14)
    # openpyxl writes no more digits.
    | st.floats(-1e300, 1e300).map(lambda number: float(f"{number:.15g}"))
    | st.booleans()
    | moments
    | st.dates(date(1900, 3, 1))
    | st.times().map(lambda at: at.replace(microsecond=0))
    | st.none()
)


@settings(patient, max_examples=30)
@given(st.lists(st.lists(values, min_size=1, max_size=5).map(tuple), min_size=1, max_size=10))
def test_what_openpyxl_writes_is_read_back(rows: list[tuple[Any, ...]]) -> None:
    with TemporaryDirectory() as folder:
        found = {row.number: row.cells for row in read(saved(Path(folder), *rows), XLSX)}

    for number, row in enumerate(rows, 1):
        cells = found.get(number, ())
        assert list(map(plain, cells)) == list(map(plain, row + (None,) * 5))[: len(cells)]
        assert set(row[len(cells) :]) <= {None}


def plain(value: Cell) -> Cell:
    """Gives a value with what a workbook does not keep left away: midnight of a moment."""
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    return value


def test_what_the_desk_writes_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "customers.xlsx"
    row = ("Müller", 12, date(2026, 10, 31), datetime(2026, 10, 31, 14, 5, 9), time(14, 5), True)
    table = columns(a="text", b="integer", c="date", d="datetime", e="time", f="boolean")
    written("xlsx", path, table, [row])

    seen = recognise(path, path.name)

    assert any(
        row in cells(path, FileManner("xlsx", header=False, sheet=sheet)) for sheet in seen.sheets
    )


def test_formulas_come_as_what_was_last_calculated(tmp_path: Path) -> None:
    row = (
        "<row r='7'><c r='B7'><f>1+1</f><v>2</v></c><c r='C7' t='str'><f>A1</f><v>two</v></c>"
        "<c r='D7' t='e'><f>1/0</f><v>#DIV/0!</v></c><c r='E7' t='str'><f>A2</f><v></v></c></row>"
    )

    assert read(workbook_of(tmp_path, sheet_of([row])), XLSX) == [
        Row(7, (None, 2, "two", "#DIV/0!"))
    ]


def test_a_formula_that_was_never_calculated_is_not_taken_for_nothing(tmp_path: Path) -> None:
    path = saved(tmp_path, ("name", "sum"), ("Mara", "=1+1"))

    assert refused(path).sentence.startswith(
        "Row 2, column B holds a formula that was never calculated."
    )


def test_runs_readings_and_escapes_of_texts(tmp_path: Path) -> None:
    shared = [
        "<si><r><t>Ma</t></r><r><rPr><b/></rPr><t xml:space='preserve'>ra </t></r></si>",
        "<si><t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si>",
        "<si><t>a_x000D_b_x005F_x000A_ _x0000_</t></si>",
        "<si/>",
    ]
    row = "".join(f"<c t='s'><v>{at}</v></c>" for at in range(4))
    inline = "<c t='inlineStr'><is><r><t>x</t></r><r><t>_x0009_y</t></r></is></c>"

    path = workbook_of(tmp_path, sheet_of([f"<row>{row}{inline}</row>"]), strings=shared)

    assert cells(path, XLSX) == [
        ("Mara ", "東京", "a\rb_x000A_ _x0000_", None, "x\ty"),
    ]


def test_dates_in_iso_8601_and_strict_workbooks_are_read(tmp_path: Path) -> None:
    sheet = sheet_of(
        ["<row><c t='d'><v>2026-10-31</v></c><c t='d'><v>2026-10-31T14:05:09</v></c></row>"]
    )
    sheet = sheet.replace(
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    )

    assert cells(workbook_of(tmp_path, sheet), XLSX) == [
        (date(2026, 10, 31), datetime(2026, 10, 31, 14, 5, 9))
    ]


@pytest.mark.parametrize(
    ("code", "temporal"),
    [
        ("General", None),
        ("0.00E+00", None),
        ('0.00 "days"', None),
        ("#,##0.00 [$€-407];[Red]-#,##0.00", None),
        ("@", None),
        ("yyyy-mm-dd", "date"),
        ("[$-407]d. mmmm yyyy;@", "date"),
        ("mmm", "date"),
        ("dd.mm.yyyy\\ hh:mm", "datetime"),
        ("m/d/yy h:mm AM/PM", "datetime"),
        ("hh:mm:ss", "time"),
        ("mm:ss.0", "time"),
        ("[h]:mm:ss", "duration"),
    ],
)
def test_formats_tell_dates_from_numbers(code: str, temporal: str | None) -> None:
    assert temporal_of(code) == temporal


def test_hours_beyond_a_day_come_as_text(tmp_path: Path) -> None:
    path = saved(tmp_path, (timedelta(hours=26, minutes=30), timedelta(hours=2)))

    assert cells(path, XLSX) == [("26:30:00", time(2))]


def test_a_sheet_whose_texts_are_more_than_is_held_at_once(tmp_path: Path) -> None:
    """Its shared texts go to disk, in whatever order the cells ask for them."""
    rows, text = 12_000, "of a name that goes on and on " * 100
    path = workbook_of(
        tmp_path,
        sheet_of(
            f"<row><c t='s'><v>{n}</v></c><c t='s'><v>{n % 7}</v></c>"
            f"<c t='s'><v>{rows - 1 - n}</v></c></row>"
            for n in range(rows)
        ),
        strings=[f"<si><t>{n} {text}</t></si>" for n in range(rows)],
    )

    with peak_below(20 << 20), reading(path, XLSX) as file:
        read = 0
        for batch in file.batches:
            for number, found in batch:
                at = number - 1
                assert found == (f"{at} {text}", f"{at % 7} {text}", f"{rows - 1 - at} {text}")
            read += len(batch)
        assert read == rows
        assert file.position() == 1.0


def test_a_damaged_workbook_is_told(tmp_path: Path) -> None:
    path = saved(tmp_path, ("name", "city"), *[("Mara", "Kiel")] * 1000)
    whole = path.read_bytes()

    path.write_bytes(whole[: len(whole) // 2])

    assert refused(path).sentence.startswith("This workbook is damaged.")


damages = st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), max_size=4)


def hurt(content: bytes, damage: list[tuple[int, int]]) -> bytes:
    found = bytearray(content)
    for place, byte in damage:
        found[place % len(found)] = byte
    return bytes(found)


@settings(patient, max_examples=60)
@given(damages, st.sampled_from(["", *PARTS]), damages)
@example([(141239, 1)], "", [])  # The directory names a place before the file.
def test_no_damage_makes_it_fall_over(
    outside: list[tuple[int, int]], part: str, inside: list[tuple[int, int]]
) -> None:
    """What is read of a damaged workbook is its rows or a sentence, never another error."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "customers.xlsx")
        with ZipFile(path, "w", ZIP_DEFLATED) as archive:
            for name, content in PARTS.items():
                archive.writestr(name, hurt(content, inside if name == part else []))
        path.write_bytes(hurt(path.read_bytes(), [] if part else outside))

        with suppress(Unreadable):
            read(path)
