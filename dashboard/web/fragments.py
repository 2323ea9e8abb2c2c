"""Renders a fact with the partials of the pages, once a process, fact, view and manner."""

import re
import threading
from collections import OrderedDict
from dataclasses import dataclass

from flask import Flask

from dashboard.jobs import Fact
from dashboard.web.bidi import isolated
from dashboard.web.endings import ended, own_ending
from dashboard.web.template import render
from dashboard.words import Manner, gettext as _, speaking_to, told

PARTIALS = {
    "job": "jobs/_page.html",
    "home": "jobs/_card.html",
    "history": "jobs/_row.html",
}
CACHE_LIMIT = 500
# A part that may be told alone, which has an id and an order of its own; no section lies in it.
PART = re.compile(r"<section\b[^>]*\bdata-part\b.*?</section>", re.DOTALL)
ORDER = re.compile(r' data-order="[^"]*"')
# The browser keeps relative times true by itself.
RELATIVE = re.compile(r'( data-time="relative"[^>]*>)[^<]*')


@dataclass(frozen=True)
class Fragment:
    """The HTML of a fact, and its parts that may change while what is around them stands.

    *around* and the number of each part change with the words, and only with them.
    """

    html: str
    around: int
    parts: tuple[tuple[int, str], ...]


class Fragments:
    """The HTML of facts; the same for all who read in the same manner, so it is kept and shared."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._known: OrderedDict[tuple[object, ...], Fragment] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, view: str, fact: Fact, manner: Manner) -> str:
        """Give the HTML of *fact* for *view* (job, home or history); needs no context."""
        return self.cut(view, fact, manner).html

    def cut(self, view: str, fact: Fact, manner: Manner) -> Fragment:
        """Give the same, and its parts."""
        # Of one order there may be two: the ledger's, and the same as far as it was told since.
        state = (fact.id, fact.order, fact.progress)
        key = (view, *state, fact.place, fact.reason, fact.usual_wait, manner)
        with self._lock:
            if key in self._known:
                return self._known[key]
        # A context of its own, in which nobody is signed in: what is kept is nobody's own view.
        with self.app.test_request_context(), speaking_to(manner):
            fragment = _cut(render(PARTIALS[view], job=fact))
        with self._lock:
            self._known[key] = fragment
            while len(self._known) > CACHE_LIMIT:
                self._known.popitem(last=False)
        return fragment


def _cut(html: str) -> Fragment:
    parts = tuple((_words(part), part) for part in PART.findall(html))
    return Fragment(html, _words(PART.sub("", html)), parts)


def _words(html: str) -> int:
    """Give a number that stands for *html* in this process, whenever it was told."""
    return hash(RELATIVE.sub(r"\1", ORDER.sub("", html)))


def page_title(fact: Fact) -> str:
    """Give the title of a job's page, which says in the tab how the job is; for whoever reads."""
    title = isolated(fact.title)
    match fact.state:
        case "succeeded" if own_ending(fact):
            return f"✓ {ended(fact)}"
        case "succeeded" if fact.is_ready or not fact.files:
            return _("✓ Ready %(title)s", title=title)
        case "failed":
            return _("✗ Failed %(title)s", title=title)
        case "running" if fact.progress.percent is not None:
            return _("%(percent)s%% %(title)s", percent=fact.progress.percent, title=title)
    return f"{told(fact.word)} {title}"
