"""docs/formats.md says what the formats do."""

import math
import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest

from dashboard.formats import FORMATS, Column
from dashboard.formats.parquet_columns import MOST_DIGITS
from dashboard.formats.pdf import PdfWriter
from dashboard.formats.remarks import SENTENCES
from dashboard.formats.xlsx_cells import MOST_CHARACTERS
from dashboard.formats.xlsx_workbook import SHEET_COLUMNS, SHEET_ROWS
from tests.formats.samples import parquet_table, written, xlsx_workbook

PAGE: Final = (Path(__file__).parents[2] / "docs" / "formats.md").read_text()

VALUES: Final[dict[str, tuple[str, object]]] = {
    "no value (null)": ("text", None),
    "empty text": ("text", ""),
    "text": ("text", "Müller & Söhne"),
    "text with a comma and quotes": ("text", '5" pipe, blue'),
    "text like a formula": ("text", "=1+1"),
    "yes or no": ("boolean", True),
    "whole number": ("integer", -4283),
    "whole number of 20 digits": ("integer", 12345678901234567890),
    "decimal": ("number", Decimal("12.50")),
    "floating point, whole": ("number", 1.0),
    "floating point": ("number", 0.1),
    "floating point, large": ("number", 1e20),
    "floating point, small": ("number", 1e-7),
    "not a number": ("number", math.nan),
    "infinity": ("number", -math.inf),
    "day": ("date", date(2026, 10, 31)),
    "day and time": ("datetime", datetime(2026, 10, 31, 14, 5, 9)),
    "with a fraction": ("datetime", datetime(2026, 10, 31, 14, 5, 9, 123456)),
    "with a zone, in UTC": (
        "datetime",
        datetime(2026, 10, 31, 14, 5, 9, tzinfo=timezone(timedelta(hours=2))),
    ),
    "time": ("time", time(14, 5, 9)),
    "duration": ("text", timedelta(days=1, hours=2)),
    "bytes": ("text", b"\x00\xff"),
    "UUID": ("text", UUID(int=1)),
    "JSON, lists": ("text", {"a": [1, None]}),
}

# How openpyxl calls the sorts of cells.
CELLS: Final = {"n": "number", "s": "text", "b": "yes or no", "d": "date"}


def table(heading: str) -> list[list[str]]:
    """Gives the cells of the first table below *heading*, without their code marks."""
    _, _, below = f"\n{PAGE}".partition(f"\n{heading}\n")
    lines = re.findall(r"(?m)^\|.*\|$", below.split("\n## ")[0])
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [[cell.removeprefix("`").removesuffix("`") for cell in row] for row in rows[2:]]


SPELLED: Final = table("## One spelling")


def file_of(format: str, label: str, path: Path) -> Path:  # noqa: A002  # The word of the package.
    """Writes the value of *label* alone and gives the file."""
    kind, value = VALUES[label]
    written(format, path, [Column("a", "A", kind)], [(value,)])  # type: ignore[arg-type]  # One.
    return path


def test_the_page_spells_every_value() -> None:
    assert [row[0] for row in SPELLED] == [*VALUES]


@pytest.mark.parametrize(("label", "field"), [(row[0], row[1]) for row in SPELLED])
def test_csv_is_as_the_page_says(label: str, field: str, tmp_path: Path) -> None:
    lines = file_of("csv", label, tmp_path / "file").read_bytes().decode()

    assert lines == f"A\n{'' if field == 'nothing' else field}\n"


@pytest.mark.parametrize(("label", "text"), [(row[0], row[2]) for row in SPELLED])
def test_json_lines_are_as_the_page_says(label: str, text: str, tmp_path: Path) -> None:
    line = file_of("jsonl", label, tmp_path / "file").read_bytes().decode()

    assert line == f'{{"a":{text}}}\n'


@pytest.mark.parametrize(("label", "sort"), [(row[0], row[3]) for row in SPELLED])
def test_a_workbook_is_as_the_page_says(label: str, sort: str, tmp_path: Path) -> None:
    book = xlsx_workbook(file_of("xlsx", label, tmp_path / "file"))
    cell = book.worksheets[1].cell(2, 1)

    if label in ("no value (null)", "empty text"):
        assert cell.value in (None, "")
    else:
        assert CELLS[cell.data_type] == sort


@pytest.mark.parametrize(("label", "kind"), [(row[0], row[4]) for row in SPELLED])
def test_parquet_is_as_the_page_says(label: str, kind: str, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    column = parquet_table(file_of("parquet", label, tmp_path / "file")).column("a")

    assert column.to_pylist() == [None] if kind == "null" else str(column.type) == kind


def test_csv_for_re_import_is_as_the_page_says(tmp_path: Path) -> None:
    path = tmp_path / "file"
    rows = [("=1", None), ("", "\\N")]
    table = [Column("a", "a"), Column("b", "b")]

    written("csv", path, table, rows, formula_safe=False, null="\\N")

    assert path.read_bytes() == b'a,b\n=1,\\N\n,"\\N"\n'


def test_every_format_is_on_the_page() -> None:
    told = [(row[0], row[1]) for row in table("# Formats")]

    offered = [(known.title, f".{known.extension}") for known in FORMATS.values()]
    # Parquet needs its engine.
    assert told in (offered, [*offered, ("Parquet", ".parquet")])


def test_every_remark_and_limit_is_on_the_page() -> None:
    said = {row[1] for row in table("## What a format cannot hold")}

    assert said == {one.format(label="Note", count=1) for one, _ in SENTENCES.values()}
    for limit in (MOST_CHARACTERS, SHEET_COLUMNS, SHEET_ROWS, PdfWriter.MAX_PAGES, MOST_DIGITS):
        assert f"{limit:,}" in PAGE


def test_moments_of_the_page_are_in_utc() -> None:
    _, value = VALUES["with a zone, in UTC"]

    assert isinstance(value, datetime)
    assert value.astimezone(UTC).isoformat(" ") == "2026-10-31 12:05:09+00:00"
