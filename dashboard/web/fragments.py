"""Renders a fact with the partials of the pages, once a process, fact and view."""

import threading
from collections import OrderedDict

from flask import render_template

from dashboard.jobs import Fact

PARTIALS = {
    "job": "jobs/_page.html",
    "home": "jobs/_card.html",
    "history": "jobs/_row.html",
}
CACHE_LIMIT = 500

_cache: OrderedDict[tuple[str, str, tuple[int, int]], str] = OrderedDict()
_lock = threading.Lock()


def fragment(view: str, fact: Fact) -> str:
    """Give the HTML of *fact* for *view* (job, home or history); free of any viewer."""
    key = (view, fact.id, fact.order)
    with _lock:
        if key in _cache:
            return _cache[key]
    html = render_template(PARTIALS[view], job=fact)
    with _lock:
        _cache[key] = html
        while len(_cache) > CACHE_LIMIT:
            _cache.popitem(last=False)
    return html


def page_title(fact: Fact) -> str:
    """Give the title of a job's page: what it says of the job can be read in the tab."""
    match fact.state:
        case "succeeded":
            return f"✓ Ready {fact.title}"
        case "failed":
            return f"✗ Failed {fact.title}"
        case "running" if fact.progress.percent is not None:
            return f"{fact.progress.percent}% {fact.title}"
    return f"{fact.word} {fact.title}"
