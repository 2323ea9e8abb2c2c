"""Reports: a query in a file, the choices it asks for, and the files it becomes."""

from collections.abc import Mapping, Sequence

from dashboard.jobs.kind import Family, Kind, Problem
from dashboard.kinds.reports.catalogue import shelf
from dashboard.words import marked


def kinds() -> Mapping[str, Kind]:
    """Give a kind for each report."""
    return shelf().kinds


def problems() -> Sequence[Problem]:
    """Give the report files that cannot be used."""
    return shelf().problems


family = Family(
    name="reports",
    title=marked("Reports"),
    prefix="R",
    icon="file-text",
    kinds=kinds,
    problems=problems,
)
