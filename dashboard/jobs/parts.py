"""What a fact is made of, and the words for it: people, steps, lines, notes, files, attempts."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.words import marked

# English for programs and files; pages translate them.
WORDS = {
    "waiting": marked("Waiting"),
    "queued": marked("Waiting"),
    "running": marked("Running"),
    "stopping": marked("Stopping"),
    "succeeded": marked("Finished"),
    "failed": marked("Failed"),
    "cancelled": marked("Cancelled"),
    "deleted": marked("Files deleted"),
    "damaged": marked("Files damaged"),
}
NO_ROWS = marked("Finished, no rows")
OUTCOMES = {
    "succeeded": marked("Finished"),
    "failed": marked("Failed"),
    "retried": marked("Failed, tried again"),
    "cancelled": marked("Cancelled"),
    "handed_back": marked("Handed back, not counted"),
    "put_off": marked("Goes on later, not counted"),
    "lost": marked("Interrupted"),
}


@dataclass(frozen=True)
class Person:
    """Somebody at a job: whose it is, who started it, who follows it."""

    id: int
    name: str

    @property
    def initials(self) -> str:
        """One or two letters for the round sign beside the name."""
        words = self.name.split() or ["?"]
        return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper()


@dataclass(frozen=True)
class Step:
    """A named part of the work; *state* is waiting, running, done or failed."""

    name: str
    state: str
    seconds: float | None = None


@dataclass(frozen=True)
class Line:
    """A line of the log; *level* is info, warn or error."""

    at: datetime
    level: str
    text: str


@dataclass(frozen=True)
class Note:
    """What somebody who sees the job wrote to the others."""

    id: int
    by: Person
    at: datetime
    text: str


@dataclass(frozen=True)
class File:
    """A finished file; *size* in bytes, *rows* without the header."""

    id: str
    name: str
    format: str
    label: str
    media_type: str
    size: int
    sha256: str
    rows: int | None
    pages: int | None
    warnings: list[str]
    expires_at: datetime
    deleted_at: datetime | None
    damaged_at: datetime | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it can be downloaded."""
        return self.deleted_at is None and self.damaged_at is None


@dataclass(frozen=True)
class Words:
    """Why a job failed: what happened, what was not changed, what to do next.

    *change* where what to do next is to change the choices.
    """

    what: str
    unchanged: str = ""
    next: str = ""
    change: bool = False


@dataclass(frozen=True)
class Try:
    """One attempt; *outcome* is one of OUTCOMES, *cause* a plain sentence where it ended badly."""

    number: int
    worker: str
    started_at: datetime
    ended_at: datetime | None = None
    outcome: str | None = None
    cause: str | None = None

    @property
    def shown_state(self) -> str:
        """How it ended, or running."""
        return self.outcome or "running"

    @property
    def word(self) -> str:
        """The word for staff, in English."""
        return OUTCOMES[self.outcome] if self.outcome else WORDS["running"]

    @property
    def seconds(self) -> float | None:
        """How long it took, in seconds; None while it runs."""
        return (self.ended_at - self.started_at).total_seconds() if self.ended_at else None


@dataclass(frozen=True)
class Attention:
    """That a failed job needs attention, or who dismissed it, when and why."""

    since: datetime
    dismissed_at: datetime | None = None
    dismissed_by: Person | None = None
    reason: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has dismissed it yet."""
        return self.dismissed_at is None
