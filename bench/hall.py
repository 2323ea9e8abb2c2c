"""A desk with several people, whose live pages are told facts while somebody opens other pages."""

import json
import re
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import psutil
from redis import Redis

from bench.audience import Audience
from bench.desk import Desk
from bench.fresh import started
from bench.measure import Setting
from bench.people import add_people, joining
from bench.staff import Staff
from dashboard.jobs.events import CHANNEL

PEOPLE: Final = 10
SECONDS: Final = 120.0  # that anything may take
LOOK_SECONDS: Final = 0.02
READ_PAUSE: Final = 0.05  # seconds between two pages that somebody opens
OPEN: Final = re.compile(r"^bellhop_live_streams (\d+)", re.M)


class Reading:
    """Somebody opens home, history and a job's page by turns, in a process of their own."""

    def __init__(self, staff: Staff, job: str, folder: Path, times: int) -> None:
        self._until = folder / "enough"
        self._until.unlink(missing_ok=True)
        self._program = started(
            "reader",
            folder,
            host=staff.desk.host,
            port=staff.desk.port,
            cookie=staff.cookie,
            paths=["/", "/jobs", f"/jobs/{job}"],
            times=times,
            pause=READ_PAUSE,
            until=str(self._until),
        )

    def took(self, *, enough: bool = False) -> list[float]:
        """Wait for the last page, or ask for the end; gives the milliseconds of each page."""
        if enough:
            self._until.touch()
        with self._program as program:
            *_, last = program.end(SECONDS).strip().split("\n")
        return [seconds * 1000 for seconds in json.loads(last)]


class Hall:
    """The desk, its people with a job each, and who tells facts of these jobs.

    *rounds* are names with how many facts of each job are told, and every how many seconds.
    """

    def __init__(
        self, setting: Setting, desk: Desk, rounds: Sequence[tuple[str, int, float]]
    ) -> None:
        self._folder, self._seed, self._desk = setting.folder, setting.seed, desk
        people = [desk, *add_people(desk, setting.folder, ("staff",) * (PEOPLE - 1))]
        self._people = [Staff.signed_in(person) for person in people]
        self._publisher = started(
            "publisher",
            setting.folder,
            settings=joining(desk),
            owners=[person.email for person in people],
            rounds=[
                {"sign": str(setting.folder / name), "times": times, "every": every}
                for name, times, every in rounds
            ],
        )
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._open.enter_context(self._publisher)
        self._jobs = self._publisher.hear("jobs ", SECONDS).split()[1:]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def audience(self, pages: int) -> Audience:
        """Give so many pages of all people, which are not open yet."""
        return Audience(self._people, self._jobs, pages, self._seed)

    def tell(self, name: str, audience: Audience, last: int) -> list[list[float]]:
        """Let the round be told, until all have heard the *last* facts; gives all moments."""
        (self._folder / name).touch()
        audience.hears(last, SECONDS)
        line = self._publisher.hear(f"{name} told ", SECONDS)
        moments: list[list[float]] = json.loads(line.removeprefix(f"{name} told "))
        return moments

    def reads(self, times: int) -> Reading:
        """Let somebody open so many pages."""
        return Reading(self._people[1], self._jobs[1], self._folder, times)

    def web(self) -> psutil.Process:
        """Give the process that serves the pages."""
        for part in psutil.Process(self._desk.program.id).children():
            if "gunicorn" in part.cmdline():
                return part.children()[0]
        raise LookupError("There is no web part.")

    def kill_web(self) -> None:
        """Kill the process that serves the pages; another one is started at once."""
        self.web().kill()

    def memory(self) -> int:
        """Give the bytes that are the web process's own."""
        own: int = self.web().memory_full_info().uss
        return own

    def subscriptions(self) -> int:
        """Give how many subscriptions Redis has for the facts."""
        with Redis.from_url(joining(self._desk)["REDIS_URL"]) as redis:
            ((_, number),) = redis.pubsub_numsub(CHANNEL)
        return int(number)

    def has(self, pages: int) -> float:
        """Wait until the web part counts so many live pages; gives the seconds."""
        began = time.monotonic()
        staff = Staff(self._desk)  # A connection that was kept so long would be closed by now.
        while True:
            found = OPEN.search(staff.asks("GET", "/metrics", None, {}).text)
            assert found is not None
            if int(found[1]) == pages:
                staff.close()
                return time.monotonic() - began
            if time.monotonic() - began > SECONDS:
                raise TimeoutError(f"The desk has {found[1]} live pages, not {pages}.")
            time.sleep(LOOK_SECONDS)
