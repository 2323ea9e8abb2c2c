"""Takes back, in a PostgreSQL database, what one import wrote into one table."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from typing import Final

from psycopg import Connection, errors, sql

from dashboard.sources.errors import QueryError, SourceError, SourceUnavailable
from dashboard.sources.writing import refusals
from dashboard.sources.writing.changes import Counts, Refusal, Written
from dashboard.sources.writing.postgresql import marks, packed, refusing
from dashboard.sources.writing.postgresql.imaged import Imaged
from dashboard.sources.writing.postgresql.refusing import LeftOut, Refusing
from dashboard.sources.writing.postgresql.session import CONTENDED, TRIES, Session
from dashboard.sources.writing.postgresql.sieve import sieve
from dashboard.sources.writing.shape import Shape
from dashboard.sources.writing.table import TargetTable
from dashboard.sources.writing.undoing import Image, Seen

BATCH: Final = 2000
"""Rows that are looked at in one go."""

ACTS: Final = ("delete", "update", "insert")
"""What goes makes room for what comes back."""

MAY_NOT: Final = (
    "The role of the target may not take this back: it needs the rights to insert, update and"
    " delete rows of the table “{}”."
)

_CHUNKS: Final = (
    "SELECT DISTINCT chunk FROM bellhop_import_before WHERE run = %s AND target = %s"
    " ORDER BY chunk DESC"
)
_KEPT: Final = "SELECT count(*) FROM bellhop_import_before WHERE run = %s AND target = %s"
_LOOK: Final = sql.SQL(
    "SELECT s.chunk, s.file_row, s.key, s.outlook, s.before::text, s.after::text, s.now::text"
    " FROM ({seen}) AS s"
)
# What an import has just written is not in the summary yet, and would be read for every chunk.
_SUMMARIZE: Final = "SELECT brin_summarize_new_values('bellhop_import_before_chunk')"


class PostgreSQLUndoing:
    """Takes back what the run *imported* wrote into *table*; *run* is that of the undo itself.

    The *session* is one that writes: also for a look the images may have to be made first.
    """

    def __init__(
        self, session: Session, run: str, imported: str, table: TargetTable, *, read_only: bool
    ) -> None:
        self._session = session
        self._run = run
        self._imported = imported
        self._table = table
        self._read_only = read_only
        self._is_unpacked = False
        self._imaged: Imaged | None = None

    def chunks(self) -> list[int]:
        self._unpack()
        with self._session.transaction() as connection:
            with suppress(errors.Error), connection.transaction():
                connection.execute(_SUMMARIZE)
            found = connection.execute(_CHUNKS, [self._imported, self._table.name])
            return [chunk for (chunk,) in found]

    def kept(self) -> int:
        self._unpack()
        with self._session.transaction() as connection:
            row = connection.execute(_KEPT, [self._imported, self._table.name]).fetchone()
            return int(row[0]) if row else 0

    def look(self) -> Iterator[list[Seen]]:
        self._unpack()
        with self._session.transaction() as connection:
            asking = _LOOK.format(seen=self._imaged_on(connection).seen)
            with connection.cursor("bellhop_seen") as cursor:
                cursor.execute(asking, {"run": self._imported, "target": self._table.name})
                while rows := cursor.fetchmany(BATCH):
                    yield [Seen(*row[:4], *map(_image, row[4:])) for row in rows]

    def marks(self) -> dict[int, Written]:
        with self._session.transaction() as connection:
            return marks.written(connection, self._run)

    def undo(
        self, chunk: int, *, keys: Collection[str] | None = None, overwrite: bool = False
    ) -> Written:
        for _ in range(TRIES - 1):
            try:
                return self._marked(chunk, keys, overwrite=overwrite)
            except SourceUnavailable as error:
                if not isinstance(error.__cause__, CONTENDED):
                    raise
        return self._marked(chunk, keys, overwrite=overwrite)

    def interrupt(self) -> None:
        self._session.interrupt()

    def _unpack(self) -> None:
        if self._is_unpacked:
            return
        packed.unpack(self._session, self._imported, self._table)
        if self._read_only:
            self._session.freeze()
        self._is_unpacked = True

    def _marked(self, chunk: int, keys: Collection[str] | None, *, overwrite: bool) -> Written:
        with self._permitted(), self._session.transaction() as connection:
            if not marks.begin(connection, self._run, chunk):
                return marks.written(connection, self._run)[chunk]
            written = self._undo(connection, chunk, keys, overwrite=overwrite)
            marks.end(connection, self._run, chunk, written)
            return written

    def _undo(
        self, connection: Connection, chunk: int, keys: Collection[str] | None, *, overwrite: bool
    ) -> Written:
        imaged = self._imaged_on(connection)
        given = {
            "run": self._imported,
            "target": self._table.name,
            "chunk": chunk,
            "keys": list(keys or ()),
            "overwrite": overwrite,
        }
        chosen = keys is not None
        connection.execute(imaged.lock(chosen=chosen), given)
        connection.execute("DROP TABLE IF EXISTS pg_temp.bellhop_undone")
        connection.execute(imaged.stage(chosen=chosen), given)
        connection.execute("ANALYZE bellhop_undone (place, act)")
        todo: dict[str, list[int]] = {act: [] for act in ACTS}
        for act, place in connection.execute(
            "SELECT act, place FROM bellhop_undone WHERE act IS NOT NULL ORDER BY place"
        ):
            todo[act].append(place)
        wanted = {act: len(places) for act, places in todo.items()}
        failed = self._apply(connection, imaged, todo)
        left = {act: len(failed.get(act, ())) for act in ACTS}
        refused = [
            self._refusal(connection, imaged, act, place, error)
            for act, errors_ in failed.items()
            for place, error in errors_.items()
        ]
        done = {act: wanted[act] - left[act] for act in ACTS}
        counts = Counts(done["insert"], done["update"], len(refused), done["delete"])
        return Written(counts, tuple(sorted(refused)))

    def _apply(
        self, connection: Connection, imaged: Imaged, todo: dict[str, list[int]]
    ) -> dict[str, dict[int, Refusing]]:
        """Do what is *todo*; give the errors of what cannot be done.

        What is refused is tried again for as long as others were done meanwhile: a row that others
        point to can go once these are gone.
        """
        failed: dict[str, dict[int, Refusing]] = {}
        while True:
            failed = {}
            for act, places in todo.items():
                statement = imaged.statement(connection, act) if places else None
                if statement is not None:
                    attempt = _attempt(connection, statement, act)
                    if errors_ := sieve(connection, places, attempt):
                        failed[act] = errors_
            left = sum(map(len, failed.values()))
            if not left or left == sum(map(len, todo.values())):
                return failed
            todo = {act: sorted(failed.get(act, ())) for act in ACTS}

    def _refusal(
        self, connection: Connection, imaged: Imaged, act: str, place: int, error: Refusing
    ) -> Refusal:
        row = connection.execute(
            "SELECT file_row FROM bellhop_undone WHERE place = %s", [place]
        ).fetchone()
        shape = Shape(self._table, self._table.columns, imaged.key)
        column, sentence = refusing.told(error, shape, refusing.constraints(connection, shape))
        if act == "delete" and isinstance(error, LeftOut):
            column, sentence = "", refusals.POINTED_TO
        return Refusal((row[0] if row else None) or 0, column, sentence)

    @contextmanager
    def _permitted(self) -> Iterator[None]:
        """Say it plainly where the role may import rows, but not take them out again."""
        try:
            yield
        except SourceError as error:
            if not isinstance(error.__cause__, errors.InsufficientPrivilege):
                raise
            raise QueryError(MAY_NOT.format(self._table.name), detail=error.detail) from error

    def _imaged_on(self, connection: Connection) -> Imaged:
        if self._imaged is None:
            self._imaged = Imaged(connection, self._table, self._imported)
        return self._imaged


def _attempt(
    connection: Connection, statement: sql.Composed, act: str
) -> Callable[[Sequence[int]], None]:
    """Give what does *act* to the rows of a part; places between that are not of it do not wait."""

    def attempt(part: Sequence[int]) -> None:
        # A part tried once more has gaps: what was done already is not staged any more.
        given = {"act": act, "first": part[0], "last": part[-1]}
        done = connection.execute(statement, given)
        if done.rowcount != len(part):
            raise LeftOut
        connection.execute(
            "UPDATE bellhop_undone SET act = NULL WHERE act = %(act)s"
            " AND place BETWEEN %(first)s AND %(last)s",
            given,
        )

    return attempt


def _image(text: str | None) -> Image | None:
    """Give the row in *text*, its numbers with all their digits."""
    image: Image | None = None if text is None else json.loads(text, parse_float=Decimal)
    return image
