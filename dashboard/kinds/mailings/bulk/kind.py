"""The kind of job that sends a mailing; it is begun from the mailing's own page."""

from collections.abc import Mapping
from typing import Any, Final

from dashboard.jobs.kind import Kind
from dashboard.jobs.unlisted import no_form
from dashboard.kinds.mailings.bulk.work import run
from dashboard.kinds.mailings.sending.work import UNSENT
from dashboard.words import marked


def title_of(params: Mapping[str, Any]) -> str:
    """Give the title of a job, which is that of its mailing."""
    return str(params["title"])


def describe(params: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Give label and value of what was sent."""
    return ("Mailing", f"ML-{params['mailing']}"), ("Subject", str(params["subject"]))


DAY: Final = 24 * 3600  # seconds

MOST_ATTEMPTS: Final = 1000
"""Each one gets on: what an attempt died of is uncertain then, and not tried by the next."""

mailing = Kind(
    name="mailing",
    title=marked("Mailing"),
    family="mailings",
    summary=marked("One message to many people, and what became of each."),
    icon="mail",
    form=no_form,
    title_of=title_of,
    describe=describe,
    work=run,
    queue="mail",
    priority=6,
    soft_limit=DAY,
    hard_limit=DAY + 600,
    max_attempts=MOST_ATTEMPTS,
    verb=marked("Send"),
    listed=False,
    outcome="kinds/mailings/bulk/_outcome.html",
    about="kinds/mailings/bulk/_about.html",
    unchanged=UNSENT,
)
