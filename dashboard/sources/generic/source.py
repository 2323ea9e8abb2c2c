"""Any database that SQLAlchemy has a dialect for, as a source."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import URL, Connection, NullPool, create_engine, inspect, types
from sqlalchemy.engine import ObjectKind
from sqlalchemy.engine.interfaces import ReflectedPrimaryKeyConstraint
from sqlalchemy.exc import DBAPIError, NoSuchModuleError

from dashboard.sources.errors import SourceError, SourceUnavailable
from dashboard.sources.generic import mysql_tables
from dashboard.sources.generic.failures import explain
from dashboard.sources.generic.reading import GenericReading
from dashboard.sources.generic.session import MYSQL, READ_ONLY
from dashboard.sources.source import ColumnType, Reading, SourceColumn, Table

TYPES: Final[Mapping[type[types.TypeEngine[Any]], ColumnType]] = {
    types.Boolean: "boolean",
    types.Integer: "integer",
    types.Numeric: "number",
    types.Float: "number",
    types.DateTime: "datetime",
    types.Date: "date",
    types.Time: "time",
    types.String: "text",
}

NO_KEY: Final[ReflectedPrimaryKeyConstraint] = {"name": None, "constrained_columns": []}


class GenericSource:
    """Reads through SQLAlchemy Core, which knows the placeholders of each driver."""

    def __init__(self, name: str, url: URL) -> None:
        """Raises SourceError where the dialect is unknown or its driver is not installed."""
        self.name = name
        try:
            self._engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
        except NoSuchModuleError as error:
            raise SourceError(
                f"The source “{name}” needs “{url.drivername}”, which nothing here knows.",
                detail=str(error),
            ) from error
        except ImportError as error:
            raise SourceError(
                f"The source “{name}” needs the Python package “{error.name}”, "
                "which is not installed.",
                detail=str(error),
            ) from error
        if self._engine.dialect.is_async:
            raise SourceError(
                f"The source “{name}” needs an address without an asynchronous driver."
            )
        self.dialect: str = self._engine.dialect.name

    @contextmanager
    def reading(self, *, timeout: float = 300.0) -> Iterator[Reading]:
        with self._connected() as connection:
            reading = GenericReading(self.name, connection, timeout)
            try:
                yield reading
            finally:
                reading.close()

    def check(self) -> list[str]:
        with self.reading():
            pass
        advice = "make sure that it may only SELECT"
        found = [f"Nobody here can see whether “{self.name}” lets us write: {advice}."]
        if self.dialect not in READ_ONLY:
            found.append(f"The source “{self.name}” knows no read-only transaction.")
        return found

    def tables(self) -> list[Table]:
        return self._tables()

    def table(self, name: str) -> Table | None:
        return next(iter(self._tables(name)), None)

    def dispose(self) -> None:
        """Forget the connections that another process may hold too."""
        self._engine.dispose(close=False)

    def _tables(self, name: str | None = None) -> list[Table]:
        """Give the tables and views, or the one called *name*; what cannot be read is left out."""
        with self._connected() as connection:
            try:
                if self.dialect in MYSQL:
                    return mysql_tables.readable(connection, name)
                names = None if name is None else [name]
                inspector = inspect(connection)
                views = set(inspector.get_view_names())
                columns = inspector.get_multi_columns(kind=ObjectKind.ANY, filter_names=names)
                keys = inspector.get_multi_pk_constraint(filter_names=names)
            except DBAPIError as error:
                raise explain(self.name, error) from error
        return [
            Table(
                name,
                self._quoted(name),
                tuple(SourceColumn(one["name"], _type(one["type"])) for one in described),
                "view" if name in views else "table",
                tuple((keys.get((schema, name)) or NO_KEY)["constrained_columns"]),
            )
            for (schema, name), described in sorted(columns.items(), key=lambda one: one[0][1])
            if described
        ]

    def _quoted(self, name: str) -> str:
        quoted = self._engine.dialect.identifier_preparer.quote(name)
        # Some drivers want each percent sign twice, but that is for SQLAlchemy to do later.
        doubled = self._engine.dialect.paramstyle in ("format", "pyformat")
        return quoted.replace("%%", "%") if doubled else quoted

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        try:
            connection = self._engine.connect()
        except DBAPIError as error:
            raise SourceUnavailable(
                f"The source “{self.name}” does not answer.", detail=str(error.orig)
            ) from error
        try:
            yield connection
        finally:
            try:
                # What is not committed is rolled back.
                connection.close()
            except DBAPIError:
                # It was lost before, and whoever read has heard of that.
                connection.invalidate()
                connection.close()


def _type(declared: types.TypeEngine[Any]) -> ColumnType | None:
    return next((word for class_, word in TYPES.items() if isinstance(declared, class_)), None)
