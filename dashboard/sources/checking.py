"""Says what of a choice a table cannot give, before anything is asked of the database."""

from collections.abc import Iterable, Iterator
from typing import Final

from dashboard.sources.choice import OPS, WITHOUT_VALUE, Choice, Condition
from dashboard.sources.source import Table
from dashboard.sources.values import MOST_VALUES, lines, read
from dashboard.words import gettext as _

MOST_CONDITIONS: Final = 100
"""More would make SQLite's expressions too deep, and nobody's choice clearer."""

LARGEST_LIMIT: Final = 2**63 - 1


def check(choice: Choice, table: Table) -> list[tuple[str, str]]:
    """Give the field (columns, where, sort or limit) and a sentence for everything wrong."""
    return [
        *(("columns", sentence) for sentence in _wrong_columns(choice.columns, table)),
        *(("where", sentence) for sentence in _wrong_conditions(choice.where, table)),
        *(("sort", sentence) for sentence in _wrong_order(choice.sort, table)),
        *(("limit", sentence) for sentence in _wrong_limit(choice.limit)),
    ]


def fault(condition: Condition, table: Table) -> str | None:
    """Give the sentence that says what is wrong with one filter, or None: for a form's own row."""
    types = {column.name: column.type for column in table.columns}
    if condition.column not in types:
        return _missing(condition.column, table)
    type_ = types[condition.column]
    if condition.op not in OPS[type_]:
        return _(
            "“%(column)s” cannot be filtered by “%(op)s”.",
            column=condition.column,
            op=condition.op,
        )
    if condition.op in WITHOUT_VALUE:
        return None
    try:
        read(type_, condition.op, condition.value)
    except ValueError as error:
        return _(
            "The filter of “%(column)s”: %(sentence)s", column=condition.column, sentence=error
        )
    return None


def _wrong_columns(columns: Iterable[str], table: Table) -> Iterator[str]:
    known = {column.name for column in table.columns}
    for name, times in _counted(columns).items():
        if name not in known:
            yield _missing(name, table)
        elif times > 1:
            yield _("The column “%(column)s” is chosen more than once.", column=name)


def _wrong_conditions(where: tuple[Condition, ...], table: Table) -> Iterator[str]:
    if len(where) > MOST_CONDITIONS:
        yield _("There can be at most %(limit)s filters.", limit=MOST_CONDITIONS)
        return
    if sum(len(lines(one.value)) for one in where if one.op == "one-of") > MOST_VALUES:
        yield _("The filters list more than %(limit)s values.", limit=f"{MOST_VALUES:,}")
        return
    yield from filter(None, (fault(condition, table) for condition in where))


def _wrong_order(sort: Iterable[tuple[str, bool]], table: Table) -> Iterator[str]:
    known = {column.name for column in table.columns}
    for name, times in _counted(name for name, _descending in sort).items():
        if name not in known:
            yield _missing(name, table)
        elif times > 1:
            yield _("The rows are sorted by “%(column)s” more than once.", column=name)


def _wrong_limit(limit: int | None) -> Iterator[str]:
    if limit is not None and not 1 <= limit <= LARGEST_LIMIT:
        yield _("The row limit must be a whole number of 1 or more.")


def _missing(column: str, table: Table) -> str:
    return _("“%(table)s” has no column “%(column)s”.", table=table.name, column=column)


def _counted(names: Iterable[str]) -> dict[str, int]:
    """Give how often each name is there, in the order of the first times."""
    found: dict[str, int] = {}
    for name in names:
        found[name] = found.get(name, 0) + 1
    return found
