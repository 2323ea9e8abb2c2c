"""Takes an import back: chunk by chunk, each once, and exactly on where it stopped."""

import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from dashboard.jobs.errors import UNCHANGED
from dashboard.jobs.running import Running
from dashboard.jobs.targets import table_of, target
from dashboard.kinds.imports.opened import CHECK, Opened
from dashboard.kinds.imports.undo.choice import Choice, choice_of
from dashboard.kinds.imports.undo.noting import note
from dashboard.kinds.imports.undo.standing import refuse_while_importing
from dashboard.kinds.imports.undo.stored import sight_of
from dashboard.sources import SourceError
from dashboard.sources.writing import Counts, Refusal, Undoing
from dashboard.words import marked

LOOK: Final = marked("Look what is to be taken back")
UNDO: Final = marked("Take the rows back")
STAYS: Final = marked(
    "The rows that were taken back before it stopped stay taken back. None is taken back twice."
)
REFUSALS: Final = 200
"""Rows that the database refused and the page names; it says how many there are beside them."""


def run(opened: Opened, running: Running) -> None:
    """Do the work of one undo. Raises SourceError, Permanent, Transient or Stop."""
    running.unchanged = UNCHANGED
    running.steps([LOOK, UNDO])
    running.step(LOOK)
    choice = choice_of(running.params)
    refuse_while_importing(opened.slug, choice.check)
    into = target(opened.source)
    table = table_of(opened.source, opened.table)
    keys = _keys(choice)
    with suppress(SourceError):
        into.prepare()  # What an earlier version has made may lack an index.
    with (
        into.undoing(
            choice.run, choice.check.hex, table, timeout=running.kind.soft_limit
        ) as undoing,
        running.interrupting(undoing.interrupt),
    ):
        running.step(UNDO)
        note(CHECK + opened.slug, running, choice)
        undo = _Undo(running, choice, undoing)
        try:
            undo.take_back(keys)
        except BaseException:
            if undo.count:
                running.log(f"{undo.count:,} of {choice.rows:,} rows are taken back", "warn")
            raise
    undo.tell()
    note(CHECK + opened.slug, running, choice)


def _keys(choice: Choice) -> Mapping[int, list[str]] | None:
    """Give the keys of the chosen rows by their chunks, or None where all are to be taken back."""
    if not choice.numbers:
        return None
    with sight_of(uuid.UUID(choice.seen)) as sight:
        return sight.chosen(choice.numbers)


class _Undo:
    """One attempt at an undo: what is done of it, in this attempt and in those before."""

    def __init__(self, running: Running, choice: Choice, undoing: Undoing) -> None:
        self._running = running
        self._choice = choice
        self._undoing = undoing
        self._done = Counts()
        self._refused: list[Refusal] = []

    @property
    def count(self) -> int:
        """How many rows are taken back."""
        return self._done.inserted + self._done.updated + self._done.deleted

    def take_back(self, keys: Mapping[int, list[str]] | None) -> None:
        """Take all chunks back that are not yet; of *keys* only, where they are given."""
        marks = self._undoing.marks()
        if marks:
            self._running.unchanged = STAYS
            self._running.log(f"Going on: {len(marks):,} parts were done before")
        for chunk in self._undoing.chunks():
            if keys is not None and chunk not in keys:
                continue
            written = marks.get(chunk)
            if written is None:
                # It may be taken back though its answer is lost.
                self._running.unchanged = STAYS
                written = self._undoing.undo(
                    chunk,
                    keys=None if keys is None else keys[chunk],
                    overwrite=self._choice.overwrite,
                )
            self._done += written.counts
            self._refused += written.refused
            handled = self.count + self._done.refused
            total = self._choice.rows
            self._running.progress(min(handled, total), total, UNDO)

    def tell(self) -> None:
        """Say what has come of it."""
        done, refused = self._done, sorted(self._refused)
        restored = done.inserted + done.updated
        self._running.log(
            f"Removed {done.deleted:,} rows, restored {restored:,}, refused {done.refused:,}"
        )
        self._running.result |= {
            "rows": self.count,
            "removed": done.deleted,
            "restored": restored,
            "refused": done.refused,
            # Somebody has changed these between the look and the undo.
            "left": max(0, self._choice.rows - self.count - done.refused),
            "refusals": [list(each) for each in refused[:REFUSALS]],
        }
