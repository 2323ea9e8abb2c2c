"""Counts beforehand what a job would give, sparingly: a count may cost its source."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from flask import current_app

from dashboard.extensions import db
from dashboard.jobs import Kind, Permanent, Transient
from dashboard.jobs.kind import Estimate
from dashboard.jobs.same import choice_hash
from dashboard.sources import SourceError

KEPT_SECONDS: Final = 60.0
KEPT: Final = 500  # answers; each is a number
BESIDE: Final = "formats"  # They say how the rows are written, not which rows there are.

logger = logging.getLogger(__name__)


class Counted(NamedTuple):
    """How many *rows* there would be, None when nobody knows.

    *later*: it was not the turn yet. *about*: nobody has counted, it is the source's own estimate.
    """

    rows: int | None = None
    later: bool = False
    about: bool = False


class Counts:
    """Answers of the last minute, and whose counts are under way; one of these serves an app.

    A person has one count at a time: whoever changes a choice before it ends asks again later.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[float, Counted]] = OrderedDict()
        self._busy: set[int] = set()
        self._lock = threading.Lock()

    def of(self, person: int, kind: Kind, params: Mapping[str, Any]) -> Counted:
        """Give the count of *kind* with checked *params*; the ledger is let go while it lasts."""
        if kind.count is None:
            return Counted()
        which = {name: value for name, value in params.items() if name != BESIDE}
        key = choice_hash(kind.name, which)
        with self._lock:
            at, known = self._kept.get(key, (0.0, None))
            if known is not None and time.monotonic() - at < KEPT_SECONDS:
                return known
            if person in self._busy:
                return Counted(later=True)
            self._busy.add(person)
        try:
            db.session.rollback()
            counted = _count(kind, params)
        finally:
            with self._lock:
                self._busy.discard(person)
        with self._lock:
            self._kept[key] = time.monotonic(), counted
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return counted


def counts() -> Counts:
    """Give the counts of the present app."""
    found: Counts = current_app.extensions.setdefault("counts", Counts())
    return found


def _count(kind: Kind, params: Mapping[str, Any]) -> Counted:
    assert kind.count is not None
    try:
        found = kind.count(params)
    except (SourceError, Permanent, Transient) as error:
        logger.warning("The rows of %s could not be counted: %s", kind.name, error)
        return Counted()
    return Counted(found.rows, about=True) if isinstance(found, Estimate) else Counted(found)
