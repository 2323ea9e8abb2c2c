"""The tables of a prepared target: marks of the chunks that are done, and before-images."""

import json
from typing import Final

from psycopg import Connection

from dashboard.sources.writing.changes import Counts, Refusal, Written

# One key of advisory locks, so that two that prepare at once do not meet in the catalogue.
PREPARE: Final = b"""
SELECT pg_advisory_xact_lock(6211973021);
CREATE TABLE IF NOT EXISTS bellhop_import (
    run text NOT NULL,
    chunk integer NOT NULL,
    inserted bigint NOT NULL DEFAULT 0,
    updated bigint NOT NULL DEFAULT 0,
    deleted bigint NOT NULL DEFAULT 0,
    refused bigint NOT NULL DEFAULT 0,
    refusals json NOT NULL DEFAULT '[]',
    done_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (run, chunk)
);
CREATE TABLE IF NOT EXISTS bellhop_import_before (
    run text NOT NULL,
    chunk integer NOT NULL,
    file_row bigint,
    target text NOT NULL,
    key json NOT NULL,
    before json,
    after json
);
CREATE INDEX IF NOT EXISTS bellhop_import_before_chunk ON bellhop_import_before
    USING brin (run, chunk) WITH (pages_per_range = 32);
"""

# Tables that an earlier version has made lack it, and an undo would read a whole run each time.
UPGRADE: Final = b"""
CREATE INDEX IF NOT EXISTS bellhop_import_before_chunk ON bellhop_import_before
    USING brin (run, chunk) WITH (pages_per_range = 32);
"""

_PREPARED: Final = b"""
SELECT coalesce(bool_and(
    to_regclass(name) IS NOT NULL
    AND has_table_privilege(to_regclass(name), 'SELECT')
    AND has_table_privilege(to_regclass(name), 'INSERT')
    AND has_table_privilege(to_regclass(name), right_too)), false)
FROM (VALUES ('bellhop_import', 'UPDATE'), ('bellhop_import_before', 'INSERT'))
     AS needed (name, right_too)
"""


def are_there(connection: Connection) -> bool:
    """Say whether both tables are there and may be used. Raises psycopg.Error."""
    row = connection.execute(_PREPARED).fetchone()
    return bool(row and row[0])


def begin(connection: Connection, run: str, chunk: int) -> bool:
    """Mark *chunk* as done if all goes well; False where it was done before.

    Whoever else is writing this chunk is waited for: the mark's key makes it so.
    """
    marked = connection.execute(
        "INSERT INTO bellhop_import (run, chunk) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        (run, chunk),
    )
    return marked.rowcount == 1


def end(connection: Connection, run: str, chunk: int, written: Written) -> None:
    """Keep with the mark of *chunk* what came of it."""
    counts = written.counts
    connection.execute(
        "UPDATE bellhop_import SET inserted = %s, updated = %s, deleted = %s, refused = %s,"
        " refusals = %s, done_at = clock_timestamp() WHERE run = %s AND chunk = %s",
        (
            *(counts.inserted, counts.updated, counts.deleted, counts.refused),
            *(json.dumps(written.refused), run, chunk),
        ),
    )


def written(connection: Connection, run: str) -> dict[int, Written]:
    """Give what came of each chunk of *run* that is done."""
    rows = connection.execute(
        "SELECT chunk, inserted, updated, refused, deleted, refusals::text FROM bellhop_import"
        " WHERE run = %s ORDER BY chunk",
        (run,),
    ).fetchall()
    return {
        chunk: Written(Counts(*counts), tuple(Refusal(*one) for one in json.loads(refusals)))
        for chunk, *counts, refusals in rows
    }
