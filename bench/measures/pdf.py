"""PDF: our writer with letters of the whole world beside the same table drawn in Helvetica."""

from collections.abc import Iterator

from bench import resident
from bench.fresh import fresh
from bench.measure import Line, Setting, at_least, at_most
from bench.spread import middle

GOAL = 0.65  # of the speed in Helvetica
MOST = 150.0  # MiB at a thousand pages
ROWS_A_PAGE = 45


def take(setting: Setting) -> Iterator[Line]:
    """Write the same table by turns, each time in a fresh process."""
    rows = setting.times(1000, 200) * ROWS_A_PAGE
    given = {"rows": rows, "seed": setting.seed}
    turns = [
        (
            fresh("pdf_ours", setting.folder, world=True, **given),
            fresh("pdf_ours", setting.folder, world=False, **given),
            fresh("pdf_helvetica", setting.folder, a_page=ROWS_A_PAGE, **given),
        )
        for _ in range(setting.times(3, 3))
    ]
    world, western, plain = (
        middle([took.seconds for took in way]) for way in zip(*turns, strict=True)
    )
    pages = turns[0][0].told["pages"]
    told = f"of Helvetica by hand ({rows / world:,.0f} rows/s, {rows / plain:,.0f})"
    yield at_least(f"{rows:,} rows, letters of the world", plain / world, GOAL, told)
    yield Line("the same rows with Western letters", f"{rows / western:,.0f} rows/s")
    peak = max(took.peak for took, *_ in turns) / resident.MIB
    growth = max(took.growth for took, *_ in turns)
    what = f"memory of the whole process at {pages:,} pages"
    yield at_most(what, peak, MOST, "MiB", f"({growth:.0f} for the PDF)")
