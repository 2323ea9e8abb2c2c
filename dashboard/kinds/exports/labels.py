"""What the choices of an export are called, on the form and in the API."""

from typing import Final

from dashboard.words import marked

COLUMNS: Final = marked("Columns")
FILTERS: Final = marked("Filters")
SORT: Final = marked("Sort")
LIMIT: Final = marked("Rows at most")
MANNER: Final = marked("What is the CSV for?")
