"""The SQL that spells a column's values as every source and the CSV format do.

It is for a session whose zone is UTC, whose dates are ISO and whose bytea is hex.
"""

from typing import Final

from dashboard.sources.postgresql.types import (
    ARRAY,
    BOOL,
    DATE,
    JSON,
    JSONB,
    NATURAL,
    TEXT,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    VARCHAR,
    VOID,
)

LAST_START: Final = 64
FORMULA_STARTS: Final = f"9, 13, 43, 45, 61, {LAST_START}"
"""The codes of tab, CR, +, -, = and @; to ask for the first character's code is cheapest."""

# Only space outside of strings goes: a string is found first and put back whole.
_COMPACT_JSON: Final = r"""regexp_replace({0}::text, '("(?:[^"\\]|\\.)*")|\s+', '\1', 'g')"""

# Outside of the years that Python knows, rows() and csv() both have PostgreSQL's own text.
_TIMESTAMP: Final = (
    "CASE WHEN {0} BETWEEN '0001-01-01 00:00:00' AND '9999-12-31 23:59:59.999999'"
    " THEN CASE WHEN {0}::timestamp(0) = {0} THEN {0}::text"
    " ELSE to_char({0}, 'YYYY-MM-DD HH24:MI:SS.US') END ELSE {1} END"
)
_TIMESTAMPTZ: Final = (
    "CASE WHEN {0} BETWEEN '0001-01-01 00:00:00+00' AND '9999-12-31 23:59:59.999999+00'"
    " THEN CASE WHEN {0}::timestamptz(0) = {0} THEN {0}::text || ':00'"
    " ELSE to_char({0}, 'YYYY-MM-DD HH24:MI:SS.US+00:00') END ELSE {1} END"
)
# The only text of a date that could be taken for a formula.
_DATE: Final = "CASE WHEN {0} = '-infinity' THEN '''-infinity' ELSE {0}::text END"
_TIME: Final = "CASE WHEN {0}::time(0) = {0} THEN {0}::text ELSE to_char({0}, 'HH24:MI:SS.US') END"
_BOOL: Final = "CASE {0} WHEN true THEN 'true' WHEN false THEN 'false' END"

# format() writes a value as COPY does; a cast to text may not (10.0.0.1 would get a /32).
_OTHER: Final = "CASE WHEN {0} IS DISTINCT FROM NULL THEN {1} END"


def for_rows(column: str, oid: int) -> str:
    """Give the expression for rows(): nearly always the *column* itself."""
    if oid == ARRAY:
        return f"array_to_json({column})::text"
    if oid in (JSON, JSONB):
        return _COMPACT_JSON.format(column)
    return column


def for_csv(column: str, oid: int, *, formula_safe: bool) -> str:
    """Give the expression that COPY writes as text."""
    if oid == BOOL:
        return _BOOL.format(column)
    if oid == TIME:
        return _TIME.format(column)
    if oid in (TIMESTAMP, TIMESTAMPTZ):
        template = _TIMESTAMP if oid == TIMESTAMP else _TIMESTAMPTZ
        return template.format(column, _guarded(f"{column}::text", formula_safe))
    if oid == DATE:
        return _DATE.format(column) if formula_safe else column
    if oid in (TEXT, VARCHAR):
        return _guarded(column, formula_safe)
    if oid in NATURAL or oid in (ARRAY, VOID):
        return for_rows(column, oid)
    if oid in (JSON, JSONB):
        # Of all that JSON can begin with, only the sign of a number needs the guard.
        compact = for_rows(column, oid)
        guard = rf"CASE WHEN {column}::text ~ '^\s*-' THEN '''' ELSE '' END"
        return f"{guard} || {compact}" if formula_safe else compact
    return _OTHER.format(column, _guarded(f"format('%s', {column})", formula_safe))


def _guarded(text: str, formula_safe: bool) -> str:
    if not formula_safe:
        return text
    # Most texts begin with a letter, which comes after all of them: one comparison instead of six.
    return (
        f"CASE WHEN ascii({text}) > {LAST_START} THEN {text}"
        f" WHEN ascii({text}) IN ({FORMULA_STARTS}) THEN '''' || {text} ELSE {text} END"
    )
