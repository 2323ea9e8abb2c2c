"""Many live pages of several people; for each is known what it should hear."""

import heapq
import re
import time
from collections.abc import Callable, Iterator, Sequence
from random import Random
from types import TracebackType
from typing import Final, Self

from bench.staff import Staff
from bench.streams import Streams

VIEWS: Final = ("home", "history", "job")
NUMBER: Final = re.compile(rb"fact-(\d+)-(\d+)\.")
# As live.js comes back: seconds between tries, each cut by up to a half.
PAUSES: Final = (0.25, 1, 1, 2, 2, 2, 4, 8)

Told = Sequence[Sequence[float]]
"""The moments at which facts were told, job by job."""


class Audience:
    """Opens pages by turns: each of *people* has one of the *jobs*, and all follow the first.

    The first person is an administrator, whose history shows all jobs.
    """

    def __init__(self, people: Sequence[Staff], jobs: Sequence[str], pages: int, seed: int) -> None:
        self._people, self._jobs, self._pages = people, jobs, pages
        self._random = Random(seed)
        self._streams = Streams(self._hear, self._lose)
        self._live: set[int] = set()
        self._tries = [0] * pages
        self._due: list[tuple[float, int]] = []
        self._seen: list[dict[int, list[tuple[int, float]]]] = [{} for _ in range(pages)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._streams.__exit__(kind, error, trace)

    def comes(self, seconds: float) -> float:
        """Open all pages at once; gives the seconds until all are live."""
        began = time.monotonic()
        for page in range(self._pages):
            person, view = self._place(page)
            job = f"&id={self._jobs[person]}" if view == "job" else ""
            self._streams.open(self._people[person], f"view={view}{job}")
        self.waits(seconds)
        return time.monotonic() - began

    def waits(self, seconds: float) -> None:
        """Wait until all pages are live; those that lost their stream come back by themselves."""
        self._listen(lambda: len(self._live) == self._pages, seconds)

    def comes_back(self, seconds: float) -> float:
        """Wait until all pages have lost their stream and are live again; gives the seconds."""
        began = time.monotonic()
        self._listen(lambda: not self._live, seconds)
        self.waits(seconds)
        return time.monotonic() - began

    def rests(self, seconds: float) -> None:
        """Listen for some seconds, whatever is heard."""
        end = time.monotonic() + seconds
        self._listen(lambda: time.monotonic() >= end, seconds + 1)

    def hears(self, number: int, seconds: float) -> None:
        """Listen until every page has heard the fact of that *number* of each job it shows."""
        left = [(page, job) for page in range(self._pages) for job in self._shows(page)]

        def heard() -> bool:
            while left and self._last(*left[-1]) == number:
                left.pop()
            return not left

        self._listen(heard, seconds)

    def goes(self, pages: int) -> None:
        """Let the first *pages* go away."""
        for page in range(pages):
            self._streams.close(page)

    def missed(self, first: int, last: int) -> tuple[int, int]:
        """Give how many facts with numbers *first* to *last* pages did not hear, and of how many.

        Raises AssertionError when a page heard what is not for it.
        """
        missed = all_of_them = 0
        for page, seen in enumerate(self._seen):
            shows = self._shows(page)
            assert set(seen) <= shows, f"Page {page} heard of jobs that it may not show."
            for job in shows:
                heard = {number for number, _ in seen.get(job, ()) if first <= number <= last}
                missed += last - first + 1 - len(heard)
                all_of_them += last - first + 1
        return missed, all_of_them

    def late(self, told: Told, first: int) -> Iterator[float]:
        """Give the milliseconds from each fact that was *told* to each page that heard it.

        *first* is the number of the first of them.
        """
        for seen in self._seen:
            for job, facts in seen.items():
                for number, moment in facts:
                    if 0 <= number - first < len(told[job]):
                        yield (moment - told[job][number - first]) * 1000

    def _place(self, page: int) -> tuple[int, str]:
        """Give the number of the person whose page it is, and its view."""
        turn, person = divmod(page, len(self._people))
        return person, VIEWS[turn % len(VIEWS)]

    def _shows(self, page: int) -> set[int]:
        """Give the numbers of the jobs that *page* shows."""
        person, view = self._place(page)
        if view == "job":
            return {person}
        if view == "history" and person == 0:
            return set(range(len(self._jobs)))
        return {0, person}

    def _last(self, page: int, job: int) -> int:
        facts = self._seen[page].get(job)
        return facts[-1][0] if facts else 0

    def _listen(self, until: Callable[[], bool], seconds: float) -> None:
        def reached() -> bool:
            while self._due and self._due[0][0] <= time.monotonic():
                self._streams.reopen(heapq.heappop(self._due)[1])
            return until()

        self._streams.listen(reached, seconds)

    def _hear(self, page: int, event: bytes, moment: float) -> None:
        if b"event: fragment" in event:
            if found := NUMBER.search(event):
                job, number = int(found[1]), int(found[2])
                self._seen[page].setdefault(job, []).append((number, moment))
        elif b"event: live" in event:
            self._live.add(page)
            self._tries[page] = 0

    def _lose(self, page: int) -> None:
        self._live.discard(page)
        pause = PAUSES[min(self._tries[page], len(PAUSES) - 1)] * self._random.uniform(0.5, 1)
        self._tries[page] += 1
        heapq.heappush(self._due, (time.monotonic() + pause, page))
