"""JSON lines: our writer beside json.dumps a row."""

from collections.abc import Iterator

from bench.fresh import fresh
from bench.measure import Line, Setting, at_least
from bench.spread import middle

GOAL = 1.5  # times as fast


def take(setting: Setting) -> Iterator[Line]:
    """Write the same orders by turns, each time in a fresh process."""
    rows = setting.times(1_000_000, 200_000)
    given = {"rows": rows, "seed": setting.seed}
    turns = [
        (
            fresh("jsonl_ours", setting.folder, **given).seconds,
            fresh("jsonl_dumps", setting.folder, **given).seconds,
        )
        for _ in range(setting.times(3, 3))
    ]
    own, limit = (middle(seconds) for seconds in zip(*turns, strict=True))
    told = f"times json.dumps a row ({own:.2f} s, {limit:.2f} s; {rows / own:,.0f} rows/s)"
    yield at_least(f"{rows:,} orders", limit / own, GOAL, told)
