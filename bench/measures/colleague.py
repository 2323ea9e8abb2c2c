"""A colleague's pages beside two exports of a large table, beside two of psql, and alone."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from bench import commands, orders
from bench.crowd import Browser, reading
from bench.export import ended, moment, orders_desk, press
from bench.measure import Line, Setting, at_most
from bench.people import add_people
from bench.spread import middle, tail
from bench.staff import Staff
from tests import servers

ROWS, FEW_ROWS = 5_000_000, 500_000
SLOTS = 2
MANNERS = ("spreadsheet", "re-import")  # Each for one of the two exports: no two are the same.
FEW = 10  # orders, to warm up
MOST = 1.5  # times as long as without them
LEAST_SECONDS = 3.0  # of pages without exports
PAGES = ("/", "/jobs", "/jobs/{job}", f"/new/{orders.KIND}")
PAUSE = 0.05  # seconds between two pages


class Span(NamedTuple):
    """From one moment to another, in seconds since 1970."""

    first: float
    last: float


class Turn(NamedTuple):
    """When nothing else was done, when two exports ran, and when two psql copied the same."""

    alone: Span
    exports: Span
    copies: Span


def take(setting: Setting) -> Iterator[Line]:
    """Let a colleague open pages all the time, while two exports come and go."""
    rows = setting.times(ROWS, FEW_ROWS)
    with servers.postgres_server() as url:
        orders.fill_postgresql(url, 1, rows, setting.seed)
        with orders_desk(setting.folder, url, FLASK_CELERY__worker_concurrency=str(SLOTS)) as desk:
            (colleague,) = add_people(desk, setting.folder, ("staff",))
            reader, staff = Staff.signed_in(colleague), Staff(desk)
            own = ended(reader, press(reader, orders.KIND, "csv", limit=FEW))
            browser = Browser(reader, own["id"], PAGES, PAUSE)
            with reading([browser]):
                _together(staff, limit=FEW)
                turns = [_turn(setting, url, staff) for _ in range(setting.times(3, 4))]
        yield from _lines(browser, turns, rows)


def _turn(setting: Setting, url: str, staff: Staff) -> Turn:
    exports = _together(staff)
    assert exports.first < exports.last, "The two exports did not run at once."
    copies = _copies(setting, url)
    began = time.time()
    time.sleep(max(LEAST_SECONDS, exports.last - exports.first))
    return Turn(Span(began, time.time()), exports, copies)


def _together(staff: Staff, **choices: Any) -> Span:
    """Let two exports run at once; gives from when until when both of them did."""
    asked = [press(staff, orders.KIND, "csv", manner=manner, **choices) for manner in MANNERS]
    done = [ended(staff, job) for job in asked]
    return Span(
        max(moment(job, "started") for job in done), min(moment(job, "finished") for job in done)
    )


def _copies(setting: Setting, url: str) -> Span:
    """Let two psql copy all orders at once; gives from when until when both of them did."""

    def copy(path: Path) -> float:
        commands.psql_copy(url, path)
        path.unlink()
        return time.time()

    began = time.time()
    with ThreadPoolExecutor(len(MANNERS)) as pool:
        paths = [setting.folder / f"psql-{manner}.csv" for manner in MANNERS]
        return Span(began, min(pool.map(copy, paths)))


def _lines(browser: Browser, turns: Sequence[Turn], rows: int) -> Iterator[Line]:
    alone, exports, copies = (_pages(browser, spans) for spans in zip(*turns, strict=True))
    most = tail(alone, 95)
    told = f"({_told(exports)}; alone {_told(alone)})"
    what = f"pages beside two exports of {rows:,} orders, 95 of 100"
    yield at_most(what, tail(exports, 95) / most, MOST, "times alone", told)
    told = f"{tail(copies, 95) / most:.2f} times alone ({_told(copies)})"
    yield Line("pages beside two psql \\copy of the same, 95 of 100", told)


def _pages(browser: Browser, spans: Sequence[Span]) -> list[float]:
    """Give the milliseconds of the pages that were opened within *spans*."""
    return [
        seconds * 1000
        for began, seconds in browser.took
        if any(span.first <= began < span.last for span in spans)
    ]


def _told(took: Sequence[float]) -> str:
    return f"{tail(took, 95):.0f} ms, half {middle(took):.0f}, {len(took)} pages"
