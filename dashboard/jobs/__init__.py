"""The life of a job: start, claim, run, end."""

from dashboard.jobs.cancel import cancel
from dashboard.jobs.chosen import as_chosen, as_kept
from dashboard.jobs.errors import Cancelled, LeaseLost, Permanent, TimeUp, Transient
from dashboard.jobs.fact import Fact
from dashboard.jobs.kind import (
    ChoiceForm,
    Family,
    Kind,
    Param,
    Preview,
    Problem,
    families,
    family_of,
    find,
    kinds,
    relative_of,
)
from dashboard.jobs.running import Running
from dashboard.jobs.same import joinable, same_finished, same_under_way
from dashboard.jobs.snapshot import fact_of, facts_of
from dashboard.jobs.start import Started, TooManyJobs, by_key, join, start

__all__ = [
    "Cancelled",
    "ChoiceForm",
    "Fact",
    "Family",
    "Kind",
    "LeaseLost",
    "Param",
    "Permanent",
    "Preview",
    "Problem",
    "Running",
    "Started",
    "TimeUp",
    "TooManyJobs",
    "Transient",
    "as_chosen",
    "as_kept",
    "by_key",
    "cancel",
    "fact_of",
    "facts_of",
    "families",
    "family_of",
    "find",
    "join",
    "joinable",
    "kinds",
    "relative_of",
    "same_finished",
    "same_under_way",
    "start",
]
