"""What happened: who was told that a job is accepted, and what was broken, each with its time."""

import json
import threading
import time
import uuid
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass
class Accepted:
    """A job that the desk has accepted: who asked, for what, and how often it was sent.

    *must_be_cancelled*: a cancel of it was accepted as well before it had ended.
    """

    id: uuid.UUID
    person: str
    kind: str
    params: dict[str, Any]
    formats: tuple[str, ...]
    notify: bool
    at: datetime
    must_be_cancelled: bool = False


@dataclass(frozen=True)
class Blow:
    """A fault that was done to the desk, from *at* until *over* (UTC).

    *hit* are the jobs that it struck with the fence of their attempt; *seconds* is what was
    measured on the spot, where nothing in the ledger can tell it later.
    """

    fault: str
    at: datetime
    over: datetime
    what: str
    hit: tuple[tuple[uuid.UUID, int], ...] = ()
    seconds: float | None = None


@dataclass(frozen=True)
class Press:
    """A press that was accepted: when it was made, and the seconds until the answer."""

    at: datetime
    seconds: float


@dataclass
class History:
    """Collects from many threads; each entry is also a line of the file *log*."""

    log: Path
    accepted: dict[uuid.UUID, Accepted] = field(default_factory=dict)
    presses: list[Press] = field(default_factory=list)
    blows: list[Blow] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    refused: int = 0
    settled: float = 0.0  # seconds from the last fault until all was done
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _began: float = field(default_factory=time.monotonic)

    def accept(self, job: Accepted) -> None:
        """Take in that *job* was accepted; the same id twice is one job."""
        with self._lock:
            self.accepted.setdefault(job.id, job)
            self._write("accepted", asdict(job))

    def press(self, at: datetime, seconds: float) -> None:
        """Take in how long an accepting answer took."""
        with self._lock:
            self.presses.append(Press(at, seconds))

    def strike(self, blow: Blow) -> None:
        """Take in a fault that is over."""
        with self._lock:
            self.blows.append(blow)
            self._write("blow", asdict(blow))

    def refuse(self, what: str) -> None:
        """Take in that the desk did not take an order, or did not answer; it is sent again."""
        with self._lock:
            self.refused += 1
            self._write("refused", {"what": what})

    def breaks(self, sentence: str) -> None:
        """Take in that the desk did not keep its word."""
        with self._lock:
            self.broken.append(sentence)
            self._write("broken", {"what": sentence})

    def _write(self, event: str, detail: dict[str, Any]) -> None:
        entry = {"s": round(time.monotonic() - self._began, 2), "event": event, **detail}
        with self.log.open("a") as file:
            file.write(json.dumps(entry, default=str) + "\n")


def now() -> datetime:
    """Give the time in UTC, as the ledger has it."""
    return datetime.now(UTC)
