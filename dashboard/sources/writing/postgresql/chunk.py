"""One chunk on its way into its table, with each row that is refused found out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import psycopg
from psycopg import Connection, errors, sql

from dashboard.sources.errors import QueryError
from dashboard.sources.writing import refusals
from dashboard.sources.writing.changes import Change, Counts, Missing, Refusal, Written
from dashboard.sources.writing.postgresql import packed, refusing
from dashboard.sources.writing.postgresql.looking import Looking
from dashboard.sources.writing.postgresql.ready import Block
from dashboard.sources.writing.postgresql.refusing import LeftOut, Refusing
from dashboard.sources.writing.postgresql.sieve import sieve
from dashboard.sources.writing.postgresql.staging import APART, UPDATE, Staging
from dashboard.sources.writing.postgresql.statements import Statements
from dashboard.sources.writing.ready import ReadyChunk
from dashboard.sources.writing.same import first_difference
from dashboard.sources.writing.shape import NO_KEYS, OTHERS_MISSING, Shape
from dashboard.sources.writing.target import Key, Values

_PRESENT: Final = sql.SQL(
    "SELECT s.place{values} FROM bellhop_staged s JOIN {table} t ON {on} ORDER BY {key}"
)
# The lock lets others go on pointing to the row with their foreign keys.
_LOCKED: Final = sql.SQL(" FOR NO KEY UPDATE OF t")


class Chunk:
    """Writes one chunk within a transaction that somebody else begins and ends.

    *mark* is its run and its number; with *kept*, what each row was before is kept under them,
    and where it *packs*, whole chunks of new rows are kept as the lines in which they came.
    """

    def __init__(
        self,
        connection: Connection,
        shape: Shape,
        looking: Looking,
        mark: tuple[str, int],
        *,
        kept: bool,
        packs: bool,
    ) -> None:
        self._connection = connection
        self._shape = shape
        self._looking = looking
        self._mark = mark
        self._kept = kept
        self._packs = packs
        self._staging = Staging(connection, shape, looking.table)
        self._statements = Statements(shape, looking.table, kept=kept)
        self._changes: Sequence[Change] = ()
        self._lines: list[bytes] = []
        self._refused: dict[int, Refusal] = {}
        self._constraints: dict[str, list[str]] | None = None

    def write(self, changes: Sequence[Change], *, overwrite: bool = False) -> Written:
        """Write *changes* but for those that are refused. Raises psycopg.Error, QueryError."""
        self._changes = changes
        shapes = [
            None if one.before is not None else self._shape.inserted_places(one) for one in changes
        ]
        inserts = list(dict.fromkeys(filter(None, shapes)))
        is_plain = None not in shapes and len(inserts) == 1 and not (overwrite or self._kept)
        if is_plain and not self._lines and self._go_straight(inserts[0]):
            return Written(Counts(len(changes)))
        ways = [UPDATE if places is None else inserts.index(places) + 1 for places in shapes]
        self._staging.make()
        self._stage(ways)
        self._staging.count()
        if self._shape.by:
            for place in self._sort_out(overwrite=overwrite):
                ways[place] = UPDATE
        todo = {
            way: [place for place, its in enumerate(ways) if its == way and self._goes_on(place)]
            for way in sorted(set(ways))
        }
        done = self._apply(todo, inserts)
        inserted = sum(len(places) for way, places in done.items() if way != UPDATE)
        counts = Counts(inserted, len(done.get(UPDATE, ())), len(self._refused))
        return Written(counts, tuple(sorted(self._refused.values())))

    def write_ready(
        self, ready: ReadyChunk, block: Block, before: Mapping[int, Values], *, overwrite: bool
    ) -> Written:
        """Write rows that were made ready as *block*, as write() does.

        *before* is what those that are in the table already were, by their rows in the file.
        """
        places = ready.inserted_places(self._shape)
        is_plain = not (ready.updates or overwrite)
        if is_plain and places is not None and self._insert_all(block, ready.rows, places):
            return Written(Counts(ready.rows))
        self._lines = block.staged().splitlines(keepends=True)
        return self.write(block.changes(before), overwrite=overwrite)

    def missing(self, keys: Iterable[Key], values: sql.Composable, limit: int) -> Missing:
        """Count the rows whose key is not one of *keys*, and give *values* of *limit* of them.

        Raises psycopg.Error, QueryError.
        """
        self._stage_keys(keys)
        ask = self._connection.execute
        (count,) = ask(self._statements.missing(sql.SQL("count(*)")), ()).fetchone() or (0,)
        some = self._statements.missing(values) + sql.SQL(" LIMIT {}").format(limit)
        return Missing(count, ask(some, ()).fetchall())

    def delete_missing(self, keys: Iterable[Key], expect: int | None) -> Written:
        """Delete the rows whose key is not one of *keys*. Raises psycopg.Error, QueryError."""
        self._stage_keys(keys)
        parameters = self._parameters()
        try:
            with self._connection.transaction():
                deleted = self._connection.execute(self._statements.delete(), parameters).rowcount
        except psycopg.Error as error:
            if not refusing.is_about_rows(error):
                raise
            _, sentence = self._told(error)
            raise QueryError(f"Nothing was deleted: {sentence}", detail=str(error)) from error
        if expect is not None and deleted != expect:
            raise QueryError(OTHERS_MISSING)
        return Written(Counts(deleted=deleted))

    def _stage_keys(self, keys: Iterable[Key]) -> None:
        self._staging.make()
        if not self._staging.copy_keys(keys):
            raise QueryError(NO_KEYS)

    def _go_straight(self, places: Sequence[int]) -> bool:
        """Try to insert all rows without a look at any; False where one of them needs a look."""
        if any(map(self._shape.has_generated, self._changes)):
            return False
        try:
            with self._connection.transaction():
                if self._staging.copy_straight(places, self._changes) != len(self._changes):
                    raise LeftOut
        except (psycopg.Error, UnicodeEncodeError, LeftOut) as error:
            if refusing.is_about_rows(error) or isinstance(error, errors.FeatureNotSupported):
                return False
            raise
        return True

    def _insert_all(self, block: Block, rows: int, places: Sequence[int]) -> bool:
        """Try to insert all rows without a look at any; False where one of them needs a look."""
        is_straight = tuple(places) == self._shape.places and self._looking.is_plain
        try:
            with self._connection.transaction():
                if is_straight and (self._packs or not self._kept):
                    inserted = self._staging.copy_lines_straight(block.lines)
                    if self._kept:
                        packed.keep(self._connection, self._mark, self._shape, rows, block.staged())
                else:
                    self._staging.make()
                    self._staging.copy_lines(block.staged())
                    inserting = self._statements.insert_all(places)
                    inserted = self._connection.execute(inserting, self._parameters()).rowcount
                if inserted != rows:
                    raise LeftOut
        except (psycopg.Error, LeftOut) as error:
            if refusing.is_about_rows(error) or isinstance(error, errors.FeatureNotSupported):
                return False
            raise
        return True

    def _goes_on(self, place: int) -> bool:
        return place not in self._refused

    def _stage(self, ways: Sequence[int]) -> None:
        for place, change in enumerate(self._changes):
            if change.before is None and (column := self._shape.has_generated(change)):
                self._refuse(place, column, refusals.GENERATED)
        places = [place for place in range(len(self._changes)) if self._goes_on(place)]
        if self._lines and max(ways) <= 1:
            lines = self._lines
            self._sieve(
                places,
                lambda part: self._staging.copy_lines(b"".join(lines[place] for place in part)),
            )
        else:
            self._sieve(places, lambda part: self._staging.copy(part, self._changes, ways))

    def _sort_out(self, *, overwrite: bool) -> list[int]:
        """Refuse what is no longer as the check saw it; give the new rows that are there already.

        What is refused is staged no more.
        """
        before = set(self._refused)
        for place in self._staging.twins():
            column = self._shape.by[0] if len(self._shape.by) == 1 else ""
            self._refuse(place, column, refusals.SAME_ROW)
        there = self._present(with_values=not overwrite)
        added = []
        for place, change in enumerate(self._changes):
            if not self._goes_on(place):
                continue
            if change.before is None:
                if place in there and overwrite:
                    added.append(place)
                elif place in there:
                    self._refuse(place, "", refusals.ADDED)
            elif place not in there:
                self._refuse(place, "", refusals.GONE)
            elif (
                not overwrite and (at := first_difference(change.before, there[place])) is not None
            ):
                self._refuse(place, self._shape.columns[at].name, refusals.CHANGED)
        self._staging.drop(sorted(set(self._refused) - before))
        if added:
            self._staging.send(added, UPDATE)
        return added

    def _present(self, *, with_values: bool) -> dict[int, tuple[Any, ...]]:
        """Give the staged rows that are in the table, and lock those that will be updated."""
        updates = any(change.before is not None for change in self._changes)
        values = sql.SQL(", ") + self._looking.values if with_values and updates else sql.SQL("")
        key = sql.SQL(", ").join(self._looking.columns[at] for at in self._shape.key_places)
        asking = _PRESENT.format(
            values=values, table=self._looking.table, on=self._statements.on(), key=key
        )
        if updates or not with_values:
            asking += _LOCKED
        return {row[0]: row[1:] for row in self._connection.execute(asking, ())}

    def _apply(
        self, todo: dict[int, list[int]], inserts: Sequence[tuple[int, ...]]
    ) -> dict[int, list[int]]:
        """Bring the places *todo*, by their ways, into the table; give those that got there.

        Rows that point to others are tried again once others are there.
        """
        statements = {
            way: self._statements.insert(inserts[way - 1]) for way in todo if way != UPDATE
        }
        if self._shape.set_places:
            statements[UPDATE] = self._statements.update()
        else:
            todo = {way: places for way, places in todo.items() if way != UPDATE}
        done: dict[int, list[int]] = {way: [] for way in todo}
        turn = 0
        while todo:
            again: dict[int, list[int]] = {}
            for way, places in todo.items():
                if turn:
                    self._staging.send(places, way + turn * APART)
                failed = self._sieve(places, self._attempt(statements[way], way + turn * APART))
                done[way] += [place for place in places if place not in failed]
                if pointing := [at for at, one in failed.items() if refusing.is_pointing(one)]:
                    again[way] = sorted(pointing)
            left = sum(map(len, again.values()))
            if not any(done.values()) or left == sum(map(len, todo.values())):
                break
            todo = again
            turn += 1
        return done

    def _attempt(self, statement: sql.Composed, way: int) -> Callable[[Sequence[int]], None]:
        def attempt(part: Sequence[int]) -> None:
            parameters = self._parameters(way=way, first=part[0], last=part[-1])
            if self._connection.execute(statement, parameters).rowcount != len(part):
                raise LeftOut

        return attempt

    def _parameters(self, **more: int) -> dict[str, object]:
        run, chunk = self._mark
        return {"run": run, "chunk": chunk, "target": self._shape.table.name, **more}

    def _sieve(
        self, places: Sequence[int], attempt: Callable[[Sequence[int]], None]
    ) -> dict[int, Refusing]:
        """Attempt all *places* at once, and halves of them where that fails.

        Gives the error of each place that cannot be done even alone; it is refused.
        """
        failed = sieve(self._connection, places, attempt)
        for place in places:
            if place in failed:
                self._refuse(place, *self._told(failed[place]))
            else:
                self._refused.pop(place, None)
        return failed

    def _told(self, error: Refusing) -> tuple[str, str]:
        if self._constraints is None:
            self._constraints = refusing.constraints(self._connection, self._shape)
        return refusing.told(error, self._shape, self._constraints)

    def _refuse(self, place: int, column: str, sentence: str) -> None:
        self._refused[place] = Refusal(self._changes[place].row, column, sentence)
