"""The cover sheet of a workbook: what it is, where it comes from, what it adds up to."""

from collections.abc import Sequence

from rustpy_xlsxwriter import FastExcel, Format

from dashboard.formats import provenance
from dashboard.formats.spelling import whole
from dashboard.formats.spool import Plain
from dashboard.formats.table import Document

NAME = "About"
TITLE_SIZE = 16  # points
LABEL_WIDTH, VALUE_WIDTH = 28, 72  # characters
# A list of choices can be endless; the page of the job shows all of it.
MOST_VALUE = 2_000  # characters
A4 = 9  # Excel's number for the paper

GENERAL = "General"
COUNT = "#,##0"


class Cover:
    """Collects the lines of the cover and then adds it to a workbook."""

    def __init__(self, document: Document, rows: int) -> None:
        self._title = whole(document.title or document.number)
        self._lines: list[tuple[str, Plain]] = []
        self._formats: dict[int, Format] = {}
        if document.subtitle:
            self._add(document.subtitle, None)
        for label, value in provenance.facts(document, rows):
            self._add(label, *((rows, COUNT) if label == "Rows" else (value, GENERAL)))
        self.section("Choices", document.choices)

    def section(self, heading: str, pairs: Sequence[tuple[str, str]]) -> None:
        """Adds *pairs* of label and value under *heading*, or nothing where there are none."""
        self.numbers(heading, [(label, value, GENERAL) for label, value in pairs])

    def numbers(self, heading: str, lines: Sequence[tuple[str, Plain, str]]) -> None:
        """Adds *lines* of label, value and number format."""
        if lines:
            self._add("", None)
            self._add(heading, None, bold=True)
        for label, value, number_format in lines:
            self._add(label, value, number_format)

    def add_to(self, workbook: FastExcel) -> None:
        # The engine makes sheets of records, so the title is the name of their first field.
        workbook.sheet(
            NAME,
            [{self._title: label, "": value} for label, value in self._lines],
            header_format=Format().set_bold().set_font_size(TITLE_SIZE),
            row_formats=self._formats,
            column_widths=[LABEL_WIDTH, VALUE_WIDTH],
            sheet_view={"gridlines": False},
            page_setup={"paper_size": A4, "fit_to_pages": (1, 0)},
        )

    def _add(
        self, label: str, value: Plain, number_format: str = GENERAL, *, bold: bool = False
    ) -> None:
        if isinstance(value, str):
            value = whole(value if len(value) <= MOST_VALUE else value[: MOST_VALUE - 1] + "…")
        style = Format().set_align("left").set_align("top").set_num_format(number_format)
        self._lines.append((whole(label), value))
        # The title takes the first row.
        self._formats[len(self._lines)] = style.set_bold() if bold else style.set_text_wrap()
