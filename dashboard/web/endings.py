"""How the end of a job is told to people."""

from typing import Final

from dashboard.jobs import Fact
from dashboard.web.bidi import isolated
from dashboard.words import gettext as _, marked

ENDINGS: Final = {
    "succeeded": marked("%(title)s is ready."),
    "failed": marked("%(title)s failed."),
    "cancelled": marked("%(title)s is cancelled."),
}


def ended(fact: Fact) -> str:
    """Say how a job has ended; what its work has said of that, as “has been sent”, goes first."""
    sentence = own_ending(fact) or ENDINGS[fact.state]
    return _(sentence, title=isolated(fact.title))


def own_ending(fact: Fact) -> str:
    """Give the sentence, with %(title)s in it, by which the work has told its end; "" for none."""
    return str(fact.result.get("news", "")) if fact.state == "succeeded" else ""


def place_of(fact: Fact) -> str:
    """Give the path of the page on which somebody sees what has come of a job."""
    return str(fact.result.get("place") or f"/jobs/{fact.id}")
