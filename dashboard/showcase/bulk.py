"""Writes many rows quickly: COPY on PostgreSQL, one prepared statement elsewhere."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table

from dashboard.models import Base

Row = Mapping[str, Any]


def insert(connection: Connection, model: type[Base], rows: Sequence[Row]) -> None:
    """Write *rows*, which all name the same columns in the same order.

    Nothing is filled in: a column that is not named gets what the database itself knows.
    """
    if not rows:
        return
    table = model.__table__
    assert isinstance(table, Table)
    names = list(rows[0])
    quote = connection.dialect.identifier_preparer
    target = f"{quote.format_table(table)} ({', '.join(quote.quote(name) for name in names)})"
    values = _bound(connection, table, names, rows)
    if connection.dialect.name == "postgresql":
        cursor: Any = connection.connection.cursor()
        with cursor, cursor.copy(f"COPY {target} FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)
    else:
        marks = ", ".join("?" * len(names))
        connection.exec_driver_sql(f"INSERT INTO {target} VALUES ({marks})", list(values))


def _bound(
    connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Row]
) -> Iterator[tuple[Any, ...]]:
    """Give the values of *rows* as the driver takes them."""
    dialect = connection.dialect
    binds: list[tuple[int, Callable[[Any], Any]]] = []
    for index, name in enumerate(names):
        bind = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        if bind is not None:
            binds.append((index, bind))
    for row in rows:
        values = list(row.values())
        for index, bound in binds:
            values[index] = bound(values[index])
        yield tuple(values)
