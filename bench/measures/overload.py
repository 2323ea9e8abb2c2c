"""Far more jobs at once than the desk can do, from several people, on one worker."""

import time
from collections.abc import Iterator, Sequence

from bench import claims
from bench.claims import Taken
from bench.crowd import Browser, Said, ask_places, one_job, reading, submit
from bench.desk import Desk
from bench.measure import Line, Setting, at_most
from bench.memory import Memory
from bench.numbers import numbers_desk
from bench.people import add_people
from bench.spread import middle, tail
from bench.staff import Staff

PEOPLE = 5  # who ask for many jobs at once
SLOTS = 2  # of the one worker
JOBS, FEW_JOBS = 5000, 500
WARM_UP = 5  # jobs of each person, before memory is looked at
PLACES = 60  # jobs whose place is asked for, twice
EMPTYING = 0.1  # of the jobs: with fewer left it is no overload any more
MOST_PAGE = 200.0  # milliseconds
MOST_MEMORY = {"web": 64.0, "worker": 32.0, "valkey": 16.0}  # MiB above what they had before
LOOK_SECONDS = 0.5
DRAIN_SECONDS = 1200.0


def take(setting: Setting) -> Iterator[Line]:
    """Fill the line, let somebody come last with one job, and wait until all is done."""
    jobs = setting.times(JOBS, FEW_JOBS)
    with numbers_desk(setting, FLASK_CELERY__worker_concurrency=str(SLOTS)) as desk:
        roles = ("staff",) * (PEOPLE + 2)
        *crowd, late, reader = add_people(desk, setting.folder, roles)
        warm, browsers = _warm_up(desk, [*crowd, late, reader])
        _, waiting, _ = browsers
        with Memory(desk) as memory:
            began = time.time()
            with reading(browsers):
                took, asked = submit(crowd, jobs // PEOPLE)
                full = time.time()
                waiting.job = asked[jobs // PEOPLE - 1]
                last = one_job(late, jobs)
                said = ask_places(desk, asked, PLACES, setting.seed)
                _wait(desk, jobs // 2)
                said += ask_places(desk, asked, PLACES, setting.seed + 1)
                _wait(desk, int(jobs * EMPTYING))
                emptying = time.time()
            _wait(desk, 0)
        order = claims.claims(desk.home)[warm:]
        yield from _answers(took, full - began, browsers, (began, full, emptying))
        yield from _fairness(order, last, full)
        yield _places(order, said)
        yield from _memory(memory)
        yield from _end(desk, warm + jobs + 1, began)


def _warm_up(desk: Desk, people: Sequence[Desk]) -> tuple[int, list[Browser]]:
    """Let everybody have some jobs done, and look; gives how many jobs, and who reads on.

    They are an administrator, who sees all jobs, one of those who wait, and a colleague.
    """
    _, done = submit(people, WARM_UP)
    _wait(desk, 0)
    waiting, colleague = people[0], people[-1]
    of_waiting, of_colleague = done[0], done[-1]
    pairs = ((desk, of_waiting), (waiting, of_waiting), (colleague, of_colleague))
    browsers = [Browser(Staff.signed_in(person), job) for person, job in pairs]
    return len(done), browsers


def _wait(desk: Desk, left: int) -> None:
    deadline = time.monotonic() + DRAIN_SECONDS
    while claims.unfinished(desk.home) > left:
        if time.monotonic() > deadline:
            raise TimeoutError(f"The jobs were not done within {DRAIN_SECONDS:.0f} s.")
        time.sleep(LOOK_SECONDS)


def _answers(
    took: Sequence[float],
    seconds: float,
    browsers: Sequence[Browser],
    moments: tuple[float, float, float],
) -> Iterator[Line]:
    half, most = middle(took) * 1000, tail(took, 95) * 1000
    rate = len(took) / seconds
    about = f"{len(took):,} jobs of {PEOPLE} people"
    told = f"{half:.0f} ms, {most:.0f} ms ({rate:.0f} a second)"
    yield Line(f"{about}, the answer, half and 95 of 100", told)
    began, full, emptying = moments
    pages = [page for browser in browsers for page in browser.took]
    for what, first, last in (("comes in", began, full), ("waits", full, emptying)):
        shown = [page * 1000 for moment, page in pages if first <= moment < last]
        told = f"(half {middle(shown):.0f} ms, {len(shown)} pages)"
        yield at_most(f"pages while it {what}, 95 of 100", tail(shown, 95), MOST_PAGE, "ms", told)


def _fairness(order: Sequence[Taken], last: str, full: float) -> Iterator[Line]:
    came_last = next(taken for taken in order if taken.job == last)
    others = {taken.person for taken in order} - {came_last.person}
    waited = claims.waited(order, last)
    yield at_most("jobs before the one of a person who came last", waited, PEOPLE + SLOTS, "jobs")
    lead = claims.lead(order, others, full)
    yield at_most("lead of a person over another", lead, SLOTS, "jobs")


def _places(order: Sequence[Taken], said: Sequence[Said]) -> Line:
    wrong = [
        each
        for each in said
        if each.place not in claims.may_be(order, each.job, each.asked, each.told)
    ]
    return at_most("places in line that were not true", len(wrong), 0, "places", f"of {len(said)}")


def _memory(memory: Memory) -> Iterator[Line]:
    for part, most in MOST_MEMORY.items():
        told = f"(from {memory.before[part] >> 20} MiB)"
        yield at_most(f"memory of {part}, growth at most", memory.growth(part), most, "MiB", told)


def _end(desk: Desk, jobs: int, began: float) -> Iterator[Line]:
    states = claims.states(desk.home)
    yield at_most("jobs that were lost or failed", jobs - states.get("succeeded", 0), 0, "jobs")
    count, seconds = claims.drained(desk.home, began)
    yield Line("done", f"{count / seconds:.0f} jobs a second ({count:,} in {seconds:.0f} s)")
