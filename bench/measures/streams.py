"""As many live pages as one web process is to hold: on PostgreSQL with gevent, on SQLite."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec

from bench.audience import Audience
from bench.hall import SECONDS, Hall
from bench.measure import Line, Setting, at_most, skipped
from bench.numbers import numbers_desk
from bench.spread import middle, tail
from tests import servers

MANY, SOME = 1000, 150  # pages on gevent, on threads
WARM_PAGES, WARM_FACTS = 60, 20  # enough that what all pages share is kept already
EVERY = 0.25  # seconds between two facts of one job: no worker tells more often
BURST = 200  # facts of each job without a pause
GONE = 100  # pages that go away at once
REST_SECONDS = 3.0
READ_TIMES, MOST_TIMES = 60, 10_000
MOST_MEMORY = 30.0  # KiB
MOST_LATE = 500.0  # milliseconds, 99 of 100
MOST_GONE = 1.0  # seconds
MOST_PAGE, MOST_BUSY_PAGE = 100.0, 200.0  # milliseconds, 95 of 100
MOST_BACK = 15.0  # seconds, the start of the process among them


def take(setting: Setting) -> Iterator[Line]:
    """Hold pages open on both databases, tell facts, and open other pages meanwhile."""
    if find_spec("gevent") is None:
        yield skipped(f"{MANY:,} pages on gevent", "it is not installed here")
    else:
        with servers.postgres_server() as server, servers.fresh_database(server) as url:
            more = {"FLASK_SQLALCHEMY_DATABASE_URI": url, "FLASK_LIVE_MAX_STREAMS": f"{MANY + 100}"}
            yield from _take(setting, f"{MANY:,} on gevent", MANY, more)
    for line in _take(setting, f"{SOME} on threads", SOME, {}):
        # A thread has a stack of its own; how many there may be is a setting.
        yield line if "memory" not in line.what else Line(line.what, line.figure)


def _take(setting: Setting, way: str, pages: int, more: dict[str, str]) -> Iterator[Line]:
    folder = setting.folder / str(pages)
    folder.mkdir()
    setting = replace(setting, folder=folder)
    last = WARM_FACTS + setting.times(60, 20)
    rounds = (("warm", WARM_FACTS), ("evenly", last - WARM_FACTS))
    with (
        numbers_desk(setting, **more) as desk,
        Hall(setting, desk, [*((*each, EVERY) for each in rounds), ("burst", BURST, 0.0)]) as hall,
    ):
        with hall.audience(WARM_PAGES) as audience:
            audience.comes(SECONDS)
            hall.tell("warm", audience, WARM_FACTS)
        alone = hall.reads(READ_TIMES).took()
        hall.has(0)
        before = hall.memory()
        with hall.audience(pages) as audience:
            for line in _lines(hall, audience, pages, last, before, alone):
                yield replace(line, what=f"{way}, {line.what}")


def _lines(
    hall: Hall, audience: Audience, pages: int, last: int, before: int, alone: Sequence[float]
) -> Iterator[Line]:
    yield Line("opened at once, until all are live", f"{audience.comes(SECONDS):.1f} s")
    audience.rests(REST_SECONDS)
    quiet = hall.memory() - before
    reading = hall.reads(MOST_TIMES)
    told = hall.tell("evenly", audience, last)
    beside = reading.took(enough=True)
    yield _missed("facts that did not arrive", *audience.missed(WARM_FACTS + 1, last))
    late = list(audience.late(told, WARM_FACTS + 1))
    yield at_most("99 of 100 facts within", tail(late, 99), MOST_LATE, "ms")
    yield Line("half of all facts within", f"{middle(late):.0f} ms")
    yield _pages("other pages before", alone, MOST_PAGE)
    yield _pages("other pages beside them", beside, MOST_PAGE)
    hall.tell("burst", audience, last + BURST)
    final = last + BURST
    yield _missed("last facts of a burst that did not arrive", *audience.missed(final, final))
    yield at_most("subscriptions at Redis", hall.subscriptions(), 1, "subscription")
    audience.rests(REST_SECONDS)
    each, at_rest = ((size / pages / 1024) for size in (hall.memory() - before, quiet))
    about = f"({at_rest:.1f} before any fact)"
    yield at_most("memory of the web process for each", each, MOST_MEMORY, "KiB", about)
    hall.kill_web()
    reading = hall.reads(MOST_TIMES)
    back = audience.comes_back(SECONDS)
    beside = reading.took(enough=True)
    yield at_most("the process was killed, until all are live again", back, MOST_BACK, "s")
    yield _pages("other pages meanwhile", beside, MOST_BUSY_PAGE)
    audience.goes(GONE)
    yield at_most(f"until {GONE} that left are forgotten", hall.has(pages - GONE), MOST_GONE, "s")


def _pages(what: str, took: Sequence[float], most: float) -> Line:
    half = f"(half {middle(took):.0f} ms, {len(took)} pages)"
    return at_most(f"{what}, 95 of 100", tail(took, 95), most, "ms", half)


def _missed(what: str, missed: int, of: int) -> Line:
    return at_most(what, missed, 0, "facts", f"of {of:,}")
