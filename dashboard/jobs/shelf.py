"""Rows of the ledger that stand for kinds, as this process knows them."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from flask import current_app, g, has_request_context
from flask_login import current_user
from sqlalchemy import Row, Select

from dashboard.extensions import db
from dashboard.jobs.kind import Kind

KNOWN_FOR: Final = 5.0
"""Seconds for which a worker does not ask the ledger again."""

T = TypeVar("T")


@dataclass(frozen=True)
class Shelf(Generic[T]):
    """What is there at one moment: *items* and *kinds*, each by the name of a kind."""

    items: Mapping[str, T] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)


class Shelves(Generic[T]):
    """Keeps what this process saw last; what has not changed stays the same object.

    *query* gives the rows, each with an id; *item* makes something of a row, and *kinds* the kinds
    of that.
    """

    def __init__(
        self,
        name: str,
        query: Select[Any],
        item: Callable[[Any], T],
        kinds: Callable[[T], Sequence[Kind]],
    ) -> None:
        self.name = name
        self.query = query
        self.item = item
        self.kinds = kinds

    def shelf(self) -> Shelf[T]:
        """Give what is there.

        A person's page asks the ledger once. A worker asks it every few seconds. What the live hub
        renders, for nobody in particular, takes what this process knows.
        """
        if not has_request_context():
            return self._seen().lately(seconds=KNOWN_FOR)
        if not (current_user and current_user.is_authenticated):
            return self._seen().lately(seconds=None)
        if self.name not in g:
            setattr(g, self.name, self._seen().now())
        found: Shelf[T] = getattr(g, self.name)
        return found

    def find(self, name: str) -> Kind | None:
        """Give the kind *name*; what a worker does not know may just have come."""
        kind = self.shelf().kinds.get(name)
        if kind is None and not has_request_context():
            kind = self._seen().now().kinds.get(name)
        return kind

    def _seen(self) -> "_Seen[T]":
        seen: _Seen[T] = current_app.extensions.setdefault(f"shelf of {self.name}", _Seen(self))
        return seen


class _Seen(Generic[T]):
    """What one app saw last."""

    def __init__(self, shelves: Shelves[T]) -> None:
        self._shelves = shelves
        self._lock = threading.Lock()
        self._rows: dict[int, Row[Any]] = {}
        self._made: dict[int, tuple[T, Sequence[Kind]]] = {}
        self._shelf: Shelf[T] = Shelf()
        self._looked: float | None = None

    def now(self) -> Shelf[T]:
        """Ask the ledger."""
        rows = db.session.execute(self._shelves.query).all()
        with self._lock:
            if self._looked is None or rows != list(self._rows.values()):
                self._fill(rows)
            self._looked = time.monotonic()
            return self._shelf

    def lately(self, *, seconds: float | None) -> Shelf[T]:
        """Give what was seen in the last *seconds*, or ever with None; else ask the ledger."""
        with self._lock:
            looked = self._looked
            if looked is not None and (seconds is None or time.monotonic() < looked + seconds):
                return self._shelf
        return self.now()

    def _fill(self, rows: Sequence[Row[Any]]) -> None:
        self._made = {
            row.id: self._made[row.id] if self._rows.get(row.id) == row else self._make(row)
            for row in rows
        }
        self._rows = {row.id: row for row in rows}
        self._shelf = Shelf(
            {kind.name: item for item, kinds in self._made.values() for kind in kinds},
            {kind.name: kind for _, kinds in self._made.values() for kind in kinds},
        )

    def _make(self, row: Row[Any]) -> tuple[T, Sequence[Kind]]:
        item = self._shelves.item(row)
        return item, self._shelves.kinds(item)
