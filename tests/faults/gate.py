"""A gate in a SQLite table: whoever writes a certain row stands in front of it until it opens.

The writer counts in the database without an end, within its transaction, as in a statement that
takes far too long: it hears an interrupt, and dies with its process. So what a test does in the
middle of work is done in its middle, however fast the machine is.
"""

import signal
from subprocess import Popen

from tests.parts import only_child
from tests.sources.databases import Database


def close_gate(shop: Database, event: str, table: str, row: str) -> None:
    """Close the gate for *event*, such as INSERT, of the *row* of *table*, such as "new.id = 5"."""
    shop.execute(
        "CREATE TABLE gate (closed INTEGER); INSERT INTO gate VALUES (1);"
        # A trigger may not have a WITH of its own.
        "CREATE VIEW forever AS WITH RECURSIVE turn (at) AS"
        " (SELECT 1 UNION ALL SELECT at + 1 FROM turn) SELECT count(*) AS turns FROM turn;"
        f"CREATE TRIGGER standing AFTER {event} ON {table}"
        f" WHEN {row} AND (SELECT closed FROM gate) BEGIN SELECT turns FROM forever; END;"
    )


def open_gate(shop: Database) -> None:
    """Open the gate. Whoever stood in front of it has ended: SQLite has one writer."""
    shop.execute("UPDATE gate SET closed = 0")


def kill_before_gate(worker: "Popen[bytes]", shop: Database) -> None:
    """Kill the one child of *worker*, and open the gate before another comes to it."""
    worker.send_signal(signal.SIGSTOP)  # It makes no new child meanwhile.
    only_child(worker).kill()
    open_gate(shop)
    worker.send_signal(signal.SIGCONT)
