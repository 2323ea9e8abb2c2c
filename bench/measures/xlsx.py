"""Workbooks: our writer beside XlsxWriter in constant memory."""

from collections.abc import Iterator

from bench.fresh import fresh
from bench.measure import Line, Setting, at_least, at_most
from bench.spread import middle

GOAL = 3.5  # times as fast
MOST_MORE = 5.0  # MiB more than XlsxWriter needs


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
    grown, beside = (max(took.growth for took in side) for side in zip(*turns, strict=True))
    more = max(0.0, grown - beside)
    yield at_most(
        "memory more than XlsxWriter", more, MOST_MORE, "MiB", f"(+{grown:.0f}, +{beside:.0f})"
    )
