"""The statement of an export: the choices that a job keeps, against its table as it is now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from dashboard.jobs.errors import Permanent
from dashboard.kinds.exports.export import Export
from dashboard.sources import (
    Choice,
    Source,
    SourceColumn,
    Table,
    check,
    parse_condition,
    parse_order,
    select_of,
)
from dashboard.words import marked

ADVICE: Final = marked("Ask an administrator to look at it again on the page “Tables”.")


class Statement(NamedTuple):
    """One SELECT, and the values that it binds."""

    query: str
    values: dict[str, object]


@dataclass(frozen=True)
class Asked:
    """The statement that gives the *rows*, one for the same rows in *any_order*, their columns."""

    rows: Statement
    any_order: Statement
    columns: tuple[SourceColumn, ...]


def choice_of(params: Mapping[str, Any]) -> Choice:
    """Give what *params* choose."""
    return Choice(
        columns=tuple(params["columns"]),
        where=tuple(parse_condition(text) for text in params["where"]),
        sort=tuple(parse_order(text) for text in params["sort"]),
        limit=params["limit"],
    )


def asked(export: Export, source: Source, params: Mapping[str, Any], zone: str) -> Asked:
    """Give what *params* ask for; days are those of *zone*, unless they name one.

    Raises Permanent where the table or one of its columns has gone, and SourceError.
    """
    choice = choice_of(params)
    table = _present(export, source, choice)
    if problems := check(choice, table):
        raise Permanent(problems[0][1], next=ADVICE, attention=True)
    zone = str(params.get("zone") or zone)

    def statement(choice: Choice) -> Statement:
        return Statement(*select_of(table, choice, dialect=source.dialect, zone=zone))

    columns = {column.name: column for column in table.columns}
    return Asked(
        rows=statement(choice),
        # As many of them, but nobody has to sort what is only counted.
        any_order=statement(replace(choice, sort=())),
        columns=tuple(columns[name] for name in choice.columns or columns),
    )


def _present(export: Export, source: Source, choice: Choice) -> Table:
    """Give the table with the columns that were opened, as the source has them now.

    Columns that came later stay closed until somebody looks at the table again.
    """
    opened = export.table
    here = f"The {_word(opened)} “{opened.name}”"
    now = source.table(opened.name)
    if now is None:
        what = f"{here} is not in the source “{export.source}” any more, or it may not be read."
        raise Permanent(what, next=ADVICE, attention=True)
    known = {column.name: column for column in now.columns}
    names = [column.name for column in opened.columns]
    needed = [
        *(choice.columns or names),
        *(condition.column for condition in choice.where),
        *(name for name, _ in choice.sort),
    ]
    for name in needed:
        if name not in names or name not in known:
            raise Permanent(f"{here} has no column “{name}” any more.", next=ADVICE, attention=True)
    return replace(now, columns=tuple(known[name] for name in names if name in known))


def _word(table: Table) -> str:
    return "view" if table.kind == "view" else "table"
