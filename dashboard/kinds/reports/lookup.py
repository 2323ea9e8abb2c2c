"""Small questions that a form asks a source: the values of a choice, the whole period."""

import threading
import time
from datetime import date
from typing import Final

from flask import current_app

from dashboard.jobs.glance import glance
from dashboard.kinds.reports.parameters import Parameter
from dashboard.kinds.reports.periods import Period
from dashboard.sources import Source, SourceError
from dashboard.words import gettext as _, told

SECONDS: Final = 3.0  # A form must not wait longer for its source.
KEPT_SECONDS: Final = 60.0  # Forms are opened often, regions are founded seldom.
CHOICE_LIMIT: Final = 1000  # More than that is no list to choose from.

Answer = tuple[tuple[object, ...], ...]


class LookupFailed(Exception):
    """The source did not answer; the message is a sentence for staff."""


class Lookup:
    """Asks sources and keeps their answers for a minute; one of these serves an app."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[float, Answer]] = {}
        self._lock = threading.Lock()

    def choices(self, source: str, parameter: Parameter) -> tuple[tuple[str, str], ...]:
        """Give values and labels of *parameter*, a choice. Raises LookupFailed."""
        if not parameter.query:
            return parameter.choices
        rows = self._ask(source, parameter.query)
        return tuple((str(row[0]), str(row[0])) for row in rows if row[0] is not None)

    def span(self, source: str, parameter: Parameter, today: date) -> Period:
        """Give the first and the last day of the whole period; *today* when there are no days.

        Raises LookupFailed.
        """
        rows = self._ask(source, parameter.span)
        try:
            first, last = (str(value)[:10] for value in rows[0] if value is not None)
            return Period(date.fromisoformat(first), date.fromisoformat(last))
        except (IndexError, ValueError):
            return Period(today, today)

    def _ask(self, name: str, query: str) -> Answer:
        key = (name, query)
        now = time.monotonic()
        with self._lock:
            kept = self._kept.get(key)
        if kept and now - kept[0] < KEPT_SECONDS:
            return kept[1]
        source: Source | None = current_app.extensions["sources"].get(name)
        if source is None:
            raise LookupFailed(_("The source “%(name)s” is not set up.", name=name))
        try:
            with source.reading(timeout=SECONDS) as reading:
                answer = tuple(glance(reading, query, {}, rows=CHOICE_LIMIT))
        except SourceError as error:
            raise LookupFailed(told(str(error))) from error
        with self._lock:
            self._kept[key] = (now, answer)
        return answer


def lookup() -> Lookup:
    """Give the lookup of the present app."""
    found: Lookup = current_app.extensions.setdefault("reports-lookup", Lookup())
    return found
