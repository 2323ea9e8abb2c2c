"""The tables that are open for import, as this process knows them."""

from typing import Final

from sqlalchemy import select

from dashboard.jobs.kind import Kind
from dashboard.jobs.shelf import Shelf, Shelves
from dashboard.kinds.imports.kind import kinds_of
from dashboard.kinds.imports.opened import CHECK, IMPORT, Opened, opened_of
from dashboard.kinds.imports.undo.names import UNDO, UNDO_CHECK
from dashboard.models import ImportTarget

COLUMNS: Final = ImportTarget.__table__.columns
SHELVES: Final[Shelves[Opened]] = Shelves(
    "imports", select(*COLUMNS).order_by(COLUMNS.title, COLUMNS.id), opened_of, kinds_of
)


def shelf() -> Shelf[Opened]:
    """Give what is open, by the names of all of its kinds."""
    return SHELVES.shelf()


def find(name: str) -> Kind | None:
    """Give the kind called *name*."""
    return SHELVES.find(name) if name.startswith((CHECK, IMPORT, UNDO_CHECK, UNDO)) else None
