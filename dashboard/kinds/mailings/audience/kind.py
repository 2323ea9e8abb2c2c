"""The kind of job that checks recipients; it is begun from the page of their mailing."""

from collections.abc import Mapping
from typing import Any, Final

from dashboard.jobs.kind import Kind
from dashboard.jobs.unlisted import no_form
from dashboard.kinds.mailings.audience.work import run
from dashboard.words import marked

NAME: Final = "mailing-check"
NOTHING_SENT: Final = marked("A check sends nothing.")


def _title(params: Mapping[str, Any]) -> str:
    return f"Recipients of {params['title']}"


def _describe(params: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return (
        (marked("Mailing"), f"ML-{params['mailing']}"),
        (marked("Recipients"), params["audience"]["name"]),
    )


mailing_check: Final = Kind(
    name=NAME,
    title=marked("A check of recipients"),
    family="mailings",
    summary=marked("Says who will get a mailing and who will not, before it is sent."),
    icon="mail",
    form=no_form,
    title_of=_title,
    describe=_describe,
    work=run,
    priority=4,  # Somebody waits for it, and it takes seconds.
    verb=marked("Check the recipients"),
    outcome="kinds/mailings/audience/_checked.html",
    listed=False,
    unchanged=NOTHING_SENT,
)
