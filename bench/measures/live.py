"""From a worker's fact to the event at each of a hundred open pages."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.desk import Desk
from bench.fresh import started
from bench.measure import Line, Setting, at_most
from bench.numbers import numbers_desk
from bench.people import joining
from bench.program import Program
from bench.spread import middle, tail
from bench.staff import Staff
from bench.streams import Streams

PAGES = 100
EVERY = 0.1  # seconds between two facts
MOST = 150.0  # milliseconds, 99 of 100
START_SECONDS = 30.0
NUMBER = re.compile(rb"fact-0-(\d+)\.")

Seen = list[tuple[int, float]]
"""What one page has seen: numbers of facts, each with the moment."""


def take(setting: Setting) -> Iterator[Line]:
    """Open the pages of home, history and the job by turns, and tell facts to all of them."""
    times = setting.times(200, 50)
    with numbers_desk(setting) as desk:
        sign = setting.folder / "sign"
        settings = joining(desk)
        rounds = [{"times": times, "every": EVERY, "sign": str(sign)}]
        asked = {"settings": settings, "owners": [desk.email], "rounds": rounds}
        with started("publisher", setting.folder, **asked) as publisher:
            seen = _listen(desk, publisher, sign, times)
            line = publisher.hear("sign told ", START_SECONDS)
            (told,) = json.loads(line.removeprefix("sign told "))
            publisher.end(START_SECONDS)
    late = sorted(
        (moment - told_at) * 1000 for page in seen for told_at, moment in _pairs(told, page)
    )
    about = f"{PAGES} pages, a fact each {EVERY * 1000:.0f} ms"
    yield at_most(f"{about}, 99 of 100", tail(late, 99), MOST, "ms")
    yield Line(f"{about}, half of all", f"{middle(late):.0f} ms")


def _listen(desk: Desk, publisher: Program, sign: Path, times: int) -> list[Seen]:
    """Let all pages see all facts; gives what each has seen."""
    job_id = publisher.hear("jobs ", START_SECONDS).split()[1]
    staff = Staff.signed_in(desk)
    seen: list[Seen] = [[] for _ in range(PAGES)]
    live: set[int] = set()

    def heard(page: int, event: bytes, moment: float) -> None:
        if b"event: live" in event:
            live.add(page)
        elif found := NUMBER.search(event):
            seen[page].append((int(found[1]), moment))

    with Streams(heard) as streams:
        for page in range(PAGES):
            streams.open(staff, ("view=home", "view=history", f"view=job&id={job_id}")[page % 3])
        streams.listen(lambda: len(live) == PAGES, START_SECONDS)
        sign.touch()
        streams.listen(
            lambda: all(page and page[-1][0] == times for page in seen),
            START_SECONDS + times * EVERY,
        )
    return seen


def _pairs(told: Sequence[float], page: Seen) -> Iterator[tuple[float, float]]:
    """Give for each fact its moment, and when *page* first showed it or a newer one."""
    place = 0
    for number, moment in enumerate(told, 1):
        while page[place][0] < number:
            place += 1
        yield moment, page[place][1]
