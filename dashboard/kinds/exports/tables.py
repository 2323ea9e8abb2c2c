"""The tables that are open for export, as this process knows them."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from flask import current_app, g, has_request_context
from flask_login import current_user
from sqlalchemy import Row, select

from dashboard.extensions import db
from dashboard.jobs.kind import Kind
from dashboard.kinds.exports.export import PREFIX, Export, export_of
from dashboard.kinds.exports.kind import kind_of
from dashboard.models import OpenTable

KNOWN_FOR: Final = 5.0
"""Seconds for which a worker does not ask the ledger again."""

COLUMNS: Final = OpenTable.__table__.columns


@dataclass(frozen=True)
class Shelf:
    """What is open at one moment, by the name of its kind."""

    exports: Mapping[str, Export] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)


class Shelves:
    """Keeps what this process saw last; what has not changed stays the same object."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: dict[int, Row[Any]] = {}
        self._shelf = Shelf()
        self._looked: float | None = None

    def now(self) -> Shelf:
        """Ask the ledger."""
        rows = db.session.execute(select(*COLUMNS).order_by(COLUMNS.title, COLUMNS.id)).all()
        with self._lock:
            if self._looked is None or rows != list(self._rows.values()):
                self._shelf = self._filled(rows)
                self._rows = {row.id: row for row in rows}
            self._looked = time.monotonic()
            return self._shelf

    def lately(self, *, seconds: float | None) -> Shelf:
        """Give what was seen in the last *seconds*, or ever with None; else ask the ledger."""
        with self._lock:
            looked = self._looked
            if looked is not None and (seconds is None or time.monotonic() < looked + seconds):
                return self._shelf
        return self.now()

    def _filled(self, rows: Sequence[Row[Any]]) -> Shelf:
        exports, kinds = {}, {}
        for row in rows:
            known = self._rows.get(row.id) == row
            export = self._shelf.exports[PREFIX + row.slug] if known else export_of(row)
            exports[export.kind] = export
            kinds[export.kind] = self._shelf.kinds[export.kind] if known else kind_of(export)
        return Shelf(exports, kinds)


def shelf() -> Shelf:
    """Give what is open.

    A person's page asks the ledger once. A worker asks it every few seconds. What the live hub
    renders, for nobody in particular, takes what this process knows.
    """
    if not has_request_context():
        return _shelves().lately(seconds=KNOWN_FOR)
    if not (current_user and current_user.is_authenticated):
        return _shelves().lately(seconds=None)
    if "exports" not in g:
        g.exports = _shelves().now()
    found: Shelf = g.exports
    return found


def find(name: str) -> Kind | None:
    """Give the kind called *name*; what a worker does not know may just have been opened."""
    if not name.startswith(PREFIX):
        return None
    kind = shelf().kinds.get(name)
    if kind is None and not has_request_context():
        kind = _shelves().now().kinds.get(name)
    return kind


def _shelves() -> Shelves:
    shelves: Shelves = current_app.extensions.setdefault("exports", Shelves())
    return shelves
