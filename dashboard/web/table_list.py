"""The tables of all sources, beside what the ledger has of them."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dashboard.extensions import db
from dashboard.models import OpenTable
from dashboard.sources import Source, SourceError, Table
from dashboard.words import marked

SHOWN: Final = 100  # of a source, tables that are not open; more are found by name.
FIND_FROM: Final = 15  # tables in all; fewer need no field to find one.
ESTIMATED: Final = 50  # open tables of a source whose rows are estimated.
PATIENCE: Final = 10.0  # seconds for one estimate

NO_SOURCE: Final = marked("There is no such source any more.")
DIALECTS: Final = {
    "mariadb": "MariaDB",
    "mssql": "SQL Server",
    "mysql": "MySQL",
    "oracle": "Oracle",
    "postgresql": "PostgreSQL",
    "sqlite": "SQLite",
}


@dataclass(frozen=True)
class Told:
    """What a source says: its tables, about how many rows some have, or why it says nothing."""

    tables: Sequence[Table] = ()
    rows: Mapping[str, int | None] | None = None
    problem: str = ""


@dataclass(frozen=True)
class OpenRow:
    """An open table: the ledger's row, rows about, and whether the source has it otherwise now."""

    table: OpenTable
    rows: int | None = None
    gone: bool = False
    changed: bool = False


@dataclass(frozen=True)
class SourceTables:
    """A source: what is open, what else there is, how many *more* that are not shown."""

    name: str
    dialect: str
    problem: str
    total: int
    open: Sequence[OpenRow]
    others: Sequence[Table]
    more: int


@dataclass(frozen=True)
class TableList:
    """All sources; *total* counts their tables, whatever is looked for."""

    sources: Sequence[SourceTables]
    total: int

    @property
    def has_find(self) -> bool:
        """Whether there are so many tables that one is looked for by name."""
        return self.total >= FIND_FROM


def table_list(find: str) -> TableList:
    """Give the tables whose name or title has *find* in it; the sources are asked all at once."""
    query = select(OpenTable).order_by(OpenTable.title, OpenTable.id)
    kept: dict[str, list[OpenTable]] = {}
    for row in db.session.scalars(query.options(joinedload(OpenTable.opened_by))):
        kept.setdefault(row.source, []).append(row)
    known: dict[str, Source] = current_app.extensions["sources"]
    quoted = {name: [row.quoted for row in kept.get(name, [])[:ESTIMATED]] for name in known}
    with ThreadPoolExecutor(max_workers=max(1, len(known))) as threads:
        told = dict(
            zip(known, threads.map(_ask, known.values(), quoted.values()), strict=True),
        )
    lost = {name: Told(problem=NO_SOURCE) for name in sorted(set(kept) - set(known))}
    shown = [
        _shown(name, known.get(name), each, kept.get(name, []), find.casefold())
        for name, each in {**told, **lost}.items()
    ]
    return TableList(shown, sum(each.total for each in shown))


def _ask(source: Source, quoted: Sequence[str]) -> Told:
    """Ask a source, in a thread of its own."""
    try:
        tables = [table for table in source.tables() if not table.is_of_imports]
        there = {table.quoted for table in tables}
        return Told(tables, _estimates(source, [name for name in quoted if name in there]))
    except SourceError as error:
        return Told(problem=str(error))


def _estimates(source: Source, quoted: Sequence[str]) -> dict[str, int | None]:
    """Give about how many rows each has; without an answer it is not said."""
    if not quoted:
        return {}
    found: dict[str, int | None] = {}
    try:
        with source.reading(timeout=PATIENCE) as reading:
            for name in quoted:
                found[name] = reading.estimate(f"SELECT * FROM {name}", {})
    except SourceError:
        pass  # One that has just gone, say: the list is of a moment ago.
    return found


def _shown(
    name: str, source: Source | None, told: Told, kept: Sequence[OpenTable], find: str
) -> SourceTables:
    now = {table.name: table for table in told.tables}
    rows = told.rows or {}
    is_open = {row.name for row in kept}
    others = [table for table in told.tables if table.name not in is_open]
    found = [table for table in others if find in table.name.casefold()]
    return SourceTables(
        name=name,
        dialect=DIALECTS.get(source.dialect, source.dialect) if source else "",
        problem=told.problem,
        total=len(is_open | set(now)),
        open=[
            OpenRow(
                row,
                rows=rows.get(row.quoted),
                gone=not told.problem and row.name not in now,
                changed=row.name in now and _differs(row, now[row.name]),
            )
            for row in kept
            if find in row.name.casefold() or find in row.title.casefold()
        ],
        others=found[:SHOWN],
        more=len(found[SHOWN:]),
    )


def _differs(row: OpenTable, table: Table) -> bool:
    kept = [(column["name"], column["type"]) for column in row.columns]
    return kept != [(column.name, column.type) for column in table.columns]
