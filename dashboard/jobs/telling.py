"""Tells how far an attempt is: the row at most once a second, the fact four times."""

import threading
import time
import uuid
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import DBAPIError

from dashboard.extensions import db
from dashboard.jobs.errors import LeaseLost
from dashboard.jobs.events import tell
from dashboard.jobs.fact import Fact
from dashboard.jobs.parts import Line, Step
from dashboard.jobs.progress import Progress, percent
from dashboard.jobs.remaining import Remaining, Run
from dashboard.jobs.snapshot import LIVE_LINES, fact_of
from dashboard.models import Job, LogLine, State, clock, transaction

ROW_SECONDS = 1.0
FACT_SECONDS = 0.25

# Made once: to put it together takes longer than SQLite needs to do it.
WRITE = (
    update(Job)
    .where(
        Job.id == bindparam("of_job"),
        Job.fence == bindparam("of_fence"),
        Job.state == State.RUNNING,
    )
    .values(
        progress_done=bindparam("done"),
        progress_total=bindparam("total"),
        progress_phase=bindparam("phase"),
        progress_unit=bindparam("unit"),
        progress_since=bindparam("since"),
        progress_left=bindparam("left"),
        progress_at=bindparam("at"),
        steps=bindparam("steps"),
        version=Job.version + 1,
    )
    .returning(Job.version, Job.cancel_requested_at)
    .execution_options(synchronize_session=False)
)


@dataclass
class Measure:
    """What the work last said of its progress."""

    done: int | None = None
    total: int | None = None
    phase: str | None = None
    unit: str = "rows"
    since: datetime | None = None
    left: int | None = None


class Telling:
    """Keeps what the work says until it is due to be written and told; safe across threads."""

    def __init__(self, job_id: uuid.UUID, fence: int, fact: Fact, past: Sequence[Run] = ()) -> None:
        self.job_id = job_id
        self.fence = fence
        self.fact = fact
        self.measure = Measure()
        self.steps: list[dict[str, Any]] = []
        self.lines: deque[Line] = deque(fact.lines, LIVE_LINES)
        self._unwritten: list[Line] = []
        self._lock = threading.RLock()
        self._past = past
        self._remaining = Remaining(past)
        self._row_at = self._fact_at = self._began = self._counted_at = time.monotonic()
        # The claim wrote down the ledger's time a moment ago; this machine's clock may be wrong.
        present = datetime.now(UTC)
        self._late = (fact.started_at or present) - present
        self._is_written = self._is_told = True

    def now(self) -> datetime:
        """Give the present time by the ledger's clock."""
        return datetime.now(UTC) + self._late

    def say(self, done: int, total: int | None, phase: str, unit: str) -> bool:
        """Take in how far the work is, which never goes back; gives whether to tell it now.

        It is called for every batch, so it does no more than it must.
        """
        with self._lock:
            measure = self.measure
            self._counted_at = now = time.monotonic()
            if measure.since is None or measure.unit != unit:
                measure.since, self._began = self.now(), now
                self._remaining = Remaining(self._past)
            elif measure.done is not None and measure.done > done:
                done = measure.done
            measure.done, measure.total, measure.phase, measure.unit = done, total, phase, unit
            self._is_written = self._is_told = False
            if now - self._fact_at < FACT_SECONDS:
                return False
            self._remaining.sample(now - self._began, done, total)
            return True

    def say_phase(self, phase: str) -> None:
        """Take in what is being done."""
        with self._lock:
            self.measure.phase = phase
            self._is_written = self._is_told = False

    def line(self, line: Line) -> None:
        """Take in a line of the log."""
        with self._lock:
            self.lines.append(line)
            self._unwritten.append(line)
            self._is_written = self._is_told = False

    def set_steps(self, steps: list[dict[str, Any]]) -> None:
        """Take in the steps as they stand."""
        with self._lock:
            self.steps = steps
            self._is_written = self._is_told = False

    def flush(self, *, final: bool = False) -> bool:
        """Write the row and tell the fact as far as they are due; all of it when *final*.

        Gives whether the row was due. Raises LeaseLost when the fence has moved on. A ledger that
        is locked or away for a moment is not an error: what was not written is written next time.
        """
        with self._lock:
            now = time.monotonic()
            fact_is_due = final or now - self._fact_at >= FACT_SECONDS
            if fact_is_due:
                self._judge(now)
            if self._is_written and self._is_told:
                return False
            row_is_due = final or now - self._row_at >= ROW_SECONDS
            if row_is_due:
                self._write()
                self._row_at = now
            if fact_is_due:
                self._fact_at = now
                self._is_told = True
                self._tell()
            return row_is_due

    def pace(self) -> dict[str, float] | None:
        """Give how long the units took, for the next jobs of the kind; None when none was counted.

        Units, and seconds of counting and of what came after the last of them.
        """
        with self._lock:
            if not self.measure.done:
                return None
            return {
                "units": self.measure.done,
                "counting": round(self._counted_at - self._began, 3),
                "finishing": round(time.monotonic() - self._counted_at, 3),
            }

    def _judge(self, now: float) -> None:
        """Judge what is left; a job that stands still has that told as well."""
        if self.measure.since is None:
            return
        left = self._remaining.left(now - self._began, self.measure.total)
        if left != self.measure.left:
            self.measure.left = left
            self._is_written = self._is_told = False

    def _write(self) -> None:
        measure = self.measure
        try:
            with transaction() as session:
                values = {
                    "of_job": self.job_id,
                    "of_fence": self.fence,
                    "done": measure.done,
                    "total": measure.total,
                    "phase": measure.phase,
                    "unit": measure.unit,
                    "since": measure.since,
                    "left": measure.left,
                    "at": clock(),
                    "steps": self.steps,
                }
                row = session.execute(WRITE, values).one_or_none()
                if row is None:
                    raise LeaseLost
                session.add_all(self._log_line(line) for line in self._unwritten)
                known = self.fact
                if row.version != known.order[0] + 1:
                    # Somebody else has changed the job: who follows it or whose it is, say.
                    job = session.scalars(select(Job).where(Job.id == self.job_id)).one()
                    known = fact_of(job, lines=known.lines)
        except DBAPIError:
            db.session.rollback()
            return
        self._is_written = True
        self._unwritten.clear()
        self.fact = replace(
            known, order=(row.version, 0), cancel_requested_at=row.cancel_requested_at
        )

    def _tell(self) -> None:
        measure = self.measure
        version, beat = self.fact.order
        done_percent = percent(State.RUNNING, measure.done, measure.total)
        self.fact = replace(
            self.fact,
            order=(version, beat + 1),
            progress=Progress(
                done=measure.done,
                total=measure.total,
                phase=measure.phase,
                unit=measure.unit,
                percent=done_percent,
                since=measure.since,
                at=self.now() if measure.since else None,
                left=measure.left,
            ),
            steps=[Step(**step) for step in self.steps],
            lines=list(self.lines),
        )
        tell(self.fact)

    def _log_line(self, line: Line) -> LogLine:
        attempt = self.fact.attempt
        return LogLine(
            job_id=self.job_id, attempt=attempt, at=line.at, level=line.level, text=line.text
        )
