"""Marking: a file that somebody sent in, out again with what is wrong in one more column."""

from dashboard.formats.marking.csv_file import marked_csv
from dashboard.formats.marking.mark import Added, Mark
from dashboard.formats.marking.xlsx_file import marked_xlsx

__all__ = ["Added", "Mark", "marked_csv", "marked_xlsx"]
