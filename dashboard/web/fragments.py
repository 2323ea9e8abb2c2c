"""Renders a fact with the partials of the pages, once a process, fact and view."""

import threading
from collections import OrderedDict

from flask import Flask, render_template

from dashboard.jobs import Fact

PARTIALS = {
    "job": "jobs/_page.html",
    "home": "jobs/_card.html",
    "history": "jobs/_row.html",
}
CACHE_LIMIT = 500


class Fragments:
    """The HTML of facts; the same for every viewer, so it may be kept and shared."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._known: OrderedDict[tuple[object, ...], str] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, view: str, fact: Fact) -> str:
        """Give the HTML of *fact* for *view* (job, home or history); needs no context."""
        key = (view, fact.id, fact.order, fact.place, fact.reason)
        with self._lock:
            if key in self._known:
                return self._known[key]
        # A context of its own, in which nobody is signed in: what is kept is nobody's own view.
        with self.app.test_request_context():
            html = render_template(PARTIALS[view], job=fact)
        with self._lock:
            self._known[key] = html
            while len(self._known) > CACHE_LIMIT:
                self._known.popitem(last=False)
        return html


def page_title(fact: Fact) -> str:
    """Give the title of a job's page: what it says of the job can be read in the tab."""
    match fact.state:
        case "succeeded" if fact.is_ready or not fact.files:
            return f"✓ Ready {fact.title}"
        case "failed":
            return f"✗ Failed {fact.title}"
        case "running" if fact.progress.percent is not None:
            return f"{fact.progress.percent}% {fact.title}"
    return f"{fact.word} {fact.title}"
