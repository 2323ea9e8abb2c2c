"""An opened table of PostgreSQL as CSV: beside psql's \\copy, beside the bare rows, and packed."""

from collections.abc import Iterator
from typing import NamedTuple

import psutil

from bench import commands, orders, resident
from bench.desk import Desk
from bench.export import export, orders_desk, warm_up
from bench.fresh import fresh
from bench.measure import Line, Setting, at_least, at_most, skipped
from bench.spread import middle
from bench.staff import Staff
from tests import servers

MILLION = 1_000_000
GOAL = 0.6  # of the speed of psql
MOST_ABOVE = 1.25  # times the bare rows
MOST_PACKED = 1.3  # times plain CSV
MOST_GROWTH = 15.0  # MiB
MOST_DRIFT = 10.0  # percent, between one million rows and five
REPORT = "orders"


class Turn(NamedTuple):
    """The seconds of each way, one after the other."""

    psql: float
    bare: float
    plain: float
    packed: float
    report: float


def take(setting: Setting) -> Iterator[Line]:
    """Export the orders again and again, by turns, on a desk whose worker has one slot."""
    rows = setting.times(MILLION, MILLION // 2)
    with servers.postgres_server() as url:
        orders.fill_postgresql(url, 1, rows, setting.seed)
        with orders_desk(setting.folder, url, FLASK_CELERY__worker_concurrency="1") as desk:
            staff = Staff(desk)
            warm_up(staff, ("csv", "csv.gz"))
            child = desk.child_of_worker()
            base = child.memory_info().rss
            turns = [_turn(setting, url, staff, rows) for _ in range(setting.times(5, 3))]
            yield from _lines(turns, rows)
            few = _peak(desk, child)
            yield _growth(base, few)
            if not setting.quick:
                orders.fill_postgresql(url, rows + 1, 5 * rows, setting.seed)
                assert export(staff, "csv").rows == 5 * rows
                yield _drift(few, _peak(desk, child), 5 * rows)


def _turn(setting: Setting, url: str, staff: Staff, rows: int) -> Turn:
    copy = setting.folder / "psql.csv"
    psql = commands.psql_copy(url, copy)
    copy.unlink()
    bare = fresh("bare_export", setting.folder, url=url, rows=rows)
    plain = export(staff, "csv")
    packed = export(staff, "csv.gz")
    report = export(staff, "csv", REPORT)
    assert {bare.told["rows"], plain.rows, packed.rows, report.rows} == {rows}
    assert {bare.told["size"], report.size} == {plain.size}
    return Turn(psql, bare.seconds, plain.seconds, packed.seconds, report.seconds)


def _lines(turns: list[Turn], rows: int) -> Iterator[Line]:
    half = Turn(*(middle(seconds) for seconds in zip(*turns, strict=True)))
    told = (
        f"of psql \\copy ({half.plain:.2f} s, {half.psql:.2f} s; {rows / half.plain:,.0f} rows/s)"
    )
    what = f"a table of {rows:,} orders, from press to end"
    yield at_least(what, half.psql / half.plain, GOAL, told)
    told = f"the bare rows into a file ({half.plain:.2f} s, {half.bare:.2f} s)"
    yield at_most("the same", half.plain / half.bare, MOST_ABOVE, "times", told)
    told = f"plain CSV ({half.packed:.2f} s, {half.plain:.2f} s)"
    yield at_most("CSV.gz, from press to end", half.packed / half.plain, MOST_PACKED, "times", told)
    told = f"of psql \\copy ({half.report:.2f} s)"
    yield at_least("a report of the same rows", half.psql / half.report, GOAL, told)


def _peak(desk: Desk, child: psutil.Process) -> int | None:
    """Give the most bytes that the worker's child has had in RAM; it is still the same one."""
    assert desk.child_of_worker().pid == child.pid
    return resident.peak_of(child.pid)


def _growth(base: int, peak: int | None) -> Line:
    what = "memory of the worker's child, peak above that before"
    if peak is None:
        return skipped(what, "this system does not tell")
    told = f"(from {base >> 20} MiB)"
    return at_most(what, (peak - base) / resident.MIB, MOST_GROWTH, "MiB", told)


def _drift(few: int | None, many: int | None, rows: int) -> Line:
    what = f"its peak at {rows:,} orders, difference"
    if few is None or many is None:
        return skipped(what, "this system does not tell")
    told = f"({many >> 20} MiB, {few >> 20} MiB)"
    return at_most(what, abs(many / few - 1) * 100, MOST_DRIFT, "%", told)
