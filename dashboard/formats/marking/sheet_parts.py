"""The parts of a workbook around its one sheet."""

from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import quoteattr

from dashboard.formats.marking.sheet_styles import DECLARATION, MAIN, STYLES

RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
SPREADSHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET: Final = "xl/worksheets/sheet1.xml"

TYPES: Final = (
    f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{SPREADSHEET}.sheet.main+xml"/>'
    f'<Override PartName="/{SHEET}" ContentType="{SPREADSHEET}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{SPREADSHEET}.styles+xml"/></Types>'
)


def parts(sheet: str) -> dict[str, str]:
    """Gives the parts beside the sheet, which is called *sheet*, by their names."""
    return {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": _workbook(sheet),
        "xl/_rels/workbook.xml.rels": _relations(
            ("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")
        ),
        "xl/styles.xml": STYLES,
    }


def begin(header: int, widths: Sequence[int]) -> str:
    """Gives a sheet's begin; the rows up to *header* stay in sight, none where it is 0."""
    pane = (
        f'<pane ySplit="{header}" topLeftCell="A{header + 1}" activePane="bottomLeft" '
        'state="frozen"/>'
    )
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(widths, 1)
    )
    return (
        f'{DECLARATION}<worksheet xmlns="{MAIN}"><sheetViews>'
        f'<sheetView tabSelected="1" workbookViewId="0">{pane if header else ""}</sheetView>'
        f"</sheetViews><cols>{columns}</cols><sheetData>"
    )


def end(header: int, last: int, letters: str) -> str:
    """Gives a sheet's end: its rows can be filtered, up to row *last* and the column *letters*."""
    filtered = f'<autoFilter ref="A{header}:{letters}{max(header, last)}"/>' if header else ""
    # Numbers that are kept as texts are so on purpose.
    ignored = f'<ignoredError sqref="A1:{letters}{max(last, 1)}" numberStoredAsText="1"/>'
    return f"</sheetData>{filtered}<ignoredErrors>{ignored}</ignoredErrors></worksheet>"


def _relations(*pairs: tuple[str, str]) -> str:
    """Gives a part that names others, each as kind and name."""
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{name}"/>'
        for number, (kind, name) in enumerate(pairs, 1)
    )
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'


def _workbook(sheet: str) -> str:
    named = f'<sheet name={quoteattr(sheet)} sheetId="1" r:id="rId1"/>'
    return (
        f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
        f"<bookViews><workbookView/></bookViews><sheets>{named}</sheets></workbook>"
    )
