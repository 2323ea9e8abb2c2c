"""Every accepted job is in the ledger and has ended, once, in the right state."""

from collections.abc import Iterator

from chaos.account import Account
from chaos.history import History
from dashboard.models import Attempt, Job, Outcome, State

ENDS = {
    State.SUCCEEDED: frozenset({Outcome.SUCCEEDED}),
    State.FAILED: frozenset({Outcome.FAILED, Outcome.LOST}),
    # A job that waits again after an attempt can be cancelled without another one.
    State.CANCELLED: frozenset(
        {Outcome.CANCELLED, Outcome.HANDED_BACK, Outcome.LOST, Outcome.RETRIED}
    ),
}
FINAL_OUTCOMES = frozenset({Outcome.SUCCEEDED, Outcome.FAILED, Outcome.CANCELLED})


def check(account: Account, history: History) -> Iterator[str]:
    """Look at jobs and attempts."""
    accepted, known = set(history.accepted), set(account.jobs)
    yield from (f"{each} was accepted and is lost." for each in accepted - known)
    yield from (f"{account.jobs[each].number} was never accepted." for each in known - accepted)
    for job in account.jobs.values():
        if not job.is_final:
            yield f"{job.number} has not ended: it is {job.state}."
            continue
        yield from _attempts(job, account.attempts.get(job.id, []))
    for asked in history.accepted.values():
        found = account.jobs.get(asked.id)
        if found is not None and asked.must_be_cancelled and found.state != State.CANCELLED:
            yield f"{found.number} is {found.state}, though its cancel was accepted before."


def check_poison(job: Job, account: Account) -> Iterator[str]:
    """The job whose worker was killed each time has failed after its last attempt."""
    if job.state != State.FAILED or job.attempts_used != job.max_attempts:
        yield f"The poisonous job {job.number} is {job.state} after {job.attempts_used} attempts."
    elif job.id not in account.dead:
        yield f"The poisonous job {job.number} is not among those that need attention."


def _attempts(job: Job, attempts: list[Attempt]) -> Iterator[str]:
    fences = [attempt.fence for attempt in attempts]
    if fences != sorted(set(fences)):
        yield f"{job.number}: the fences of its attempts do not grow: {fences}."
    open_ones = [attempt.fence for attempt in attempts if attempt.ended_at is None]
    if open_ones:
        yield f"{job.number} has ended, but its attempts {open_ones} have not."
        return
    for before, after in zip(attempts, attempts[1:], strict=False):
        if before.ended_at is not None and before.ended_at > after.started_at:
            yield f"{job.number}: attempt {after.fence} began before {before.fence} had ended."
    final = [each for each in attempts if each.outcome in FINAL_OUTCOMES]
    if len(final) > 1:
        yield f"{job.number} has ended {len(final)} times."
    state = State(job.state)
    last = attempts[-1].outcome if attempts else None
    if (last is None and state != State.CANCELLED) or (last and last not in ENDS[state]):
        yield f"{job.number} is {state}, but its last attempt {last}."
    counted = sum(attempt.outcome != Outcome.HANDED_BACK for attempt in attempts)
    if job.attempts_used != counted or counted > job.max_attempts:
        yield f"{job.number} counts {job.attempts_used} attempts of {counted} that count."
