"""A desk whose one report of the bench makes rows out of nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from bench.desk import Desk, desk
from bench.measure import Setting


@contextmanager
def numbers_desk(setting: Setting, **env: str) -> Iterator[Desk]:
    """Run the desk until the block ends."""
    source = setting.folder / "numbers.db"
    with closing(sqlite3.connect(source)) as db:
        db.execute("CREATE TABLE unused (x)")
    with desk(setting.folder, "numbers", {"numbers": f"sqlite:///{source}"}, **env) as running:
        yield running
