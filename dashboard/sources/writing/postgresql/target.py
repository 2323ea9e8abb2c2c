"""A PostgreSQL database that imports write to."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import psycopg
from psycopg import errors
from sqlalchemy import URL

from dashboard.sources.errors import QueryError, SourceError
from dashboard.sources.writing.postgresql import forgetting, marks, packed, tables
from dashboard.sources.writing.postgresql.ready import Lines
from dashboard.sources.writing.postgresql.session import Session
from dashboard.sources.writing.postgresql.undoing import PostgreSQLUndoing
from dashboard.sources.writing.postgresql.writing import PostgreSQLWriting
from dashboard.sources.writing.ready import Making
from dashboard.sources.writing.table import TargetTable
from dashboard.sources.writing.target import Writing
from dashboard.sources.writing.undoing import Forgotten, Undoing

BRIEF: Final = 30.0
"""Seconds for what the target asks for itself."""

_ROLE: Final = "SELECT current_user, rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user"


class PostgreSQLTarget:
    """Opens a connection for each use, so nothing is shared between processes."""

    dialect = "postgresql"

    def __init__(self, name: str, url: URL) -> None:
        self.name = name
        self._url = url

    def prepare(self) -> None:
        session = Session(self.name, self._url, BRIEF)
        try:
            with session.transaction() as connection:
                if not marks.are_there(connection):
                    connection.execute(marks.PREPARE + packed.PREPARE)
                else:
                    with suppress(errors.InsufficientPrivilege), connection.transaction():
                        connection.execute(marks.UPGRADE + packed.PREPARE)
        except SourceError as error:
            if not isinstance(error.__cause__, errors.InsufficientPrivilege):
                raise
            raise QueryError(
                f"The role of the target “{self.name}” may not make the tables bellhop_import"
                " and bellhop_import_before: let it make tables once.",
                detail=error.detail,
            ) from error
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
            row = connection.execute(_ROLE).fetchone()
            prepared = marks.are_there(connection)
            writable = tables.writable(connection)
        assert row is not None
        role, is_superuser = row
        found = []
        if is_superuser:
            found.append(
                f"The role “{role}” of the target “{self.name}” is a superuser: make one that"
                " may write only the tables that are imported into."
            )
        if not writable:
            found.append(f"The role “{role}” of the target “{self.name}” may write no table.")
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
        session = Session(self.name, self._url, timeout, read_only=read_only)
        try:
            with session.transaction() as connection:
                prepared = marks.are_there(connection)
            if not (prepared or read_only or at_once):
                raise QueryError(
                    f"The target “{self.name}” has no table bellhop_import: it can only be"
                    " written at once."
                )
            yield PostgreSQLWriting(session, run, prepared=prepared, at_once=at_once)
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
        session = Session(self.name, self._url, timeout)
        try:
            with session.transaction() as connection:
                prepared = marks.are_there(connection)
            if not prepared:
                raise QueryError(f"The target “{self.name}” has no table of what was before.")
            yield PostgreSQLUndoing(session, run, imported, table, read_only=read_only)
        finally:
            session.close()

    def forget(
        self, before: datetime, *, keep: Collection[str], busy: Collection[str], limit: int
    ) -> Forgotten:
        session = Session(self.name, self._url, BRIEF)
        try:
            return forgetting.forget(session, before, keep=keep, busy=busy, limit=limit)
        finally:
            session.close()

    @contextmanager
    def making(self, path: Path, columns: Sequence[str]) -> Iterator[Making]:
        with Lines(path) as making:
            yield making

    def dispose(self) -> None:
        """Do nothing: no connection outlives its writing."""

    @contextmanager
    def _asked(self) -> Iterator[psycopg.Connection]:
        session = Session(self.name, self._url, BRIEF, read_only=True)
        try:
            with session.transaction() as connection:
                yield connection
        finally:
            session.close()
