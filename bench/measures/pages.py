"""Every page with ten thousand jobs in the ledger, and with a million."""

import json
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

from bench.desk import Desk
from bench.fresh import started
from bench.measure import Line, Setting, at_most
from bench.numbers import numbers_desk
from bench.people import add_people, joining
from bench.spread import middle
from bench.staff import FORM, Staff

KIND: Final = "numbers"
# How many jobs, and how many milliseconds half of the answers of any page may take at most.
SIZES: Final = ((10_000, 25.0), (1_000_000, 60.0))
WARM_UP: Final = 3
FILL_SECONDS: Final = 1500.0
OK: Final = 200

PAGES: Final = {
    "home": "/",
    "history": "/jobs",
    "history, one kind": "/jobs?kind={kind}",
    "history, finished": "/jobs?state=succeeded",
    "history, failed": "/jobs?state=failed",
    "history, waiting": "/jobs?state=waiting",
    "history, files deleted": "/jobs?state=deleted",
    "history, own": "/jobs?person={person}",
    "history, 7 days": "/jobs?period=7",
    "history, three filters": "/jobs?kind={kind}&state=failed&period=30",
    "history, many found": "/jobs?q={word}",
    "history, few found": "/jobs?q={title}",
    "history, one number": "/jobs?q={number}",
    "history, nothing found": "/jobs?q=zebra+crossing",
    "history, page 2": "/jobs?before={second}",
    "history, deep": "/jobs?before={deep}",
    "history, back": "/jobs?after={deep}",
    "job, finished": "/jobs/{finished}",
    "job, waiting": "/jobs/{waiting}",
    "files": "/files",
    "files, found": "/files?q={word}",
    "files, nothing found": "/files?q=zebra",
    "attention": "/attention",
    "attention, dismissed": "/attention?state=dismissed",
    "workers": "/workers",
    "account": "/account",
    "people": "/users",
    "start form": "/new/numbers",
    "export form": "/new/job-list",
}
FOR_ADMINISTRATORS: Final = frozenset({"people"})


def take(setting: Setting) -> Iterator[Line]:
    """Fill the ledger, open the pages by turns on a kept connection, and fill on."""
    sizes = SIZES[:1] if setting.quick else SIZES
    with numbers_desk(setting) as desk:
        (member,) = add_people(desk, setting.folder, ("staff",))
        people = {"administrator": desk, "member of staff": member}
        readers = {who: Staff.signed_in(person) for who, person in people.items()}
        _pause(readers["administrator"])
        waiting = {who: _start(staff, run) for run, (who, staff) in enumerate(readers.items(), 1)}
        before = 0
        for jobs, most in sizes:
            _fill(desk, setting, jobs - before)
            before = jobs
            for who, staff in readers.items():
                took = _measured(staff, waiting[who], setting.times(60, 40), who)
                yield from _lines(f"{jobs:,} jobs, {who}", took, most)


def _lines(about: str, took: dict[str, float], most: float) -> Iterator[Line]:
    slowest = sorted(took, key=lambda name: took[name], reverse=True)
    told = "; ".join(f"{name} {took[name]:.0f}" for name in slowest[1:4])
    first = slowest[0]
    yield at_most(f"{about}, slowest page", took[first], most, "ms", f"({first}; {told})")
    yield Line(f"{about}, half of {len(took)} pages", f"{middle(list(took.values())):.0f} ms")


def _measured(staff: Staff, waiting: str, times: int, who: str) -> dict[str, float]:
    """Give for each page the milliseconds that half of its answers do not exceed.

    The pages are opened by turns: what else the machine does for a moment meets each of them.
    """
    staff.close()  # The server has let the connection go meanwhile: a new one is kept.
    given = _given(staff, waiting)
    paths = {
        name: page.format(**given)
        for name, page in PAGES.items()
        if name not in FOR_ADMINISTRATORS or who == "administrator"
    }
    seconds: dict[str, list[float]] = {name: [] for name in paths}
    for number in range(WARM_UP + times):
        for name, path in paths.items():
            answer = staff.asks("GET", path, None, {})
            assert answer.status == OK, (path, answer.status)
            if number >= WARM_UP:
                seconds[name].append(answer.seconds)
    return {name: middle(took) * 1000 for name, took in seconds.items()}


def _given(staff: Staff, waiting: str) -> dict[str, str]:
    """Give what stands in the addresses: of jobs that this person sees."""
    finished = json.loads(staff.calls("GET", "/jobs?state=succeeded").text)["items"]
    newest = json.loads(staff.calls("GET", "/jobs").text)
    last = int(newest["next"].rpartition("=")[2])
    one = finished[0]
    return {
        "kind": one["kind"],
        "person": str(one["requested_by"]["id"]),
        "word": one["title"].split()[0].strip(",").lower(),
        "title": urlencode({"": one["title"]})[1:],
        "number": one["number"],
        "second": str(last),
        "deep": str(last // 3),
        "finished": one["id"],
        "waiting": waiting,
    }


def _pause(staff: Staff) -> None:
    """Pause the queue: what is asked for now waits as long as pages are looked at."""
    staff.opens_form(KIND)
    fields = {"csrf_token": staff.csrf, "queue": "reports"}
    assert staff.asks("POST", "/workers/pause", urlencode(fields), FORM).status == 302


def _start(staff: Staff, run: int) -> str:
    """Ask for a job like no other; gives its id."""
    staff.opens_form(KIND)
    return staff.presses(KIND, rows=10, run=run, formats=["csv"]).location.rpartition("/")[2]


def _fill(desk: Desk, setting: Setting, jobs: int) -> None:
    settings = {
        **joining(desk),
        "SOURCES": json.loads(desk.settings["FLASK_SOURCES"]),
        "REPORTS_DIR": desk.settings["FLASK_REPORTS_DIR"],
    }
    told = {"settings": settings, "jobs": jobs, "seed": setting.seed}
    with started("ledger", setting.folder, **told) as program:
        program.end(FILL_SECONDS)
