"""Keeps the ledger from everybody else for some seconds."""

import sqlite3
import time
from contextlib import closing

from chaos.history import Blow, now
from chaos.stage import Stage

SHORTEST_SECONDS = 2.0
LONGEST_SECONDS = 7.0  # longer than anybody waits for a lock


def lock(stage: Stage, pick: float) -> Blow | None:
    """Hold SQLite's one right to write."""
    seconds = SHORTEST_SECONDS + pick * (LONGEST_SECONDS - SHORTEST_SECONDS)
    with closing(sqlite3.connect(stage.ledger, timeout=10, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        at = now()
        time.sleep(seconds)
        db.execute("ROLLBACK")
    return Blow("ledger locked", at, now(), f"for {seconds:.1f} s")
