"""Made-up jobs to look at: one of every kind in every state, or a crowd of ended ones.

In an app context, on a ledger that is up to date:

    states(user)                 # a job of every kind in every state, for the person *user*
    crowd(10_000)                # many ended jobs of the last 90 days, written straight as rows
    crowd(1_000_000, seed=2026)  # the same seed gives the same jobs, by age

Every made-up job has an idempotency key that begins with "demo:".
"""

from dashboard.showcase.crowd import NoKinds, crowd
from dashboard.showcase.states import Made, states

__all__ = ["Made", "NoKinds", "crowd", "states"]
