"""One run: people press, the nemesis breaks things, and in the end everything is looked at."""

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from bench.measure import Line
from chaos import account, nemesis, orders, summary
from chaos.checks import files, jobs, mails, pages
from chaos.faults import FAULTS
from chaos.history import History
from chaos.person import Person
from chaos.plan import Planned, plan
from chaos.stage import Stage, Times, stage
from chaos.watch import Watch
from dashboard.extensions import db
from dashboard.models import Notice, NoticeState

SETTLE_SECONDS = 240.0  # what is left to be done by a machine that has much else to do
LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class Result:
    """The rows of the table, and a sentence for each promise that was not kept."""

    rows: list[tuple[str, Line]]
    broken: list[str]


def run(
    folder: Path, seed: int, seconds: float, times: Times, say: Callable[[str], None]
) -> Result:
    """Play for so many *seconds*, then wait until all is done, then look."""
    history = History(folder / "history.jsonl")
    planned = plan(seed, seconds, FAULTS)
    with stage(folder, times) as desk:
        say("The desk is open, with two workers and two schedulers.")
        poisoned = _play(desk, planned, seed, seconds, history, say)
        read = account.read(desk.app)
        letters = mails.letters(desk)
        history.broken += [
            *jobs.check(read, history),
            *jobs.check_poison(read.jobs[poisoned], read),
            *files.check(desk, read, history),
            *mails.check(read, history, letters),
            *pages.check(desk, read),
        ]
        effects = {
            "files": sum(map(len, read.artifacts.values())),
            "letters": letters.total(),
            "letters that may have been sent": mails.uncertain(read),
            "files that no row names": len(files.strays(desk, read)),
            "drafts left by crashes": files.drafts(desk),
        }
    return Result(list(summary.rows(read, history, times, effects)), history.broken)


def _play(
    desk: Stage,
    planned: list[Planned],
    seed: int,
    seconds: float,
    history: History,
    say: Callable[[str], None],
) -> uuid.UUID:
    """Let people press while things are broken, until all has ended; gives the poisonous job."""
    over = threading.Event()
    people = [Person(each, history) for each in desk.people]
    looker = pages.Looker(desk, history)
    watch = Watch(desk.app, looker.ended)
    poison = nemesis.Poison(desk, history)
    lives = [
        threading.Thread(target=person.lives, args=(orders.orders(seed, number), watch, over))
        for number, person in enumerate(people)
    ]
    besides: list[threading.Thread] = [looker, watch, poison]
    for thread in besides:
        thread.start()
    # Before their lives begin: whoever presses has two tabs, and one thread at a time uses them.
    poisoned = people[0].places(orders.poison(seed))
    assert poisoned is not None
    for life in lives:
        life.start()
    try:
        nemesis.strike(desk, planned, seconds, history, say)
    finally:
        over.set()
        for life in lives:
            life.join()
    say(f"Nothing is broken any more; {watch.open_jobs()} jobs are left.")
    history.settled = _settle(desk, watch, history)
    say(f"All was done after {history.settled:.1f} s.")
    for beside in (poison, watch, looker):
        beside.stop()
    for person in people:
        person.close()
    return poisoned.id


def _settle(desk: Stage, watch: Watch, history: History) -> float:
    """Wait until every job has ended and every letter is sent; gives the seconds."""
    began = time.monotonic()
    while watch.open_jobs() or _unsent(desk):
        if time.monotonic() - began > SETTLE_SECONDS:
            history.breaks(f"Not all was done {SETTLE_SECONDS:.0f} s after the last fault.")
            break
        time.sleep(LOOK_SECONDS)
    return time.monotonic() - began


def _unsent(desk: Stage) -> int:
    with desk.app.app_context():
        query = select(func.count()).where(Notice.state == NoticeState.PENDING)
        count: int = db.session.execute(query).scalar_one()
        return count
