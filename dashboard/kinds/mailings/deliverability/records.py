"""What the DNS says of a sender's domain, kept for some minutes."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import current_app

from dashboard.mail.domain import Finding, Found, look, unchecked
from dashboard.mail.signing import Signers
from dashboard.models import clock

SECONDS: Final = 5.0
"""For so long the DNS may take in all."""

KEPT_SECONDS: Final = 300.0
UNSURE_SECONDS: Final = 30.0
"""What could not be checked may be known soon."""

AGAIN_SECONDS: Final = 5.0
"""However often somebody presses “Check again”, the DNS is not asked more often."""

MOST: Final = 200  # domains that are kept
AT_ONCE: Final = 4
"""Each look takes a thread of the web process and asks a dozen names at once."""


@dataclass(frozen=True)
class Looked:
    """What was *found*, and when."""

    found: Found
    at: datetime
    until: float
    fresh_until: float

    @property
    def findings(self) -> Sequence[Finding]:
        """Give all of them."""
        found = self.found
        more = [found.alignment] if found.alignment is not None else []
        return [found.spf, found.dkim, found.dmarc, *more]


class Records:
    """Looks domains up, or remembers what was found."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], Looked] = {}
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(AT_ONCE)

    def of(self, domain: str, *, again: bool = False) -> Looked:
        """Give what the DNS says of *domain*; asked *again* it is looked at anew."""
        config = current_app.config
        wanted = str(config["MAIL_DKIM_SELECTORS"] or "").split(",")
        returning = str(config["MAIL_RETURN_PATH"] or "").rpartition("@")[2]
        key = (domain, returning, *wanted)
        now = time.monotonic()
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and now < (kept.fresh_until if again else kept.until):
            return kept
        looked = self._look(domain, returning, wanted, now + SECONDS)
        with self._lock:
            self._kept.pop(key, None)
            self._kept[key] = looked
            while len(self._kept) > MOST:
                del self._kept[next(iter(self._kept))]
        return looked

    def _look(self, domain: str, returning: str, wanted: Sequence[str], until: float) -> Looked:
        found = unchecked(domain)
        signers: Signers = current_app.extensions["signers"]
        if self._room.acquire(timeout=SECONDS):
            try:
                found = look(
                    domain,
                    returning=returning,
                    selectors=wanted,
                    own=[key.record for key in signers.of(found.domain)],
                    resolver=current_app.extensions["resolver"],
                    timeout=max(0.0, until - time.monotonic()),
                )
            finally:
                self._room.release()
        states = {each.state for each in (found.spf, found.dkim, found.dmarc)}
        now = time.monotonic()
        seconds = UNSURE_SECONDS if "unknown" in states else KEPT_SECONDS
        return Looked(found, clock(), now + seconds, now + AGAIN_SECONDS)


def records() -> Records:
    """Give those of this desk."""
    kept: Records = current_app.extensions.setdefault("domain_records", Records())
    return kept
