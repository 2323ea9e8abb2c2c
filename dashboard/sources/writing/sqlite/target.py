"""A SQLite file that imports write to."""

import os
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from dashboard.sources.errors import QueryError, SourceError
from dashboard.sources.writing.ready import Making
from dashboard.sources.writing.sqlite import forgetting, marks, tables
from dashboard.sources.writing.sqlite.ready import ReadyRows
from dashboard.sources.writing.sqlite.session import Session
from dashboard.sources.writing.sqlite.undoing import SQLiteUndoing
from dashboard.sources.writing.sqlite.writing import SQLiteWriting
from dashboard.sources.writing.table import TargetTable
from dashboard.sources.writing.target import Writing
from dashboard.sources.writing.undoing import Forgotten, Undoing

BRIEF: Final = 30.0
"""Seconds for what the target asks for itself."""


class SQLiteTarget:
    """Opens the file anew for each use, so nothing is shared between processes."""

    dialect = "sqlite"

    def __init__(self, name: str, url: URL) -> None:
        """Raises SourceError where *url* names no file, as `sqlite:////var/shop.db` does."""
        if not url.database or url.database == ":memory:":
            raise SourceError(f"The address of the target “{name}” names no file.")
        self.name = name
        self._path = Path(url.database).expanduser().absolute()

    def prepare(self) -> None:
        session = Session(self.name, self._path, BRIEF)
        try:
            with session.transaction() as connection:
                for statement in marks.PREPARE:
                    connection.execute(statement)
        finally:
            session.close()

    def is_prepared(self) -> bool:
        with self._asked() as connection:
            return marks.are_there(connection)

    def tables(self) -> list[TargetTable]:
        with self._asked() as connection:
            return tables.writable(connection)

    def table(self, name: str) -> TargetTable | None:
        return next((table for table in self.tables() if table.name == name), None)

    def warnings(self) -> list[str]:
        with self._asked() as connection:
            prepared = marks.are_there(connection)
        found = []
        # SQLite makes its journal beside the file.
        if not (os.access(self._path, os.W_OK) and os.access(self._path.parent, os.W_OK)):
            found.append(f"The file of the target “{self.name}” and its folder must be writable.")
        if not prepared:
            found.append(f"The target “{self.name}” has no table bellhop_import for its marks.")
        return found

    @contextmanager
    def writing(
        self,
        run: str,
        *,
        timeout: float = 300.0,
        read_only: bool = False,
        at_once: bool = False,
    ) -> Iterator[Writing]:
        session = Session(self.name, self._path, timeout, read_only=read_only)
        try:
            with session.asking():
                prepared = marks.are_there(session.connection)
            if not (prepared or read_only or at_once):
                raise QueryError(
                    f"The target “{self.name}” has no table bellhop_import: it can only be"
                    " written at once."
                )
            yield SQLiteWriting(session, run, prepared=prepared, at_once=at_once)
        finally:
            session.close()

    @contextmanager
    def undoing(
        self,
        run: str,
        imported: str,
        table: TargetTable,
        *,
        timeout: float = 300.0,
        read_only: bool = False,
    ) -> Iterator[Undoing]:
        session = Session(self.name, self._path, timeout, read_only=read_only)
        try:
            with session.asking():
                prepared = marks.are_there(session.connection)
            if not prepared:
                raise QueryError(f"The target “{self.name}” has no table of what was before.")
            yield SQLiteUndoing(session, run, imported, table)
        finally:
            session.close()

    def forget(
        self, before: datetime, *, keep: Collection[str], busy: Collection[str], limit: int
    ) -> Forgotten:
        session = Session(self.name, self._path, BRIEF)
        try:
            return forgetting.forget(session, before, keep=keep, busy=busy, limit=limit)
        finally:
            session.close()

    @contextmanager
    def making(self, path: Path, columns: Sequence[str]) -> Iterator[Making]:
        with ReadyRows(path, len(columns)) as making:
            yield making

    def dispose(self) -> None:
        """Do nothing: no connection outlives its writing."""

    @contextmanager
    def _asked(self) -> Iterator[sqlite3.Connection]:
        session = Session(self.name, self._path, BRIEF, read_only=True)
        try:
            with session.asking():
                yield session.connection
        finally:
            session.close()
