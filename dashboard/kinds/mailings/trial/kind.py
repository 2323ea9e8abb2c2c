"""The kind of job that sends a test of a mailing; it is begun from the mailing's own page."""

from collections.abc import Mapping
from typing import Any, Final

from dashboard.jobs.kind import Kind
from dashboard.jobs.unlisted import no_form
from dashboard.kinds.mailings.sending.work import UNSENT
from dashboard.kinds.mailings.trial.work import run
from dashboard.words import marked

NAME: Final = "mailing-test"


def title_of(params: Mapping[str, Any]) -> str:
    """Give the title of a job, as in “Test of Autumn fair”."""
    return f"Test of {params['title']}"


def describe(params: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Give label and value of what is sent."""
    return ("Mailing", f"ML-{params['mailing']}"), ("To", str(params["to"]))


trial = Kind(
    name=NAME,
    title=marked("Test of a mailing"),
    family="mailings",
    summary=marked("A mailing as one of its recipients would get it, to yourself."),
    icon="mail",
    form=no_form,
    title_of=title_of,
    describe=describe,
    work=run,
    queue="mail",
    priority=4,  # Somebody waits for it; a mailing takes its time anyway.
    soft_limit=300,
    hard_limit=400,
    max_attempts=10,
    verb=marked("Send a test"),
    listed=False,
    outcome="kinds/mailings/one/_sent.html",
    unchanged=UNSENT,
)
