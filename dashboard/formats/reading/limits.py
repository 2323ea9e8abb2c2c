"""How much of a file may be held at once, and from where on a file is a mistake."""

from typing import Final

MOST_COLUMNS: Final = 1_000  # No table has more that people fill in by hand or by export.
MOST_CELL: Final = 1 << 20  # characters; a longer one is a quotation mark that was never closed
MOST_ROW: Final = 4 * MOST_CELL  # characters; a line without an end must not fill the memory
MOST_BATCH: Final = 4 * MOST_CELL  # characters; long rows come in smaller batches

SAMPLE_ROWS: Final = 50  # that decide about delimiter, header and the number of columns
FIRST_ROWS: Final = 10  # that a person is shown
MOST_FIRST_LINE: Final = 200  # characters

MOST_PARTS: Final = 10_000  # of a workbook; even one of 255 sheets has a tenth of that
MOST_DIRECTORY: Final = 2 << 20  # bytes; that of so many parts
MOST_INFLATED: Final = 4 << 30  # bytes; a full sheet of 100 columns
MOST_RATIO: Final = 200  # inflated to packed; real sheets reach 50, zip bombs 1,000
SMALL_INFLATED: Final = 64 << 20  # bytes; up to here the ratio does not matter
