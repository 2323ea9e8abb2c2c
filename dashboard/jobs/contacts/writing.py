"""Writes contacts of one list for one run: rows of files become rows of the table of contacts."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from dashboard.jobs.contacts.address import compared
from dashboard.jobs.contacts.fields import EMAIL, natural, spelled
from dashboard.sources.errors import QueryError
from dashboard.sources.writing import (
    Change,
    Counts,
    Key,
    Missing,
    Ready,
    Refusal,
    TargetColumn,
    TargetTable,
    Values,
    Writing,
    Written,
    first_difference,
)
from dashboard.sources.writing.refusals import SAME_ROW, TWICE, TWICE_TOGETHER
from dashboard.sources.writing.shape import key_shape, shape

BY: Final = ("list_id", "address")
COLUMNS: Final = (*BY, "email", "values", "changed_at")
AT: Final = {name: place for place, name in enumerate(COLUMNS)}
ABOUT_ADDRESS: Final = frozenset({SAME_ROW, TWICE})
"""Refusals for which the address is to blame, whatever columns the database names."""


class ContactsWriting:
    """Gives a *writing* to the table of contacts the rows of files, and has the rest from it.

    Marks, before-images and refusals are those of every target. A list's key is its address, as
    addresses are compared; fields that a file does not have keep their values.
    """

    def __init__(self, writing: Writing) -> None:
        self._writing = writing

    def is_empty(self, table: TargetTable) -> bool:
        """Say no: a list is a part of a table, and nobody looks whether it has none."""
        return False

    def present(
        self, table: TargetTable, by: Sequence[str], columns: Sequence[str], keys: Sequence[Key]
    ) -> dict[Key, Values]:
        asked = shape(table, columns, by)
        wanted = {key: compared(str(key[0])) for key in keys if key[0] is not None}
        rows = self._rows(table, wanted.values())
        return {
            key: _virtual(rows[address], asked.columns)
            for key, address in wanted.items()
            if address in rows
        }

    def marks(self) -> dict[int, Counts]:
        return self._writing.marks()

    def refused(self) -> list[Refusal]:
        return list(map(told, self._writing.refused()))

    def write(
        self,
        table: TargetTable,
        chunk: int,
        columns: Sequence[str],
        by: Sequence[str],
        changes: Sequence[Change],
        *,
        keep_before: bool = False,
        overwrite: bool = False,
    ) -> Written:
        asked = shape(table, columns, by)
        if EMAIL not in columns:
            raise QueryError(f"The column “{EMAIL}” of “{table.name}” is not given.")
        place = asked.names.index(EMAIL)
        addresses = [compared(str(change.values[place])) for change in changes]
        looked_for = {
            address
            for address, change in zip(addresses, changes, strict=True)
            if change.before is not None or (overwrite and by)
        }
        rows = self._rows(table, looked_for)
        now = self._now()
        given = [
            Change(
                change.row,
                (*_merged(table, asked.columns, change.values, address, rows.get(address)), now),
                _before(asked.columns, change, rows.get(address)),
            )
            for address, change in zip(addresses, changes, strict=True)
        ]
        written = self._writing.write(
            contacts_of(table),
            chunk,
            COLUMNS,
            BY if by else (),
            given,
            keep_before=keep_before,
            overwrite=overwrite,
        )
        return Written(written.counts, tuple(map(told, written.refused)))

    def write_ready(
        self,
        table: TargetTable,
        chunk: int,
        columns: Sequence[str],
        by: Sequence[str],
        ready: Ready,
        before: Mapping[int, Values],
        *,
        keep_before: bool = False,
        overwrite: bool = False,
    ) -> Written:
        """Raise LookupError: nothing is made ready for a list."""
        raise LookupError(chunk)

    def missing(
        self,
        table: TargetTable,
        by: Sequence[str],
        columns: Sequence[str],
        keys: Iterable[Key],
        *,
        limit: int,
    ) -> Missing:
        asked = shape(table, columns, by)
        number, rows = self._writing.missing(
            contacts_of(table), BY, COLUMNS, _addresses(table, keys), limit=limit
        )
        return Missing(number, [_virtual(row, asked.columns) for row in rows])

    def delete_missing(
        self,
        table: TargetTable,
        chunk: int,
        by: Sequence[str],
        keys: Iterable[Key],
        *,
        keep_before: bool = False,
        expect: int | None = None,
    ) -> Written:
        key_shape(table, by)
        return self._writing.delete_missing(
            contacts_of(table),
            chunk,
            BY,
            _addresses(table, keys),
            keep_before=keep_before,
            expect=expect,
        )

    def commit(self) -> None:
        self._writing.commit()

    def interrupt(self) -> None:
        self._writing.interrupt()

    def _rows(self, table: TargetTable, addresses: Iterable[str]) -> dict[str, Values]:
        """Give the rows of the table of contacts by their addresses."""
        number = int(table.quoted)
        keys = [(number, address) for address in dict.fromkeys(addresses)]
        if not keys:
            return {}
        found = self._writing.present(contacts_of(table), BY, COLUMNS, keys)
        return {str(address): row for (_, address), row in found.items()}

    @staticmethod
    def _now() -> str:
        """Give the present moment in UTC as both databases take it."""
        return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def contacts_of(table: TargetTable) -> TargetTable:
    """Give the table of contacts as far as it is the list's."""
    return TargetTable(
        name="contacts",
        quoted="contacts",
        columns=(
            TargetColumn("id", "integer", "integer", required=False, nullable=False),
            TargetColumn("list_id", "integer", "integer", required=True, nullable=False),
            *(
                TargetColumn(name, "text", "text", required=True, nullable=False)
                for name in ("address", "email", "values", "changed_at")
            ),
            TargetColumn("added_at", "text", "text", required=False, nullable=False),
        ),
        key=("id",),
        uniques=(BY,),
        within=("list_id", int(table.quoted)),
    )


def _addresses(table: TargetTable, keys: Iterable[Key]) -> Iterator[Key]:
    """Give *keys* of a list as those of the table of contacts."""
    number = int(table.quoted)
    return ((number, compared(str(key[0]))) for key in keys if key[0] is not None)


def _kept(row: Values | None) -> dict[str, Any]:
    """Give the values of the fields in a *row* of the table of contacts."""
    found: dict[str, Any] = json.loads(str(row[AT["values"]])) if row is not None else {}
    return found


def _virtual(row: Values, columns: Sequence[TargetColumn]) -> Values:
    """Give a *row* of the table of contacts as the *columns* of its list."""
    kept = _kept(row)
    return tuple(
        row[AT["email"]] if column.name == EMAIL else natural(kept.get(column.name), column.type)
        for column in columns
    )


def _merged(
    table: TargetTable,
    columns: Sequence[TargetColumn],
    values: Values,
    address: str,
    row: Values | None,
) -> Values:
    """Give the row that *values* of a file make of the *row* that is there."""
    given = dict(zip((column.name for column in columns), values, strict=True))
    email = given.pop(EMAIL)
    return int(table.quoted), address, email, spelled({**_kept(row), **given})


def _before(columns: Sequence[TargetColumn], change: Change, row: Values | None) -> Values | None:
    """Give the *row* that is there where it is as the check saw it, else one that differs."""
    if change.before is None:
        return None
    if row is None:
        return (None,) * len(COLUMNS)
    at = first_difference(change.before, _virtual(row, columns))
    if at is None:
        return row
    differs = "email" if columns[at].name == EMAIL else "values"
    return tuple(None if name == differs else row[AT[name]] for name in COLUMNS)


def told(refusal: Refusal) -> Refusal:
    """Give a *refusal* of the table of contacts as one of its list."""
    sentence = TWICE if refusal.sentence == TWICE_TOGETHER else refusal.sentence
    column = EMAIL if refusal.column in ("email", "address") else ""
    return Refusal(refusal.row, EMAIL if sentence in ABOUT_ADDRESS else column, sentence)
