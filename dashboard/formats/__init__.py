"""Formats: batches of rows in, one finished file out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dashboard.formats.csv import CsvWriter
from dashboard.formats.csv_gz import CsvGzWriter
from dashboard.formats.jsonl import JsonlWriter
from dashboard.formats.parquet import ParquetWriter, is_there as parquet_is_there
from dashboard.formats.table import (
    Chart,
    Column,
    ColumnType,
    Document,
    FormatError,
    Series,
    Written,
    type_of,
)
from dashboard.formats.writer import Stopped, Tell, Writer
from dashboard.formats.xlsx import XlsxWriter
from dashboard.words import marked

__all__ = [
    "FORMATS",
    "Chart",
    "Column",
    "ColumnType",
    "CsvGzWriter",
    "CsvWriter",
    "Document",
    "Format",
    "FormatError",
    "JsonlWriter",
    "ParquetWriter",
    "Series",
    "Stopped",
    "Tell",
    "Writer",
    "Written",
    "XlsxWriter",
    "type_of",
    "writer_of",
]


@dataclass(frozen=True)
class Format:
    """How people and programs call a format.

    A *deferred* format only puts rows aside in write() and makes its file in close(); the file of
    any other one only ever grows.
    """

    name: str
    title: str
    hint: str
    label: str
    extension: str
    media_type: str
    deferred: bool


_WRITERS: Final[Mapping[str, type[Writer]]] = {
    "csv": CsvWriter,
    "csv.gz": CsvGzWriter,
    "xlsx": XlsxWriter,
    "jsonl": JsonlWriter,
    "parquet": ParquetWriter,
}

_KNOWN: Final = (
    Format(
        "csv",
        "CSV",
        marked("for other programs"),
        marked("CSV, comma, UTF-8"),
        "csv",
        "text/csv",
        False,
    ),
    Format(
        "csv.gz",
        "CSV.gz",
        marked("CSV, packed"),
        marked("CSV packed with gzip"),
        "csv.gz",
        "application/gzip",
        False,
    ),
    Format(
        "xlsx",
        "XLSX",
        marked("for Excel"),
        marked("Excel workbook"),
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        True,
    ),
    Format(
        "pdf",
        "PDF",
        marked("to read or print"),
        marked("PDF document"),
        "pdf",
        "application/pdf",
        True,
    ),
    Format(
        "jsonl",
        "JSON lines",
        marked("for developers"),
        marked("JSON lines, one object a row"),
        "jsonl",
        "application/x-ndjson",
        False,
    ),
    Format(
        "parquet",
        "Parquet",
        marked("for data analysis"),
        marked("Parquet, typed columns"),
        "parquet",
        "application/vnd.apache.parquet",
        True,
    ),
)

# Parquet is there only where its engine is.
FORMATS: Final[Mapping[str, Format]] = {
    known.name: known for known in _KNOWN if known.name != "parquet" or parquet_is_there()
}


def writer_of(name: str) -> type[Writer]:
    """Give the writer of the format *name*. Raises KeyError for none of FORMATS.

    The engine of PDF is large: only what makes one loads it.
    """
    if name == "pdf":
        from dashboard.formats.pdf import PdfWriter

        return PdfWriter
    return _WRITERS[FORMATS[name].name]
