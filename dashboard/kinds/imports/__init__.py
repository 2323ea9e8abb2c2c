"""Imports: rows from people's files into tables that an administrator has opened."""

from collections.abc import Mapping

from dashboard.jobs.kind import Family, Kind
from dashboard.kinds.imports.shelf import find, shelf
from dashboard.words import marked


def kinds() -> Mapping[str, Kind]:
    """Give two kinds for each open table: the check, and the import that follows it."""
    return shelf().kinds


family = Family(
    name="imports",
    title=marked("Imports"),
    prefix="I",
    icon="upload",
    kinds=kinds,
    find=find,
)
