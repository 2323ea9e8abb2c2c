"""Many people at one desk: some ask for more than it can do, others open pages meanwhile."""

import json
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from random import Random
from typing import Final

from bench.desk import Desk
from bench.staff import Staff
from bench.streams import Streams

KIND: Final = "numbers"
PAGES: Final = ("/", "/jobs", "/jobs/{job}", f"/new/{KIND}", "/workers")
PAUSE_SECONDS: Final = 0.25  # between two pages of one person
ACCEPTED: Final = 202
LONGEST_SECONDS: Final = 900.0


@dataclass
class Browser:
    """A person who opens one of *pages* after the other, that of *job* too, while one stays open.

    *pause* is between two pages, in seconds; *took* holds the moment and the seconds of each.
    """

    staff: Staff
    job: str
    pages: Sequence[str] = PAGES
    pause: float = PAUSE_SECONDS
    took: list[tuple[float, float]] = field(default_factory=list)

    def reads(self, over: threading.Event) -> None:
        """Open pages until it is over."""
        for page in cycle(self.pages):
            if over.wait(self.pause):
                return
            path = page.format(job=self.job)
            began = time.time()
            answer = self.staff.asks("GET", path, None, {})
            assert answer.status == 200, (path, answer.status)
            self.took.append((began, answer.seconds))


@dataclass(frozen=True)
class Said:
    """The place that the API said of a job, asked and answered at these moments."""

    job: str
    place: int
    asked: float
    told: float


@contextmanager
def reading(browsers: Sequence[Browser]) -> Iterator[None]:
    """Let all browsers open pages while the block runs, each beside one that is kept open."""
    over = threading.Event()
    with ThreadPoolExecutor(len(browsers) + 1) as pool:
        readers = [pool.submit(browser.reads, over) for browser in browsers]
        readers.append(pool.submit(_listen, browsers, over))
        try:
            yield
        finally:
            over.set()
    for reader in readers:
        reader.result()


def submit(people: Sequence[Desk], each: int) -> tuple[list[float], list[str]]:
    """Let all people ask for *each* jobs at once, without a pause.

    Gives the seconds of every answer and the ids of the jobs.
    """
    with ThreadPoolExecutor(len(people)) as pool:
        asked = [
            pool.submit(_submit, person, each, number * each)
            for number, person in enumerate(people)
        ]
    answers = [answer for future in asked for answer in future.result()]
    return [seconds for seconds, _ in answers], [job for _, job in answers]


def one_job(person: Desk, run: int) -> str:
    """Ask for one job; gives its id."""
    ((_, job),) = _submit(person, 1, run)
    return job


def ask_places(desk: Desk, jobs: Sequence[str], times: int, seed: int) -> list[Said]:
    """Ask for the places of *times* of the *jobs* that still stand in line."""
    staff = Staff(desk)
    said: list[Said] = []
    for job in Random(seed).sample(jobs, len(jobs)):
        if len(said) == times:
            break
        asked = time.time()
        place = json.loads(staff.calls("GET", f"/jobs/{job}").text)["place"]
        if place is not None:
            said.append(Said(job, place["place"], asked, time.time()))
    staff.close()
    return said


def _listen(browsers: Sequence[Browser], over: threading.Event) -> None:
    with Streams(lambda *_: None) as streams:
        for view, browser in zip(cycle(("history", "home")), browsers, strict=False):
            streams.open(browser.staff, f"view={view}")
        streams.listen(over.is_set, LONGEST_SECONDS)


def _submit(person: Desk, times: int, first: int) -> list[tuple[float, str]]:
    staff = Staff(person)
    answers = []
    for run in range(first, first + times):
        body = {"params": {"rows": 10, "run": run + 1}, "formats": ["csv"]}
        answer = staff.calls("POST", f"/jobs/{KIND}", body)
        assert answer.status == ACCEPTED, answer
        answers.append((answer.seconds, str(json.loads(answer.text)["id"])))
    staff.close()
    return answers
