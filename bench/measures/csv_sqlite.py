"""CSV from SQLite: our job beside the sqlite3 program's own of the same rows."""

from collections.abc import Iterator

from bench import commands, orders
from bench.export import export
from bench.measure import Line, Setting, at_least, skipped
from bench.spread import middle
from tests import servers

MILLION = 1_000_000
GOAL = 0.35  # of the speed of the sqlite3 program


def take(setting: Setting) -> Iterator[Line]:
    """Export the orders again and again, by turns."""
    rows = setting.times(MILLION, MILLION // 4)
    what = f"a job without the queue, {rows:,} orders"
    program = commands.sqlite3()
    if program is None:
        yield skipped(what, "the program sqlite3 is not here (sudo apt install sqlite3)")
        return
    source = setting.folder / "orders.db"
    orders.fill_sqlite(source, rows, setting.seed)
    limits, own = [], []
    with servers.valkey_server(setting.folder) as redis:
        for _ in range(setting.times(5, 3)):
            limits.append(commands.sqlite_csv(program, source, setting.folder / "cli.csv"))
            own.append(export(setting, f"sqlite:///{source}", redis, rows).seconds)
    limit, seconds = middle(limits), middle(own)
    told = f"of sqlite3 ({seconds:.2f} s, {limit:.2f} s)"
    yield at_least(what, limit / seconds, GOAL, told)
