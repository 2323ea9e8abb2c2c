"""What a workbook says about its sheets and formats."""

from dataclasses import dataclass

from dashboard.formats.reading.archive import Archive
from dashboard.formats.reading.serial import BUILT_IN, Temporal, temporal_of
from dashboard.formats.reading.xml_stream import elements

STYLE_SECTIONS = frozenset(
    {"numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"}
)


@dataclass(frozen=True)
class Workbook:
    """A workbook: the part of each visible sheet by its name, and the number of formats.

    *temporals* tells which styles of cells, by their numbers, show dates and times; *strings* is
    the part with the shared texts, "" where there is none.
    """

    sheets: dict[str, str]
    temporals: dict[str, Temporal]
    strings: str
    from_1904: bool


def workbook_of(archive: Archive) -> Workbook:
    """Reads the parts beside the sheets; raises what archive.DAMAGED names."""
    main = archive.main()
    targets = archive.targets(main)
    by_kind = dict(targets.values())
    visible: dict[str, str] = {}
    hidden: dict[str, str] = {}
    from_1904 = False
    for tag, attributes in elements(archive.part(main).chunks()):
        if tag == "workbookPr":
            from_1904 = attributes.get("date1904") in ("1", "true")
        elif tag == "sheet":
            kind, part = targets.get(attributes.get("id", ""), ("", ""))
            if kind == "worksheet":
                is_visible = attributes.get("state", "visible") == "visible"
                (visible if is_visible else hidden)[attributes["name"]] = part
    styles = by_kind.get("styles", "")
    return Workbook(
        visible or hidden,
        _temporals(archive, styles) if styles else {},
        by_kind.get("sharedStrings", ""),
        from_1904,
    )


def _temporals(archive: Archive, part: str) -> dict[str, Temporal]:
    formats: dict[int, Temporal | None] = dict(BUILT_IN)
    temporals: dict[str, Temporal] = {}
    section, style = "", 0
    for tag, attributes in elements(archive.part(part).chunks()):
        if tag in STYLE_SECTIONS:
            section = tag
        elif tag == "numFmt" and section == "numFmts":
            formats[int(attributes["numFmtId"])] = temporal_of(attributes["formatCode"])
        elif tag == "xf" and section == "cellXfs":
            if temporal := formats.get(int(attributes.get("numFmtId", 0))):
                temporals[str(style)] = temporal
            style += 1
    return temporals
