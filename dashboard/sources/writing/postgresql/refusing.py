"""Which of PostgreSQL's errors are about the rows, and what they mean for staff."""

import re
from collections.abc import Mapping
from typing import Final

import psycopg
from psycopg import Connection, errors

from dashboard.sources.writing import refusals
from dashboard.sources.writing.shape import Shape

ROW_CLASSES: Final = frozenset({"22", "23", "44", "P0"})
"""Bad values, broken constraints, rows outside of a view, and what a trigger raises."""

SYSTEM_CLASSES: Final = frozenset({"53", "54", "55", "57", "58", "72", "XX"})
"""Classes of PostgreSQL's own among those that are left for others, such as triggers."""

BY_ROW_SECURITY: Final = "ExecWithCheckOptions"
"""The function of the server that refuses a row, where others refuse the whole statement."""

_CONSTRAINTS: Final = """
SELECT c.conname, a.attname
FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_attribute a
     ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
WHERE c.conrelid = %(table)s::regclass
UNION
SELECT n.relname, a.attname
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class n ON n.oid = i.indexrelid
     JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
WHERE i.indrelid = %(table)s::regclass AND i.indisunique
"""

_staged_column = re.compile(r"\bbellhop_v(\d+)\b")

_SENTENCES: Final[Mapping[type[Exception], str]] = {
    errors.CharacterNotInRepertoire: refusals.CHARACTERS,
    errors.DatetimeFieldOverflow: refusals.NO_DATE,
    errors.InvalidDatetimeFormat: refusals.NO_DATE,
    errors.NotNullViolation: refusals.EMPTY,
    errors.NumericValueOutOfRange: refusals.OUT_OF_RANGE,
    errors.StringDataRightTruncation: refusals.TOO_LONG,
    errors.UntranslatableCharacter: refusals.CHARACTERS,
    UnicodeEncodeError: refusals.CHARACTERS,
}


class LeftOut(Exception):
    """The database took the rows without a complaint, but did not write them all."""


Refusing = psycopg.Error | UnicodeEncodeError | LeftOut


def is_about_rows(error: Refusing) -> bool:
    """Say whether other rows could be written where *error* came up."""
    if not isinstance(error, psycopg.Error):
        return True
    code = error.sqlstate or ""
    if code[:2] in ROW_CLASSES or error.diag.source_function == BY_ROW_SECURITY:
        return True
    # The standard leaves these classes to whoever raises an error of his own.
    return code[:1] in set("56789IJKLMNOPQRSTUVWXYZ") and code[:2] not in SYSTEM_CLASSES


def is_pointing(error: Refusing) -> bool:
    """Say whether *error* may go away once other rows of the chunk are there."""
    return isinstance(error, errors.ForeignKeyViolation)


def constraints(connection: Connection, shape: Shape) -> dict[str, list[str]]:
    """Give the columns of each constraint and unique index of the table, by its name."""
    found: dict[str, list[str]] = {}
    for name, column in connection.execute(_CONSTRAINTS, {"table": shape.table.quoted}):
        found.setdefault(name, []).append(column)
    return found


def told(error: Refusing, shape: Shape, constraints: Mapping[str, list[str]]) -> tuple[str, str]:
    """Give the column ("" for none in particular) and the sentence for *error* of one row."""
    if not isinstance(error, psycopg.Error):
        return "", refusals.LEFT_OUT if isinstance(error, LeftOut) else refusals.CHARACTERS
    diag = error.diag
    columns = constraints.get(diag.constraint_name or "", [])
    column = diag.column_name or (columns[0] if len(columns) == 1 else "")
    if not column and (staged := _staged_column.search(diag.context or "")):
        column = shape.columns[int(staged[1])].name
    match error:
        case errors.UniqueViolation() | errors.ExclusionViolation():
            twice = refusals.TWICE if column else refusals.TWICE_TOGETHER
            return column, twice
        case errors.ForeignKeyViolation():
            # An error about rows of another table that point here names that other table.
            here = diag.constraint_name in constraints
            return column if here else "", (
                refusals.POINTS_NOWHERE if here else refusals.POINTED_TO
            )
        case errors.CheckViolation():
            return column, refusals.broken(diag.constraint_name or "")
    if (sentence := _SENTENCES.get(type(error))) is not None:
        return column, sentence
    if (error.sqlstate or "")[:2] == "22":
        return column, refusals.NOT_TAKEN
    if diag.source_function == BY_ROW_SECURITY:
        return "", refusals.BROKEN_RULE
    # What a trigger raises is written for those who enter the data.
    return column, diag.message_primary or refusals.BROKEN_RULE
