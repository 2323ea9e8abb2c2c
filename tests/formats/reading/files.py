"""Files as people send them, and what is read of them."""

import tracemalloc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from dashboard.formats.reading import Cell, FileManner, Row, Unreadable, reading, recognise

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def file_of(folder: Path, content: bytes | str, name: str = "customers.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path, manner: FileManner | None = None, *, batch: int = 1000) -> list[Row]:
    """Gives all rows below the header, in the manner that is recognised unless one is told."""
    manner = manner or recognise(path, path.name).manner
    with reading(path, manner, batch=batch) as file:
        return [row for rows in file.batches for row in rows]


def cells(path: Path, manner: FileManner | None = None) -> list[tuple[Cell, ...]]:
    return [row.cells for row in read(path, manner)]


def refused(path: Path, manner: FileManner | None = None) -> Unreadable:
    """Gives why the file cannot be read, at first sight or while it is read."""
    with pytest.raises(Unreadable) as caught:
        read(path, manner)
    assert str(caught.value) == caught.value.sentence
    return caught.value


@contextmanager
def peak_below(most: int) -> Iterator[None]:
    """Fails where more memory is held at once than *most* bytes."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


def sheet_of(rows: Iterable[str]) -> str:
    """Gives a sheet of the XML of its rows."""
    return f"<worksheet {MAIN}><sheetData>{''.join(rows)}</sheetData></worksheet>"


def workbook_of(
    folder: Path, sheet: str, *, more: Mapping[str, bytes | str] | None = None, **about: Any
) -> Path:
    """Gives a workbook that is made by hand of the XML of its only sheet; see parts_of()."""
    path = folder / "made.xlsx"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in {**parts_of(sheet, **about), **(more or {})}.items():
            archive.writestr(name, content)
    return path


def parts_of(
    sheet: str, *, strings: Sequence[str] = (), styles: str = "", properties: str = ""
) -> dict[str, bytes]:
    """Gives the parts of a workbook, with the XML of its shared strings and of its styles."""
    parts = {
        "_rels/.rels": related(officeDocument="xl/workbook.xml"),
        "xl/workbook.xml": f"<workbook {MAIN} xmlns:r='{RELATIONS}'><workbookPr {properties}/>"
        "<sheets><sheet name='One' sheetId='1' r:id='worksheet'/></sheets></workbook>",
        "xl/_rels/workbook.xml.rels": related(
            worksheet="worksheets/sheet1.xml",
            styles="styles.xml",
            sharedStrings="/xl/sharedStrings.xml",
        ),
        "xl/worksheets/sheet1.xml": sheet,
        "xl/styles.xml": f"<styleSheet {MAIN}>{styles}</styleSheet>",
        "xl/sharedStrings.xml": f"<sst {MAIN}>{''.join(strings)}</sst>",
    }
    return {name: content.encode() for name, content in parts.items()}


def related(**targets: str) -> str:
    relations = "".join(
        f"<Relationship Id='{kind}' Type='{RELATIONS}/{kind}' Target='{target}'/>"
        for kind, target in targets.items()
    )
    return f"<Relationships xmlns='{PACKAGE}'>{relations}</Relationships>"
