"""Imports: rows from people's files into tables that an administrator has opened."""

from collections.abc import Mapping

from dashboard.jobs.kind import Family, Kind
from dashboard.kinds.imports import own_file_kind, shelf
from dashboard.words import marked


def kinds() -> Mapping[str, Kind]:
    """Give the kinds of each open table: the check, the import, what takes it back; and one more.

    That one gives people their own file back with what is to be fixed.
    """
    return {**shelf.shelf().kinds, own_file_kind.NAME: own_file_kind.KIND}


def find(name: str) -> Kind | None:
    """Give the kind called *name*."""
    return own_file_kind.KIND if name == own_file_kind.NAME else shelf.find(name)


family = Family(
    name="imports",
    title=marked("Imports"),
    prefix="I",
    icon="upload",
    kinds=kinds,
    find=find,
)
