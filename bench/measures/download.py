"""A file of a gigabyte: its first byte, and the web part while ten people download it at once."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.util import find_spec

from bench.crowd import Browser, reading
from bench.desk import Desk
from bench.fresh import fresh, started
from bench.measure import Line, Setting, at_most, skipped
from bench.memory import Memory
from bench.numbers import numbers_desk
from bench.people import add_people, joining
from bench.spread import middle, tail
from bench.staff import Staff
from tests import servers

SIZE = 1_000_000_000  # bytes
PART = 150_000_000  # of which each of the ten reads so much, where it must be quick
PEOPLE = 10
MOST_FIRST = 100.0  # milliseconds
MOST_GROWTH = 16.0  # MiB
SECONDS = 300.0  # that anything may take
FEW = 10  # rows of the job whose file is made large
PAGES = ("/", "/jobs", "/jobs/{job}", "/files")


def take(setting: Setting) -> Iterator[Line]:
    """Download from the web part on threads, and on gevent where it is installed."""
    yield from _take(setting, "threads", {})
    if find_spec("gevent") is None:
        yield skipped("gevent", "it is not installed here")
        return
    with servers.postgres_server() as server, servers.fresh_database(server) as url:
        yield from _take(setting, "gevent", {"FLASK_SQLALCHEMY_DATABASE_URI": url})


def _take(setting: Setting, way: str, more: Mapping[str, str]) -> Iterator[Line]:
    folder = setting.folder / way
    folder.mkdir()
    setting = replace(setting, folder=folder)
    with numbers_desk(setting, **more) as desk:
        for line in _lines(setting, desk):
            yield replace(line, what=f"{way}, {line.what}")


def _lines(setting: Setting, desk: Desk) -> Iterator[Line]:
    people = [desk, *add_people(desk, setting.folder, ("admin",) * PEOPLE)]
    *ten, colleague = [Staff.signed_in(person) for person in people]
    job, path = _large_file(setting, desk)
    for staff in ten:
        staff.asks("GET", f"/jobs/{job}", None, {})  # As they press the button there.
    first = _downloads(setting, ten[:1], path, most=1, times=setting.times(20, 10))
    took = [each["first"] * 1000 for each in first]
    told = f"(slowest of {len(took)}: {max(took):.0f})"
    yield at_most("first byte of 1 GB, half of all", middle(took), MOST_FIRST, "ms", told)
    browser = Browser(colleague, job, PAGES)
    with Memory(desk) as memory, reading([browser]):
        ended = _downloads(setting, ten, path, most=PART if setting.quick else SIZE, times=1)
    told = f"(from {memory.before['web'] >> 20} MiB)"
    what = f"memory of web while {PEOPLE} download it, growth at most"
    yield at_most(what, memory.growth("web"), MOST_GROWTH, "MiB", told)
    whole, seconds = sum(each["bytes"] for each in ended), max(each["seconds"] for each in ended)
    assert setting.quick or whole == PEOPLE * SIZE, ended
    slowest = max(each["first"] for each in ended) * 1000
    told = f"{whole / seconds / 1e6:,.0f} MB/s together, {seconds:.0f} s"
    yield Line("all of them", f"{told} (first byte of the last {slowest:.0f} ms)")
    pages = [seconds * 1000 for _, seconds in browser.took]
    told = f"{tail(pages, 95):.0f} ms (half {middle(pages):.0f} ms, {len(pages)} pages)"
    yield Line("a colleague's pages meanwhile, 95 of 100", told)


def _large_file(setting: Setting, desk: Desk) -> tuple[str, str]:
    """Let a job be done and its file be made large; gives the ids of the job and of the file."""
    staff = Staff(desk)
    body = {"params": {"rows": FEW, "run": 1}, "formats": ["csv"]}
    job = str(json.loads(staff.calls("POST", "/jobs/numbers", body).text)["id"])
    staff.ends(job)
    fresh("large_file", setting.folder, settings=joining(desk), job=job, size=SIZE)
    (file,) = json.loads(staff.calls("GET", f"/jobs/{job}").text)["files"]
    assert file["size"] == SIZE, file
    return job, f"/files/{file['id']}"


def _downloads(
    setting: Setting, people: Sequence[Staff], path: str, *, most: int, times: int
) -> list[dict[str, float]]:
    """Let *people* download at once, *times* one after the other; gives what each one took."""
    given = {"host": people[0].desk.host, "port": people[0].desk.port, "path": path}
    cookies = [staff.cookie for staff in people]
    with started(
        "downloads", setting.folder, **given, cookies=cookies, most=most, times=times
    ) as program:
        *_, last = program.end(SECONDS).strip().split("\n")
    told: list[dict[str, float]] = json.loads(last)
    return told
