"""Any database that SQLAlchemy has a dialect for, as a source."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import URL, Connection, NullPool, create_engine, inspect, types
from sqlalchemy.exc import DBAPIError, NoSuchModuleError

from dashboard.sources.errors import SourceError, SourceUnavailable
from dashboard.sources.generic.failures import explain
from dashboard.sources.generic.reading import GenericReading
from dashboard.sources.generic.session import READ_ONLY
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
            yield GenericReading(self.name, connection, timeout)

    def check(self) -> list[str]:
        with self.reading():
            pass
        advice = "make sure that it may only SELECT"
        found = [f"Nobody here can see whether “{self.name}” lets us write: {advice}."]
        if self.dialect not in READ_ONLY:
            found.append(f"The source “{self.name}” knows no read-only transaction.")
        return found

    def tables(self) -> list[Table]:
        with self._connected() as connection:
            try:
                inspector = inspect(connection)
                names = sorted([*inspector.get_table_names(), *inspector.get_view_names()])
                quote = connection.dialect.identifier_preparer.quote
                return [
                    Table(
                        name,
                        quote(name),
                        tuple(
                            SourceColumn(column["name"], _type(column["type"]))
                            for column in inspector.get_columns(name)
                        ),
                    )
                    for name in names
                ]
            except DBAPIError as error:
                raise explain(self.name, error) from error

    def dispose(self) -> None:
        """Forget the connections that another process may hold too."""
        self._engine.dispose(close=False)

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
            # What is not committed is rolled back.
            connection.close()


def _type(declared: types.TypeEngine[Any]) -> ColumnType | None:
    return next((word for class_, word in TYPES.items() if isinstance(declared, class_)), None)
