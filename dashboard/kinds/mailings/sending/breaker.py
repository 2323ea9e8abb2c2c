"""Stops a mailing by itself when what comes back says that something is wrong with all of it."""

from collections import deque
from typing import Final

from dashboard.words import marked

WINDOW: Final = 100
"""Of the last outcomes so many are looked at."""

LEAST: Final = 20
"""Fewer say nothing: a list may begin with old addresses."""

MOST: Final = 0.5
"""The part of them that may be bad."""

CONNECTIONS: Final = 5
"""Attempts to reach the mail server that may fail one after the other."""

TOO_MANY: Final = marked(
    "The mail server refused %(bad)s of the last %(all)s e-mails. It said: %(words)s"
)
NO_SERVER: Final = marked(
    "The mail server could not be reached %(times)s times. It said: %(words)s"
)
SHUT_OUT: Final = marked("The mail server does not let the desk in: %(words)s")


class Breaker:
    """Counts what came back; *why* is the reason to pause once there is one.

    An address that does not exist or a full mailbox is the recipient's matter, and only counts
    where it happens to most of them: the list is then not what somebody took it for.
    """

    def __init__(self) -> None:
        self._outcomes: deque[bool] = deque(maxlen=WINDOW)
        self._failures = 0
        self.why: tuple[str, dict[str, object]] | None = None

    def sent(self) -> None:
        """One was taken by the mail server."""
        self._failures = 0
        self._outcomes.append(True)

    def refused(self, words: str) -> None:
        """One was refused, for now or for good, with the server's *words*."""
        self._failures = 0
        self._outcomes.append(False)
        bad, seen = self._outcomes.count(False), len(self._outcomes)
        if self.why is None and seen >= LEAST and bad > MOST * seen:
            self.why = TOO_MANY, {"bad": bad, "all": seen, "words": words}

    def unreachable(self, words: str) -> None:
        """The server did not answer, or did not let us in."""
        self._failures += 1
        if self.why is None and self._failures >= CONNECTIONS:
            self.why = NO_SERVER, {"times": self._failures, "words": words}

    def shut_out(self, words: str) -> None:
        """The server lets nobody in before a person has changed something."""
        if self.why is None:
            self.why = SHUT_OUT, {"words": words}
