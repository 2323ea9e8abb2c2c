"""Tells facts: a nudge to whoever watches, never the truth."""

from collections.abc import Callable

from dashboard.extensions import sse
from dashboard.jobs.fact import Fact
from dashboard.jobs.snapshot import fact_of
from dashboard.models import Job

CHANNEL = "bellhop:facts"
FACT = "fact"


def tell(fact: Fact) -> bool:
    """Publish *fact*; True when Redis took it."""
    return sse.publish(fact.as_json(), type=FACT, channel=CHANNEL)


def tell_of(job: Job, make: Callable[[Job], Fact] = fact_of) -> bool:
    """Publish the present state of *job* from the ledger."""
    return tell(make(job))
