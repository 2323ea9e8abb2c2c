"""What the measures of imports have in common: whole imports beside a plain script, by turns."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from bench import customers, resident
from bench.fresh import fresh
from bench.importing import Imported, customers_desk, import_file
from bench.measure import Line, Setting, at_least, at_most, skipped
from bench.spread import middle
from bench.staff import Staff

MILLION: Final = 1_000_000
FEW: Final = 100_000
WARM: Final = 1_000
GOAL: Final = 0.5  # of the speed of the plain script
MOST_GROWTH: Final = 40.0  # MiB


def take(setting: Setting, url: str, empty: Callable[[], int], way: str) -> Iterator[Line]:
    """Measure imports into the customers of *url*, which *empty* empties and counts.

    *way* says how the plain script writes.
    """
    rows = setting.times(MILLION, 2 * FEW)
    with customers_desk(setting.folder, url) as desk:
        staff = Staff.signed_in(desk)
        _own(setting, staff, WARM, empty)
        child = desk.child_of_worker()
        base = child.memory_info().rss
        _own(setting, staff, FEW, empty)
        few = resident.peak_of(child.pid)
        plain, own = [], []
        for _ in range(setting.times(3, 3)):
            plain.append(_plain(setting, url, rows, empty))
            own.append(_own(setting, staff, rows, empty))
        assert desk.child_of_worker().pid == child.pid
        many = resident.peak_of(child.pid)
    yield from _lines(plain, own, rows, way)
    yield _growth(FEW, base, few)
    yield _growth(rows, base, many)


def _plain(setting: Setting, url: str, rows: int, empty: Callable[[], int]) -> float:
    took = fresh("plain_import", setting.folder, url=url, file=str(_file(setting, rows)))
    assert took.told["rows"] == empty() == rows
    return took.seconds


def _own(setting: Setting, staff: Staff, rows: int, empty: Callable[[], int]) -> Imported:
    done = import_file(staff, _file(setting, rows))
    assert empty() == rows
    return done


def _file(setting: Setting, rows: int) -> Path:
    path = setting.folder / f"customers-{rows}.csv"
    if not path.exists():
        customers.write(path, rows, setting.seed)
    return path


def _lines(plain: list[float], own: list[Imported], rows: int, way: str) -> Iterator[Line]:
    limit, seconds = middle(plain), middle([each.seconds for each in own])
    told = f"of plain converters and {way} ({seconds:.1f} s, {limit:.1f} s)"
    what = f"{rows:,} customers checked and imported, from press to end"
    yield at_least(what, limit / seconds, GOAL, told)
    checked, written = (middle(times) for times in zip(*own, strict=True))
    speeds = f"{rows / checked:,.0f} rows/s, {rows / written:,.0f} rows/s"
    yield Line("the check, the import", f"{checked:.1f} s, {written:.1f} s ({speeds})")


def _growth(rows: int, base: int, peak: int | None) -> Line:
    what = f"memory of the worker's child, peak at {rows:,} rows above that before"
    if peak is None:
        return skipped(what, "this system does not tell")
    return at_most(what, (peak - base) / resident.MIB, MOST_GROWTH, "MiB", f"(from {base >> 20})")
