"""A job at work: what a kind's work sees and may do."""

import re
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from flask import current_app

from dashboard.formats import FORMATS
from dashboard.jobs.courtesy import Courtesy, served
from dashboard.jobs.errors import LeaseLost, Permanent, Stop, TimeUp
from dashboard.jobs.keys import key_of, name_of
from dashboard.jobs.kind import Kind
from dashboard.jobs.manner import manner_of
from dashboard.jobs.parts import Line
from dashboard.jobs.telling import Telling
from dashboard.models import Artifact, Attachment, Job
from dashboard.sources import Source
from dashboard.storage import Draft, Storage, StorageError
from dashboard.words import marked

NAME_LIMIT = 120  # characters
NAME_BYTES = 200  # A file system takes 255, fence and extension included.

# Says how far the work is: done, total, phase and unit by name.
Tell = Callable[[dict[str, Any]], None]


class Running:
    """One attempt at a job. *params* are the checked choices, *zone* the person's time zone.

    What the work puts into *result* stays with the job: "rows" is how many it gave; "news" a marked
    sentence with %(title)s in it, where “is ready” is not how it ends; "place" the path of the page
    that shows what has come of it, where that is not the job's own.
    """

    def __init__(self, job: Job, kind: Kind, fence: int, telling: Telling, tell: Tell):
        self.id: uuid.UUID = job.id
        self.number = job.number
        self.title = job.title
        self.params: dict[str, Any] = dict(job.params)
        self.choices = tuple((label, value) for label, value in job.choices)
        self.attempt = job.attempts_used
        self.requested_by_name = job.requested_by.name
        self.zone = manner_of(job.requested_by).zone
        self.brand: str = current_app.config["BRAND"]
        self.kind = kind
        self.fence = fence
        self.result: dict[str, Any] = {}
        self.artifacts: list[Artifact] = []
        self.attachments: list[Attachment] = []
        # What is said of what has not changed, should the work fail now.
        self.unchanged = kind.unchanged
        self.telling = telling
        self.started = time.monotonic()
        self._tell = tell
        self._courtesy = Courtesy(served().is_any)
        self._storage: Storage = current_app.extensions["storage"]
        self._stop: Stop | None = None
        self._interrupts: list[Callable[[], None]] = []
        self._lock = threading.Lock()
        self._phase: str | None = None
        self._step_began = self.started

    # --- what the work says ---

    def progress(self, done: int, total: int | None, phase: str, *, unit: str = "rows") -> None:
        """Say how far the work is: *done* of *total* (None while unknown) in *unit*.

        Cheap: call it for each batch; while somebody waits for a page it rests for a moment.
        Never goes back within an attempt. Raises Cancelled, LeaseLost or TimeUp when the work
        must stop here.
        """
        self._courtesy.give_way()
        self.check()
        if self.telling.say(done, total, phase, unit):
            done = self.telling.measure.done or 0
            self._tell({"current": done, "total": total, "phase": phase, "unit": unit})

    def phase(self, phase: str) -> None:
        """Say what is being done while nothing can be counted."""
        self.check()
        self.telling.say_phase(phase)
        self._tell({"phase": phase})

    def steps(self, names: Sequence[str]) -> None:
        """Declare the steps of the work, in their order."""
        self.telling.set_steps(
            [{"name": name, "state": "waiting", "seconds": None} for name in names]
        )

    def step(self, name: str) -> None:
        """Begin the declared step *name*; the one before it has ended."""
        self.check()
        now = time.monotonic()
        steps = []
        for step in self.telling.steps:
            if step["state"] == "running":
                step = {**step, "state": "done", "seconds": round(now - self._step_began, 1)}
            if step["name"] == name:
                step = {**step, "state": "running", "seconds": None}
            steps.append(step)
        self._step_began = now
        self.telling.set_steps(steps)
        self.phase(name)

    def log(self, text: str, level: str = "info") -> None:
        """Add a line to the job's log, in words for staff; *level* is info, warn or error."""
        self.telling.line(Line(self.telling.now(), level, text))

    def warn(self, text: str) -> None:
        """Add a warning: it is in the log and on the finished page."""
        self.log(text, "warn")
        self.result.setdefault("warnings", []).append(text)

    # --- what the work uses ---

    def source(self, name: str) -> Source:
        """Give the source called *name*; raises Permanent when the desk has none of that name."""
        sources = current_app.extensions["sources"]
        if name not in sources:
            raise Permanent(
                f"The source “{name}” is not set up.",
                next=marked("Tell an administrator: FLASK_SOURCES."),
                attention=True,
            )
        found: Source = sources[name]
        return found

    @contextmanager
    def interrupting(self, interrupt: Callable[[], None]) -> Iterator[None]:
        """While the block runs, *interrupt* is called (from another thread) when it must stop."""
        with self._lock:
            self._interrupts.append(interrupt)
        try:
            yield
        finally:
            with self._lock:
                self._interrupts.remove(interrupt)

    @contextmanager
    def draft(self, name: str, extension: str) -> Iterator[Draft]:
        """Give a draft of the file *name*.*extension*; its key bears the fence of this attempt."""
        key = key_of(self.id, self.fence, f"{speaking(name)}.{extension}")
        with self._storage.draft(key) as draft:
            yield draft

    def keep(
        self,
        draft: Draft,
        *,
        format: str,  # noqa: A002  # The word of pages and API.
        rows: int | None = None,
        pages: int | None = None,
        warnings: Sequence[str] = (),
    ) -> Artifact:
        """Store the finished *draft*; it becomes visible with all others when the job succeeds."""
        self.check()
        stored = draft.commit()
        artifact = Artifact(
            id=uuid.uuid4(),
            name=name_of(stored.key),
            format=format,
            media_type=FORMATS[format].media_type,
            key=stored.key,
            size=stored.size,
            sha256=stored.sha256,
            rows=rows,
            pages=pages,
            warnings=list(warnings),
        )
        self.artifacts.append(artifact)
        return artifact

    def attach(self, draft: Draft, name: str) -> Attachment:
        """Store the finished *draft* for pages to read; it is there once the job has succeeded."""
        self.check()
        stored = draft.commit()
        attachment = Attachment(
            id=uuid.uuid4(), name=name, key=stored.key, size=stored.size, sha256=stored.sha256
        )
        self.attachments.append(attachment)
        return attachment

    def delete(self, keys: Iterable[str]) -> None:
        """Delete stored files that nobody may see."""
        for key in keys:
            with suppress(OSError, StorageError):
                self._storage.delete(key)

    # --- stopping ---

    def check(self) -> None:
        """Raise Cancelled, LeaseLost or TimeUp when the work must stop here."""
        if self._stop is not None:
            raise self._stop

    @property
    def stop(self) -> Stop | None:
        """Why the work must stop, or None."""
        return self._stop

    def halt(self, stop: Stop) -> None:
        """Make the work stop at its next check, and interrupt a statement in progress.

        The first reason stands, except that a lost lease outweighs all others. May be called
        again and again: a statement may begin just after an interrupt.
        """
        if self._stop is None or isinstance(stop, LeaseLost):
            self._stop = stop
        with self._lock:
            interrupts = list(self._interrupts)
        for interrupt in interrupts:
            with suppress(Exception):
                interrupt()

    @property
    def elapsed(self) -> float:
        """Seconds since this attempt began."""
        return time.monotonic() - self.started

    def look_at_limits(self) -> bool:
        """Halt the work at its soft limit; True once the hard limit has passed as well."""
        if self.elapsed > self.kind.soft_limit:
            self.halt(TimeUp())
        return self.elapsed > self.kind.hard_limit


def speaking(name: str) -> str:
    """Give *name* as a file name: letters, digits, dots and hyphens, lower case."""
    words = re.sub(r"[^\w.-]+", "-", name.lower()).strip("-._")
    return words[:NAME_LIMIT].encode()[:NAME_BYTES].decode(errors="ignore") or "file"
