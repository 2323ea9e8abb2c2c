"""Exports: tables and views of a source that an administrator has opened, as files."""

from collections.abc import Mapping

from dashboard.jobs.kind import Family, Kind
from dashboard.kinds.exports.tables import find, shelf
from dashboard.words import marked


def kinds() -> Mapping[str, Kind]:
    """Give a kind for each open table."""
    return shelf().kinds


family = Family(
    name="exports",
    title=marked("Exports"),
    prefix="E",
    icon="file-down",
    kinds=kinds,
    find=find,
)
