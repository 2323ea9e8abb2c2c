"""Reading: a CSV or a workbook that somebody sent in, rows out."""

from dashboard.formats.reading.file import ReadFile, reading, recognise
from dashboard.formats.reading.json_lines import JsonLines, json_lines
from dashboard.formats.reading.manner import DELIMITERS, ENCODINGS, SIGNS, FileManner
from dashboard.formats.reading.recognised import Recognised
from dashboard.formats.reading.row import Cell, Row
from dashboard.formats.reading.unreadable import Unreadable

__all__ = [
    "DELIMITERS",
    "ENCODINGS",
    "SIGNS",
    "Cell",
    "FileManner",
    "JsonLines",
    "ReadFile",
    "Recognised",
    "Row",
    "Unreadable",
    "json_lines",
    "reading",
    "recognise",
]
