"""Takes back, in a SQLite file, what one import wrote into one table."""

import json
import sqlite3
from collections.abc import Collection, Iterator
from sqlite3 import Connection
from typing import Final

from dashboard.sources.writing import refusals
from dashboard.sources.writing.changes import Counts, Refusal, Written
from dashboard.sources.writing.sqlite import marks, refusing
from dashboard.sources.writing.sqlite.imaged import Imaged, PointsNowhere
from dashboard.sources.writing.sqlite.refusing import LeftOut, Refusing
from dashboard.sources.writing.sqlite.session import Session
from dashboard.sources.writing.table import TargetTable
from dashboard.sources.writing.undoing import Image, Outlook, Seen

BATCH: Final = 2000
"""Rows that are looked at in one go."""

ACTS: Final = ("delete", "update", "insert")
"""What goes makes room for what comes back."""

_CHUNKS: Final = (
    "SELECT DISTINCT chunk FROM bellhop_import_before WHERE run = ? AND target = ?"
    " ORDER BY chunk DESC"
)
_KEPT: Final = "SELECT count(*) FROM bellhop_import_before WHERE run = ? AND target = ?"
_IMAGES: Final = (
    "SELECT chunk, file_row, key, before, after FROM bellhop_import_before"
    " WHERE run = ? AND target = ?"
)


class SQLiteUndoing:
    """Takes back what the run *imported* wrote into *table*; *run* is that of the undo itself."""

    def __init__(self, session: Session, run: str, imported: str, table: TargetTable) -> None:
        self._session = session
        self._run = run
        self._imported = (imported, table.name)
        self._table = table
        self._imaged: Imaged | None = None

    def chunks(self) -> list[int]:
        with self._session.asking():
            found = self._session.connection.execute(_CHUNKS, self._imported)
            return [chunk for (chunk,) in found]

    def kept(self) -> int:
        with self._session.asking():
            return int(self._session.connection.execute(_KEPT, self._imported).fetchone()[0])

    def look(self) -> Iterator[list[Seen]]:
        with self._session.asking():
            connection = self._session.connection
            found = connection.execute(_IMAGES, self._imported)
        while True:
            with self._session.asking():
                rows = found.fetchmany(BATCH)
                seen = [self._seen(connection, *row) for row in rows]
            if not seen:
                return
            yield seen

    def marks(self) -> dict[int, Written]:
        with self._session.asking():
            return marks.written(self._session.connection, self._run)

    def undo(
        self, chunk: int, *, keys: Collection[str] | None = None, overwrite: bool = False
    ) -> Written:
        with self._session.transaction() as connection:
            if not marks.begin(connection, self._run, chunk):
                return marks.written(connection, self._run)[chunk]
            written = self._undo(connection, chunk, keys, overwrite=overwrite)
            marks.end(connection, self._run, chunk, written)
            return written

    def interrupt(self) -> None:
        self._session.interrupt()

    def _undo(
        self, connection: Connection, chunk: int, keys: Collection[str] | None, *, overwrite: bool
    ) -> Written:
        rows = connection.execute(f"{_IMAGES} AND chunk = ?", (*self._imported, chunk)).fetchall()
        wanted = None if keys is None else frozenset(keys)
        seen = [self._seen(connection, *row) for row in rows if wanted is None or row[2] in wanted]
        acts = {act: [one for one in seen if _act(one, overwrite=overwrite) == act] for act in ACTS}
        done = dict.fromkeys(ACTS, 0)
        while True:
            failed: dict[str, list[tuple[Seen, Refusing]]] = {act: [] for act in ACTS}
            for act, rows_ in acts.items():
                for one in rows_:
                    error = self._try(connection, act, one)
                    if error is None:
                        done[act] += 1
                    else:
                        failed[act].append((one, error))
            left = sum(map(len, failed.values()))
            if not left or left == sum(map(len, acts.values())):
                break
            # A row that others point to can go once these are gone.
            acts = {act: [one for one, _ in errors] for act, errors in failed.items()}
        refused = sorted(
            Refusal(one.row or 0, *_told(act, error))
            for act, errors in failed.items()
            for one, error in errors
        )
        counts = Counts(done["insert"], done["update"], len(refused), done["delete"])
        return Written(counts, tuple(refused))

    def _try(self, connection: Connection, act: str, one: Seen) -> Refusing | None:
        """Do *act* to one row; give what the database has against it."""
        try:
            if self._imaged_on(connection).do(act, one) != 1:
                raise LeftOut
        except (sqlite3.Error, LeftOut) as error:
            if not refusing.is_about_row(error):
                raise
            return error
        return None

    def _seen(
        self,
        connection: Connection,
        chunk: int,
        row: int | None,
        key: str,
        before: str | None,
        after: str | None,
    ) -> Seen:
        imaged = self._imaged_on(connection)
        was, became = _image(before), _image(after)
        now = imaged.now(json.loads(key))
        return Seen(chunk, row, key, _outlook(imaged, was, became, now), was, became, now)

    def _imaged_on(self, connection: Connection) -> Imaged:
        if self._imaged is None:
            self._imaged = Imaged(connection, self._table, *self._imported)
        return self._imaged


def _act(one: Seen, *, overwrite: bool) -> str | None:
    """Give what is to be done to a row; None for nothing."""
    if one.outlook == "remove":
        return "delete"
    if one.outlook == "restore":
        return "insert" if one.now is None else "update"
    if one.outlook == "already" or not overwrite:
        return None
    if one.now is None:
        return "insert"
    return "delete" if one.before is None else "update"


def _outlook(
    imaged: Imaged, before: Image | None, after: Image | None, now: Image | None
) -> Outlook:
    if now is None:
        if before is None:
            return "already"
        return "restore" if after is None else "gone"
    if before is not None and imaged.are_same(now, before):
        return "already"
    if after is not None and imaged.are_same(now, after):
        return "remove" if before is None else "restore"
    return "changed"


def _told(act: str, error: Refusing) -> tuple[str, str]:
    is_pointed_to = isinstance(error, LeftOut) or refusing.name_of(error) == refusing.FOREIGN_KEY
    if act == "delete" and is_pointed_to:
        return "", refusals.POINTED_TO
    if isinstance(error, PointsNowhere):
        return "", refusals.POINTS_NOWHERE
    return refusing.told(error)


def _image(text: str | None) -> Image | None:
    image: Image | None = None if text is None else json.loads(text)
    return image
