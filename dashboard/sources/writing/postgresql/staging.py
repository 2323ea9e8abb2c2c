"""The rows of a chunk on their way into a table: COPY brings them into a temporary one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, LiteralString

from psycopg import Connection, Copy, sql

from dashboard.sources.writing.changes import Change
from dashboard.sources.writing.postgresql import names
from dashboard.sources.writing.postgresql.statements import staged
from dashboard.sources.writing.shape import Shape
from dashboard.sources.writing.target import Key

UPDATE: Final = 0
"""The way of a row that is there already; each set of columns to insert has one from 1 on."""

APART: Final = 10_000
"""What is added to the way of a row that is tried once more."""

_DROP: Final = "DROP TABLE IF EXISTS pg_temp.bellhop_staged"
_MAKE: Final = """
CREATE TEMPORARY TABLE bellhop_staged ON COMMIT DROP AS
SELECT 0 AS place, 0 AS way, 0::bigint AS file_row, {values} FROM {table} t WITH NO DATA
"""
_COPY: Final = "COPY bellhop_staged FROM STDIN"
_TWINS: Final = """
SELECT place FROM (
    SELECT place, row_number() OVER (PARTITION BY {key} ORDER BY place) AS turn
    FROM bellhop_staged WHERE ({key}) IS NOT NULL
) AS numbered WHERE turn > 1
"""


class Staging:
    """The staged rows of a chunk; each has the place of its change in the chunk, and its way."""

    def __init__(self, connection: Connection, shape: Shape, table: sql.SQL) -> None:
        self._connection = connection
        self._shape = shape
        self._table = table

    def make(self) -> None:
        """Make the temporary table, empty; its columns have the table's own types."""
        values = [
            sql.SQL("t.{} AS {}").format(names.column(name), staged(place))
            for place, name in enumerate(self._shape.names)
        ]
        self._connection.execute(_DROP)
        self._run(_MAKE, values=sql.SQL(", ").join(values), table=self._table)

    def copy(self, places: Sequence[int], changes: Sequence[Change], ways: Sequence[int]) -> None:
        """Bring the changes at *places* in. Raises psycopg.Error, UnicodeEncodeError."""
        with self._copying(_COPY) as copy:
            for place in places:
                change = changes[place]
                copy.write_row((place, ways[place], change.row, *change.values))

    def copy_lines(self, lines: bytes) -> None:
        """Bring rows in as the *lines* that COPY reads. Raises psycopg.Error."""
        with self._copying(_COPY) as copy:
            copy.write(lines)

    def copy_keys(self, keys: Iterable[Key]) -> int:
        """Bring *keys* in, for a shape that has no other columns, and count them."""
        count = 0
        with self._copying(_COPY) as copy:
            for key in keys:
                copy.write_row((0, 0, 0, *key))
                count += 1
        self._connection.execute("ANALYZE bellhop_staged")
        return count

    def copy_straight(self, places: Sequence[int], changes: Sequence[Change]) -> int:
        """Bring new rows into the table itself; count those that got there.

        *places* are those of the columns that are given. Raises psycopg.Error, UnicodeEncodeError.
        """

        def bring(copy: Copy) -> None:
            for change in changes:
                copy.write_row([change.values[at] for at in places])

        return self._straight(places, bring)

    def copy_lines_straight(self, lines: bytes) -> int:
        """Bring new rows with values of all columns into the table itself; count them.

        Raises psycopg.Error.
        """
        return self._straight(self._shape.places, lambda copy: copy.write(lines))

    @contextmanager
    def _copying(self, command: LiteralString) -> Iterator[Copy]:
        with self._connection.cursor() as cursor, cursor.copy(command) as copy:
            yield copy

    def _straight(self, places: Sequence[int], bring: Callable[[Copy], None]) -> int:
        # COPY takes no parameters, so that a % is nothing but that.
        table = sql.SQL(self._shape.table.quoted)
        columns = sql.SQL(", ").join(sql.Identifier(self._shape.names[at]) for at in places)
        into = sql.SQL("COPY {} ({}) FROM STDIN").format(table, columns)
        with self._connection.cursor() as cursor:
            with cursor.copy(into) as copy:
                bring(copy)
            return cursor.rowcount

    def count(self) -> None:
        """Let the planner know how many rows there are; it would take them for one or two."""
        self._connection.execute("ANALYZE bellhop_staged (place, way)")

    def twins(self) -> list[int]:
        """Give the places of rows whose key an earlier row has, as the database compares keys."""
        key = sql.SQL(", ").join(staged(place) for place in self._shape.key_places)
        return [place for (place,) in self._run(_TWINS, key=key)]

    def drop(self, places: Sequence[int]) -> None:
        """Take the rows at *places* out."""
        if places:
            self._connection.execute(
                "DELETE FROM bellhop_staged WHERE place = ANY(%s)", [list(places)]
            )

    def send(self, places: Sequence[int], way: int) -> None:
        """Have the rows at *places* go another way."""
        self._connection.execute(
            "UPDATE bellhop_staged SET way = %s WHERE place = ANY(%s)", [way, list(places)]
        )

    def _run(self, query: LiteralString, **parts: sql.Composable) -> list[tuple[int]]:
        cursor = self._connection.execute(sql.SQL(query).format(**parts), ())
        return cursor.fetchall() if cursor.description else []
