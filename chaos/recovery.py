"""How long it took until what was broken worked again, beside the bound that was promised."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from bench.measure import Line, at_most
from bench.spread import middle
from chaos.account import Account
from chaos.history import Blow, History
from chaos.stage import SOFT_STOP_SECONDS, Times
from dashboard.models import Outcome

CHILD_SECONDS = 2.0
CANCEL_SECONDS = 2.0
BROKER_SECONDS = 15.0  # Celery connects again after 2, 4, 6 … seconds.
PRESS_SECONDS = 1.0
SETTLE_SECONDS = 60.0
WEB_SECONDS = 10.0
LEDGER_SECONDS = 5.0
# After its grace a worker still hands back, tells its children to end and leaves.
LEAVE_SECONDS = 5.0

Measured = Callable[[Account, Blow], list[float]]
LOCKED = "ledger locked"


def lines(account: Account, history: History, times: Times) -> Iterator[Line]:
    """Give a line for each sort of fault that was done, and for cancels and presses."""
    lease = times.lease + times.tick
    leave = SOFT_STOP_SECONDS + LEAVE_SECONDS
    sorts: dict[str, tuple[str, Measured, float]] = {
        "child killed": ("its job runs again", _again, CHILD_SECONDS),
        "poisonous job": ("it runs again", _again, CHILD_SECONDS),
        "child frozen": ("its job is back in line", _back, lease),
        "worker killed": ("its jobs are back in line", _back, lease),
        "worker stopped, then killed": ("its jobs are back in line", _back, lease),
        "worker stopped": ("it has left", _on_the_spot, leave),
        "scheduler killed": ("one is heard of", _on_the_spot, lease),
        "broker killed": ("back, then a job is taken", _taken, BROKER_SECONDS),
        "broker frozen": ("back, then a job is taken", _taken, BROKER_SECONDS),
        "broker wiped": ("then a job is taken", _taken, BROKER_SECONDS),
        "web worker killed": ("the web answers", _on_the_spot, WEB_SECONDS),
        "web killed": ("the web answers", _on_the_spot, WEB_SECONDS),
        LOCKED: ("free, then a job is taken", _taken, LEDGER_SECONDS),
    }
    locks = [blow for blow in history.blows if blow.fault == LOCKED]
    for fault, (what, measured, bound) in sorts.items():
        took = [
            seconds
            for blow in history.blows
            if blow.fault == fault
            for seconds in measured(account, blow)
            # Nobody can take a job back while we ourselves lock the ledger.
            if measured is not _back or not any(_overlap(blow, seconds, lock) for lock in locks)
        ]
        if took:
            yield _worst(f"{fault}: {what}", took, bound)
    if took := _cancels(account):
        yield _worst("cancel asked for: it is cancelled", took, CANCEL_SECONDS)
    if took := _presses(history):
        yield _worst("press while the broker is away: it is accepted", took, PRESS_SECONDS)
    yield at_most("nothing is broken any more: all is done", history.settled, SETTLE_SECONDS, "s")


def _worst(what: str, took: list[float], bound: float) -> Line:
    told = f"(half ≤ {middle(took):.2f} s, {len(took)} times)" if len(took) > 1 else ""
    return at_most(what, max(took), bound, "s", told)


def _again(account: Account, blow: Blow) -> list[float]:
    """Give the seconds from the blow to the next attempt of each job that was hit."""
    found = (_next_start(account, job_id, fence) for job_id, fence in blow.hit)
    return [(start - blow.at).total_seconds() for start in found if start is not None]


def _overlap(blow: Blow, seconds: float, lock: Blow) -> bool:
    return lock.at < blow.at + timedelta(seconds=seconds) and blow.at < lock.over


def _back(account: Account, blow: Blow) -> list[float]:
    """Give the seconds from the blow until the job of each attempt that was hit was taken back.

    When it runs again depends on when a slot is free: it goes first.
    """
    hit = (
        attempt
        for job_id, fence in blow.hit
        for attempt in account.attempts.get(job_id, [])
        if attempt.fence == fence and attempt.outcome == Outcome.LOST
    )
    return [(each.ended_at - blow.at).total_seconds() for each in hit if each.ended_at]


def _next_start(account: Account, job_id: uuid.UUID, fence: int) -> datetime | None:
    later = (each for each in account.attempts.get(job_id, []) if each.fence > fence)
    return min((attempt.started_at for attempt in later), default=None)


def _taken(account: Account, blow: Blow) -> list[float]:
    """Give the seconds from the fault's end to the first attempt that began after it."""
    started = (each.started_at for each in account.all_attempts())
    first = next((start for start in started if start > blow.over), None)
    return [] if first is None else [(first - blow.over).total_seconds()]


def _on_the_spot(account: Account, blow: Blow) -> list[float]:
    return [] if blow.seconds is None else [blow.seconds]


def _cancels(account: Account) -> list[float]:
    return [
        (job.finished_at - job.cancel_requested_at).total_seconds()
        for job in account.jobs.values()
        if job.cancel_requested_at is not None and job.finished_at is not None
    ]


def _presses(history: History) -> list[float]:
    away = [blow for blow in history.blows if blow.fault in {"broker killed", "broker frozen"}]
    return [
        press.seconds
        for press in history.presses
        if any(blow.at <= press.at <= blow.over for blow in away)
    ]
