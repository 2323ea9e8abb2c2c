"""CSV from PostgreSQL: our job beside psql's \\copy of the same rows, and its memory."""

import json
from collections.abc import Iterator
from datetime import datetime

from bench import commands, orders
from bench.desk import desk
from bench.export import export
from bench.fresh import Took
from bench.measure import Line, Setting, at_least, at_most
from bench.spread import middle
from bench.staff import Staff
from tests import servers

ACTS = ("created", "finished")
MILLION = 1_000_000
GOAL = 0.6  # of the speed of psql
MOST_GROWTH = 15.0  # MiB
MOST_DRIFT = 10.0  # percent, between one million rows and five


def take(setting: Setting) -> Iterator[Line]:
    """Export the orders again and again, by turns."""
    rows = setting.times(MILLION, MILLION // 4)
    with servers.postgres_server() as url, servers.valkey_server(setting.folder) as redis:
        orders.fill_postgresql(url, 1, rows, setting.seed)
        copy = setting.folder / "psql.csv"
        pairs = [
            (commands.psql_copy(url, copy), export(setting, url, redis, rows))
            for _ in range(setting.times(5, 3))
        ]
        copy.unlink()
        limit = middle([seconds for seconds, _ in pairs])
        own = middle([took.seconds for _, took in pairs])
        told = f"of psql \\copy ({own:.2f} s, {limit:.2f} s)"
        yield at_least(f"a job without the queue, {rows:,} orders", limit / own, GOAL, told)
        whole = _whole_jobs(setting, url)
        told = f"of psql \\copy ({whole:.2f} s, {limit:.2f} s)"
        yield at_least("the whole job, from request to end", limit / whole, GOAL, told)
        few = pairs[-1][1]  # The first one also made its ledger.
        yield at_most("memory above that before the job", few.growth, MOST_GROWTH, "MiB")
        if not setting.quick:
            orders.fill_postgresql(url, rows + 1, 5 * rows, setting.seed)
            yield _drift(few, export(setting, url, redis, 5 * rows), 5 * rows)


def _whole_jobs(setting: Setting, url: str) -> float:
    """Give the median seconds of jobs of a running desk, by the ledger's own clock."""
    seconds = []
    with desk(setting.folder, "orders", {"orders": url}) as running:
        staff = Staff(running)
        for _ in range(setting.times(5, 3)):
            answer = staff.calls("POST", "/jobs/orders", {"formats": ["csv"]})
            job = staff.ends(json.loads(answer.text)["id"])
            asked, ended = (datetime.fromisoformat(job[f"{act}_at"]) for act in ACTS)
            seconds.append((ended - asked).total_seconds())
    return middle(seconds)


def _drift(few: Took, many: Took, rows: int) -> Line:
    drift = abs(many.peak / few.peak - 1) * 100
    told = f"({many.peak >> 20} MiB, {few.peak >> 20} MiB)"
    return at_most(f"memory at {rows:,} orders, difference", drift, MOST_DRIFT, "%", told)
