"""Workbooks: our writer beside XlsxWriter in constant memory."""

from collections.abc import Iterator

from bench.fresh import fresh
from bench.measure import Line, Setting, at_least, at_most
from bench.spread import middle

GOAL = 3.5  # times as fast
MOST = 110.0  # percent of the memory of XlsxWriter: the same, but for the noise


def take(setting: Setting) -> Iterator[Line]:
    """Write the same orders by turns, each time in a fresh process."""
    rows = setting.times(200_000, 50_000)
    given = {"rows": rows, "seed": setting.seed}
    turns = [
        (
            fresh("xlsx_ours", setting.folder, **given),
            fresh("xlsx_xlsxwriter", setting.folder, **given),
        )
        for _ in range(setting.times(3, 3))
    ]
    own = middle([ours.seconds for ours, _ in turns])
    limit = middle([theirs.seconds for _, theirs in turns])
    told = f"times XlsxWriter ({own:.1f} s, {limit:.1f} s)"
    yield at_least(f"{rows:,} orders, constant memory", limit / own, GOAL, told)
    ours, theirs = (max(took.peak for took in side) for side in zip(*turns, strict=True))
    told = f"({ours >> 20} MiB, {theirs >> 20} MiB)"
    yield at_most("memory of the whole process", ours / theirs * 100, MOST, "%", told)
