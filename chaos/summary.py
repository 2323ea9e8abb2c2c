"""The summary of a run, as the rows of one table."""

from collections import Counter
from collections.abc import Iterator

from bench.measure import Line
from chaos import recovery
from chaos.account import Account
from chaos.history import History
from chaos.stage import Times

Row = tuple[str, Line]


def rows(
    account: Account, history: History, times: Times, effects: dict[str, int]
) -> Iterator[Row]:
    """Give the rows; *effects* are the counted files, letters and what is left behind."""
    yield "jobs", Line("accepted", str(len(history.accepted)))
    states = Counter(job.state for job in account.jobs.values())
    for state, count in sorted(states.items()):
        yield "jobs", Line(state, str(count))
    yield "jobs", Line("presses and cancels that had to be sent again", str(history.refused))
    tries = Counter(len(account.attempts.get(job_id, [])) for job_id in account.jobs)
    for number, count in sorted(tries.items()):
        yield "attempts", Line(f"jobs with {number}", str(count))
    outcomes = Counter(attempt.outcome or "open" for attempt in account.all_attempts())
    for outcome, count in sorted(outcomes.items()):
        yield "attempts", Line(outcome.replace("_", " "), str(count))
    for effect, count in effects.items():
        yield "effects", Line(effect, str(count))
    for fault, count in sorted(Counter(blow.fault for blow in history.blows).items()):
        yield "faults", Line(fault, str(count))
    for line in recovery.lines(account, history, times):
        yield "recovery", line
