"""The statements that bring staged rows into their table."""

from collections.abc import Sequence
from typing import Final

from psycopg import sql

from dashboard.sources.writing.postgresql import names
from dashboard.sources.writing.shape import Shape

STAGED: Final = sql.SQL("s.way = %(way)s AND s.place BETWEEN %(first)s AND %(last)s")

_INSERT: Final = sql.SQL(
    "INSERT INTO {table} AS t ({columns}) SELECT {values} FROM bellhop_staged s"
    " WHERE {staged} ORDER BY s.place"
)
_UPDATE: Final = sql.SQL(
    "UPDATE {table} AS t SET {settings} FROM bellhop_staged s WHERE {staged} AND {on}"
)
_OF_MISSING: Final = sql.SQL(
    " FROM {table} AS t WHERE ({key}) IS NOT NULL{within}"
    " AND NOT EXISTS (SELECT FROM bellhop_staged s WHERE {on})"
)

_KEEP: Final = sql.SQL(
    " INSERT INTO bellhop_import_before (run, chunk, target, file_row, key, before, after)"
    " SELECT %(run)s, %(chunk)s, %(target)s, "
)
# Rows come back in the order in which they were inserted.
_KEEP_INSERTED: Final = sql.SQL(
    "WITH bellhop_made AS ({change} RETURNING t.*), bellhop_turns AS ("
    "SELECT row_number() OVER () AS turn, {key} AS key, row_to_json(t.*) AS after"
    " FROM bellhop_made t)"
    "{keep} s.file_row, m.key, NULL, m.after FROM bellhop_turns m JOIN ("
    "SELECT s.file_row, row_number() OVER (ORDER BY s.place) AS turn"
    " FROM bellhop_staged s WHERE {staged}) s ON s.turn = m.turn"
)
_KEEP_ALL: Final = sql.SQL(
    "WITH bellhop_made AS ({change} RETURNING t.*)"
    "{keep} (ARRAY(SELECT s.file_row FROM bellhop_staged s ORDER BY s.place))"
    "[row_number() OVER ()], {key}, NULL, row_to_json(t.*) FROM bellhop_made t"
)
# Both parts see the table as it was before the statement.
_KEEP_UPDATED: Final = sql.SQL(
    "WITH bellhop_old AS (SELECT s.place, row_to_json(t.*) AS before"
    " FROM bellhop_staged s JOIN {table} t ON {on} WHERE {staged}),"
    " bellhop_made AS ({change} RETURNING s.place, s.file_row, {key} AS key,"
    " row_to_json(t.*) AS after)"
    "{keep} m.file_row, m.key, o.before, m.after"
    " FROM bellhop_made m JOIN bellhop_old o ON o.place = m.place"
)
_KEEP_DELETED: Final = sql.SQL(
    "WITH bellhop_made AS ({change} RETURNING {key} AS key, row_to_json(t.*) AS before)"
    "{keep} NULL, m.key, m.before, NULL FROM bellhop_made m"
)

_COMMA: Final = sql.SQL(", ")
_AND: Final = sql.SQL(" AND ")


class Statements:
    """Writes statements for one *shape*; *kept* ones also keep what each row was before."""

    def __init__(self, shape: Shape, table: sql.SQL, *, kept: bool) -> None:
        self._shape = shape
        self._table = table
        self._kept = kept

    def on(self) -> sql.Composed:
        """Give the condition that a row t of the table has the key of a staged row s."""
        return _AND.join(
            sql.SQL("t.{} = s.{}").format(self._column(at), staged(at))
            for at in self._shape.key_places
        )

    def insert(self, places: Sequence[int]) -> sql.Composed:
        """Give what inserts the values at *places*, the database filling in the rest."""
        change = _INSERT.format(
            table=self._table,
            columns=_COMMA.join(map(self._column, places)),
            values=_COMMA.join(map(staged, places)),
            staged=STAGED,
        )
        if not self._kept:
            return change
        return _KEEP_INSERTED.format(change=change, keep=_KEEP, key=self._key(), staged=STAGED)

    def insert_all(self, places: Sequence[int]) -> sql.Composed:
        """Give what inserts the values at *places* of all staged rows."""
        change = _INSERT.format(
            table=self._table,
            columns=_COMMA.join(map(self._column, places)),
            values=_COMMA.join(map(staged, places)),
            staged=sql.SQL("true"),
        )
        if not self._kept:
            return change
        return _KEEP_ALL.format(change=change, keep=_KEEP, key=self._key())

    def update(self) -> sql.Composed:
        """Give what updates all columns but those of the key."""
        on = self.on()
        change = _UPDATE.format(
            table=self._table,
            settings=_COMMA.join(
                sql.SQL("{} = s.{}").format(self._column(at), staged(at))
                for at in self._shape.set_places
            ),
            staged=STAGED,
            on=on,
        )
        if not self._kept:
            return change
        return _KEEP_UPDATED.format(
            change=change, keep=_KEEP, key=self._key(), staged=STAGED, table=self._table, on=on
        )

    def delete(self) -> sql.Composed:
        """Give what deletes the rows that have a key, but none of the staged ones."""
        change = sql.SQL("DELETE") + self._of_missing()
        if not self._kept:
            return change
        return _KEEP_DELETED.format(change=change, keep=_KEEP, key=self._key())

    def missing(self, values: sql.Composable) -> sql.Composed:
        """Give what asks for *values* of the rows that have a key, but none of the staged ones."""
        return sql.SQL("SELECT ") + values + self._of_missing()

    def _of_missing(self) -> sql.Composed:
        key = _COMMA.join(sql.SQL("t.{}").format(self._column(at)) for at in self._shape.key_places)
        within = self._within()
        return _OF_MISSING.format(table=self._table, key=key, on=self.on(), within=within)

    def _within(self) -> sql.Composable:
        """Give the condition that a row t belongs to this part of its table."""
        if self._shape.table.within is None:
            return sql.SQL("")
        name, number = self._shape.table.within
        return sql.SQL(" AND t.{} = {}").format(names.column(name), sql.Literal(number))

    def _column(self, place: int) -> sql.Identifier:
        return names.column(self._shape.columns[place].name)

    def _key(self) -> sql.Composed:
        return key_object(self._shape.table.key or self._shape.by)


def staged(place: int) -> sql.Identifier:
    """Give the name of the staged column for the value at *place* of a row."""
    return sql.Identifier(f"bellhop_v{place}")


def key_object(key: Sequence[str]) -> sql.Composed:
    """Give the JSON object of the columns *key*, which finds the row t again."""
    pairs = [sql.SQL("{}, t.{}").format(names.literal(one), names.column(one)) for one in key]
    return sql.SQL("json_build_object({})").format(_COMMA.join(pairs))
