"""How the cells of a marked sheet look: each sort of value as it is, and red where it is wrong."""

from typing import Final

from dashboard.formats.xlsx_styles import HEADER_FILL, HEADER_LINE, NUMBER_FORMATS

DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

SORTS: Final = ("general", "text", "date", "datetime", "time")
HEADER: Final = 2 * len(SORTS)  # the style of the header
# What spreadsheet programs themselves call a bad cell.
BAD_FILL: Final = "#FFC7CE"
BAD_INK: Final = "#9C0006"
OWN_FORMATS: Final = 164  # the first number that no built-in format has
NUMBERS: Final = {"general": 0, "text": 49} | {
    sort: number for number, sort in enumerate(SORTS[2:], OWN_FORMATS)
}


def style_of(sort: str, *, bad: bool) -> int:
    """Gives the number of the style for values of a *sort* of SORTS."""
    return SORTS.index(sort) + bad * len(SORTS)


def _formats() -> str:
    formats = "".join(
        f'<numFmt numFmtId="{NUMBERS[sort]}" formatCode="{NUMBER_FORMATS[sort]}"/>'
        for sort in SORTS[2:]
    )
    return f'<numFmts count="{len(SORTS[2:])}">{formats}</numFmts>'


def _xfs() -> str:
    xfs = "".join(
        f'<xf numFmtId="{NUMBERS[sort]}" fontId="{bad}" fillId="{2 * bad}" borderId="0" xfId="0" '
        'applyNumberFormat="1" applyFont="1" applyFill="1"/>'
        for bad in (0, 1)
        for sort in SORTS
    )
    header = (
        '<xf numFmtId="0" fontId="2" fillId="3" borderId="1" xfId="0" applyFont="1" applyFill="1" '
        'applyBorder="1"/>'
    )
    return f'<cellXfs count="{HEADER + 1}">{xfs}{header}</cellXfs>'


def _color(tag: str, color: str) -> str:
    return f'<{tag} rgb="FF{color.lstrip("#")}"/>'


def _font(more: str) -> str:
    return f'<font>{more}<name val="Calibri"/><family val="2"/></font>'


def _fill(color: str) -> str:
    fill = _color("fgColor", color)
    return f'<fill><patternFill patternType="solid">{fill}</patternFill></fill>'


STYLES: Final = (
    f'{DECLARATION}<styleSheet xmlns="{MAIN}">'
    + _formats()
    + '<fonts count="3">'
    + _font('<sz val="11"/>')
    + _font('<sz val="11"/>' + _color("color", BAD_INK))
    + _font('<b/><sz val="11"/>')
    + '</fonts><fills count="4"><fill><patternFill patternType="none"/></fill>'
    + '<fill><patternFill patternType="gray125"/></fill>'
    + _fill(BAD_FILL)
    + _fill(HEADER_FILL)
    + '</fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    + '<border><left/><right/><top/><bottom style="thin">'
    + _color("color", HEADER_LINE)
    + "</bottom><diagonal/></border></borders>"
    + '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    + _xfs()
    + '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    + "</styleSheet>"
)
