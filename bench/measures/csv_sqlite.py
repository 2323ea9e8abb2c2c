"""An opened table of SQLite as CSV: our whole job beside the sqlite3 program's own."""

from collections.abc import Iterator

from bench import commands, orders
from bench.export import export, orders_desk, warm_up
from bench.measure import Line, Setting, at_least, skipped
from bench.spread import middle
from bench.staff import Staff

MILLION = 1_000_000
GOAL = 0.35  # of the speed of the sqlite3 program


def take(setting: Setting) -> Iterator[Line]:
    """Export the orders again and again, by turns."""
    rows = setting.times(MILLION, MILLION // 4)
    what = f"a table of {rows:,} orders, from press to end"
    program = commands.sqlite3()
    if program is None:
        yield skipped(what, "the program sqlite3 is not here (sudo apt install sqlite3)")
        return
    source = setting.folder / "orders.db"
    orders.fill_sqlite(source, rows, setting.seed)
    limits, own = [], []
    with orders_desk(setting.folder, f"sqlite:///{source}") as desk:
        staff = Staff(desk)
        warm_up(staff, ("csv",))
        for _ in range(setting.times(5, 3)):
            limits.append(commands.sqlite_csv(program, source, setting.folder / "cli.csv"))
            done = export(staff, "csv")
            assert done.rows == rows
            own.append(done.seconds)
    limit, seconds = middle(limits), middle(own)
    told = f"of sqlite3 ({seconds:.2f} s, {limit:.2f} s; {rows / seconds:,.0f} rows/s)"
    yield at_least(what, limit / seconds, GOAL, told)
