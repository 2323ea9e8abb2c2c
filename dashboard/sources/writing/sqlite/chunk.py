"""One chunk on its way into its table, with each row that is refused found out."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from sqlite3 import Connection

from dashboard.sources.writing import refusals
from dashboard.sources.writing.changes import Change, Counts, Refusal, Written
from dashboard.sources.writing.same import first_difference
from dashboard.sources.writing.shape import Shape
from dashboard.sources.writing.sqlite import pointing, refusing, tables
from dashboard.sources.writing.sqlite.images import Images
from dashboard.sources.writing.sqlite.kept import kept
from dashboard.sources.writing.sqlite.looking import Looking
from dashboard.sources.writing.sqlite.refusing import LeftOut, Refusing
from dashboard.sources.writing.sqlite.tables import quoted
from dashboard.sources.writing.target import Key, Values


class Chunk:
    """Writes one chunk within a transaction that somebody else begins and ends.

    Where there are *images*, what each row was before is kept in them.
    """

    def __init__(self, connection: Connection, shape: Shape, images: Images | None) -> None:
        self._connection = connection
        self._shape = shape
        self._images = images
        self._looking = Looking(connection, shape)
        self._foreign_keys = pointing.foreign_keys(connection, shape)
        self._are_deferred = pointing.are_deferred(connection, shape)
        self._has_triggers = tables.has_triggers(connection, shape.table)
        self._changes: Sequence[Change] = ()
        self._refused: dict[int, Refusal] = {}
        self._pointing: set[int] = set()
        self._first_new: dict[Key, int] = {}

    def write(self, changes: Sequence[Change], *, overwrite: bool = False) -> Written:
        """Write *changes* but for those that are refused. Raises sqlite3.Error, QueryError."""
        self._changes = changes
        without: dict[int, Refusal] = {}
        while True:
            self._connection.execute("SAVEPOINT bellhop_chunk")
            self._refused = dict(without)
            counts = self._write(overwrite=overwrite)
            dangling = self._dangling()
            if not dangling:
                self._connection.execute("RELEASE bellhop_chunk")
                return Written(counts, tuple(sorted(self._refused.values())))
            # At the end, SQLite would refuse the whole chunk without a word about which row.
            self._connection.execute("ROLLBACK TO bellhop_chunk")
            without.update(dangling)

    def _write(self, *, overwrite: bool) -> Counts:
        updates, inserts = self._sort_out(overwrite=overwrite)
        self._first_new = {}
        updated = inserted = 0
        while updates or inserts:
            self._pointing = set()
            more = self._update(updates), self._insert(inserts)
            updated += more[0]
            inserted += more[1]
            if not any(more):
                break
            # Rows that point to others are tried again once others are there.
            updates = [place for place in updates if place in self._pointing]
            inserts = [place for place in inserts if place in self._pointing]
            for place in self._pointing:
                del self._refused[place]
        return Counts(inserted, updated, len(self._refused))

    def _sort_out(self, *, overwrite: bool) -> tuple[list[int], list[int]]:
        """Give the places of the rows to update and of those to insert.

        What is no longer as the check saw it is refused.
        """
        updates: list[int] = []
        inserts: list[int] = []
        found: list[Values] = []
        seen: set[Key] = set()
        for place, change in enumerate(self._changes):
            if place in self._refused:
                continue
            is_new = change.before is None
            # Of a new row that is there already, its key tells when it is inserted.
            row = None if is_new and not overwrite else self._raw(change)
            key = tuple(row[at] for at in self._shape.key_places) if row else ()
            if row is None and not is_new:
                self._refuse(place, "", refusals.GONE)
            elif row is None and (column := self._shape.has_generated(change)):
                self._refuse(place, column, refusals.GENERATED)
            elif row is None:
                inserts.append(place)
            elif key in seen:
                self._refuse(place, self._key_column(), refusals.SAME_ROW)
            else:
                seen.add(key)
                updates.append(place)
                found.append(row)
        if not overwrite:
            updates = list(self._unchanged(updates, self._looking.natural(found)))
        return updates if self._shape.set_places else [], inserts

    def _unchanged(self, places: Sequence[int], rows: Sequence[Values]) -> Iterator[int]:
        for place, now in zip(places, rows, strict=True):
            before = self._changes[place].before
            assert before is not None
            if (at := first_difference(before, now)) is None:
                yield place
            else:
                self._refuse(place, self._shape.columns[at].name, refusals.CHANGED)

    def _update(self, places: Sequence[int]) -> int:
        settings = ", ".join(
            f"{quoted(self._shape.columns[at].name)} = ?" for at in self._shape.set_places
        )
        statement = (
            f"UPDATE OR ABORT {self._shape.table.quoted} SET {settings} WHERE {self._looking.on}"
        )
        given = (*self._shape.set_places, *self._shape.key_places)
        return self._run(statement, given, places, is_new=False)

    def _insert(self, places: Sequence[int]) -> int:
        ways: dict[tuple[int, ...], list[int]] = {}
        for place in places:
            given = self._shape.inserted_places(self._changes[place])
            ways.setdefault(given, []).append(place)
        count = 0
        for given, its_places in ways.items():
            columns = ", ".join(quoted(self._shape.columns[at].name) for at in given)
            marks = ", ".join("?" * len(given))
            # Whatever the table itself says about conflicts, no other row may go for this one.
            table = self._shape.table.quoted
            statement = f"INSERT OR ABORT INTO {table} ({columns}) VALUES ({marks})"
            count += self._run(statement, given, its_places, is_new=True)
        return count

    def _run(
        self, statement: str, given: Sequence[int], places: Sequence[int], *, is_new: bool
    ) -> int:
        """Run *statement* with the values *given* of each of *places*; count those it wrote."""
        if not places:
            return 0
        if self._has_triggers or self._images is not None:
            return sum(self._run_one(statement, given, place, is_new=is_new) for place in places)
        rest = iter(places)
        reached = -1
        failed = 0

        def values() -> Iterator[list[object]]:
            nonlocal reached
            for reached in rest:
                yield self._bound(reached, given)

        while True:
            try:
                self._connection.executemany(statement, values())
            except (sqlite3.Error, UnicodeEncodeError, OverflowError) as error:
                self._refuse_for(reached, error)
                failed += 1
            else:
                return len(places) - failed

    def _run_one(self, statement: str, given: Sequence[int], place: int, *, is_new: bool) -> bool:
        """Run *statement* for one row, and look whether a trigger left it out."""
        try:
            values = self._bound(place, given)
            key = values[len(self._shape.set_places) :]
            before = after = None
            if self._images is not None and not is_new:
                before = self._images.of(self._looking.on, key)[0]
            if self._connection.execute(statement, values).rowcount != 1:
                raise LeftOut
            if self._images is not None:
                after = (
                    self._images.of_inserted(dict(zip(given, values, strict=True)))
                    if is_new
                    else self._images.of(self._looking.on, key)[0]
                )
                self._images.keep(self._changes[place].row, before, after)
        except (sqlite3.Error, UnicodeEncodeError, OverflowError, LeftOut) as error:
            self._refuse_for(place, error)
            return False
        return True

    def _dangling(self) -> dict[int, Refusal]:
        """Give what points nowhere though the chunk is written, where SQLite looks only later."""
        found: dict[int, Refusal] = {}
        if not self._are_deferred:
            return found
        for place, change in enumerate(self._changes):
            column = None if place in self._refused else self._nowhere(place)
            if column is not None:
                found[place] = Refusal(change.row, column, refusals.POINTS_NOWHERE)
        return found

    def _nowhere(self, place: int) -> str | None:
        """Give the column with which a row points nowhere, "" for several; None for none."""
        values = self._bound(place, range(len(self._shape.columns)))
        for key in self._foreign_keys:
            if key.points_nowhere(self._connection, values):
                return key.column
        return None

    def _refuse_for(self, place: int, error: Refusing) -> None:
        """Refuse a row for *error*, or raise it where it is not about the row."""
        if not refusing.is_about_row(error):
            raise error
        column, sentence = refusing.told(error)
        name = refusing.name_of(error)
        if name == refusing.FOREIGN_KEY:
            self._pointing.add(place)
            nowhere = self._nowhere(place)
            column = nowhere or ""
            sentence = refusals.POINTED_TO if nowhere is None else refusals.POINTS_NOWHERE
        change = self._changes[place]
        if name in refusing.UNIQUE and change.before is None and self._raw(change) is not None:
            is_first = self._is_first_new(place)
            column = "" if is_first else self._key_column()
            sentence = refusals.ADDED if is_first else refusals.SAME_ROW
        self._refuse(place, column, sentence)

    def _refuse(self, place: int, column: str, sentence: str) -> None:
        self._refused[place] = Refusal(self._changes[place].row, column, sentence)

    def _raw(self, change: Change) -> Values | None:
        """Give the row of the table that has the key of *change*, as SQLite keeps it."""
        if not self._shape.by:
            return None
        return self._looking.raw([change.values[at] for at in self._shape.key_places])

    def _is_first_new(self, place: int) -> bool:
        """Say whether no earlier row of the chunk is new and has the same key."""
        if not self._first_new:
            for at, change in reversed(list(enumerate(self._changes))):
                if change.before is None:
                    with suppress(OverflowError):
                        self._first_new[self._key(change)] = at
        return self._first_new.get(self._key(self._changes[place])) == place

    def _key(self, change: Change) -> Key:
        return tuple(kept([change.values[at] for at in self._shape.key_places]))

    def _key_column(self) -> str:
        return self._shape.by[0] if len(self._shape.by) == 1 else ""

    def _bound(self, place: int, given: Sequence[int]) -> list[object]:
        values = self._changes[place].values
        return kept([values[at] for at in given])
