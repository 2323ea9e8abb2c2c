"""The tables of a prepared target: marks of the chunks that are done, and before-images."""

import json
from sqlite3 import Connection
from typing import Final

from dashboard.sources.writing.changes import Counts, Refusal, Written

PREPARE: Final = (
    """
    CREATE TABLE IF NOT EXISTS bellhop_import (
        run TEXT NOT NULL,
        chunk INTEGER NOT NULL,
        inserted INTEGER NOT NULL DEFAULT 0,
        updated INTEGER NOT NULL DEFAULT 0,
        deleted INTEGER NOT NULL DEFAULT 0,
        refused INTEGER NOT NULL DEFAULT 0,
        refusals TEXT NOT NULL DEFAULT '[]',
        done_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
        PRIMARY KEY (run, chunk)
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS bellhop_import_before (
        run TEXT NOT NULL,
        chunk INTEGER NOT NULL,
        file_row INTEGER,
        target TEXT NOT NULL,
        key TEXT NOT NULL,
        before TEXT,
        after TEXT
    )
    """,
    """
    CREATE INDEX IF NOT EXISTS bellhop_import_before_run ON bellhop_import_before (run, chunk)
    """,
)

_NAMES: Final = (
    "SELECT count(*) FROM sqlite_master WHERE type = 'table'"
    " AND name IN ('bellhop_import', 'bellhop_import_before')"
)


def are_there(connection: Connection) -> bool:
    """Say whether both tables are there. Raises sqlite3.Error."""
    return bool(connection.execute(_NAMES).fetchone()[0] == 2)


def begin(connection: Connection, run: str, chunk: int) -> bool:
    """Mark *chunk* as done if all goes well; False where it was done before."""
    marked = connection.execute(
        "INSERT OR IGNORE INTO bellhop_import (run, chunk) VALUES (?, ?)", (run, chunk)
    )
    return marked.rowcount == 1


def end(connection: Connection, run: str, chunk: int, written: Written) -> None:
    """Keep with the mark of *chunk* what came of it."""
    counts = written.counts
    connection.execute(
        "UPDATE bellhop_import SET inserted = ?, updated = ?, deleted = ?, refused = ?,"
        " refusals = ?, done_at = CURRENT_TIMESTAMP WHERE run = ? AND chunk = ?",
        (
            *(counts.inserted, counts.updated, counts.deleted, counts.refused),
            *(json.dumps(written.refused), run, chunk),
        ),
    )


def written(connection: Connection, run: str) -> dict[int, Written]:
    """Give what came of each chunk of *run* that is done."""
    rows = connection.execute(
        "SELECT chunk, inserted, updated, refused, deleted, refusals FROM bellhop_import"
        " WHERE run = ? ORDER BY chunk",
        (run,),
    )
    return {
        chunk: Written(Counts(*counts), tuple(Refusal(*one) for one in json.loads(refusals)))
        for chunk, *counts, refusals in rows
    }
