"""The kind of job that writes the recipients of a mailing; it is begun from the mailing's page."""

from collections.abc import Mapping
from typing import Any, Final

from dashboard.jobs.kind import Kind
from dashboard.jobs.unlisted import no_form
from dashboard.kinds.mailings.report.work import FORMATS, run
from dashboard.kinds.mailings.watch.sorts import BY_NAME
from dashboard.models import Mailing
from dashboard.words import marked

NAME: Final = "mailing-report"


def params_of(mailing: Mailing, show: str) -> dict[str, Any]:
    """Give the choices of a job that writes who stands in the sort *show*, or all for ""."""
    return {
        "mailing": mailing.id,
        "title": mailing.title,
        "show": show,
        "formats": list(FORMATS),
    }


def title_of(params: Mapping[str, Any]) -> str:
    """Give the title of a job, as in “Recipients of Autumn fair”."""
    return f"Recipients of {params['title']}"


def describe(params: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Give label and value of what is written."""
    show = params.get("show")
    which = BY_NAME[show].title if show in BY_NAME else "All"
    return ("Mailing", f"ML-{params['mailing']}"), ("Recipients", which)


mailing_report = Kind(
    name=NAME,
    title=marked("Recipients of a mailing"),
    family="mailings",
    summary=marked("Everybody whom a mailing went to, and what became of each."),
    icon="file-text",
    formats=FORMATS,
    form=no_form,
    title_of=title_of,
    describe=describe,
    work=run,
    verb=marked("Export"),
    listed=False,
)
