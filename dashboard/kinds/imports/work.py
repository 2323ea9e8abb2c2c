"""Imports what a check has found: chunk by chunk, each once, and exactly on where it stopped."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from dashboard.extensions import db
from dashboard.formats.reading import Unreadable, reading
from dashboard.jobs.errors import UNCHANGED, Permanent
from dashboard.jobs.running import Running
from dashboard.jobs.targets import table_of, target
from dashboard.jobs.uploads import open_upload
from dashboard.kinds.imports.at_once import NOBODY_KNOWS, announce, refuse_twice
from dashboard.kinds.imports.findings import Findings
from dashboard.kinds.imports.missing import CHUNK as DELETING, keys_in_file
from dashboard.kinds.imports.opened import Opened
from dashboard.kinds.imports.params import Chosen, chosen_of
from dashboard.kinds.imports.plan import plan_of
from dashboard.kinds.imports.stored import CHECK_AGAIN, findings_of, ready_of
from dashboard.kinds.imports.wanted import Chunks, FileChunks, ReadyChunks, has_rows
from dashboard.sources.writing import Counts, Key, Ready, Refusal, TargetTable, Writing
from dashboard.words import marked

FETCH: Final = marked("Open the file and what the check found")
WRITE: Final = marked("Write the rows")
DELETE: Final = marked("Delete the rows that the file does not have")
ALTERED: Final = marked("The table was altered since the check. Nothing was imported.")
STAYS: Final = marked(
    "The rows that were imported before it stopped stay imported. None is ever imported twice."
)
ALL_OR_NOTHING: Final = marked("Nothing was imported: all rows are written at once, or none.")
REFUSED: Final = marked("The database refused some of the rows: all or none were to be written.")
SEE_LOG: Final = marked("The log says which. Put them right in your file, and check it again.")
REFUSALS: Final = 200
"""Rows that the database refused and the page names; it says how many there are beside them."""


def run(opened: Opened, running: Running) -> None:
    """Do the work of one import. Raises SourceError, Permanent, Transient or Stop."""
    running.unchanged = UNCHANGED
    running.steps([FETCH, WRITE])
    running.step(FETCH)
    chosen = chosen_of(running.params)
    check = uuid.UUID(running.params["check"])
    into = target(opened.source)
    table = table_of(opened.source, opened.table)
    prepared = into.is_prepared()
    at_once = not prepared or bool(running.params.get("whole"))
    refuse_twice(running)
    with ExitStack() as stack:
        found = stack.enter_context(findings_of(check))
        if found.told()["fingerprint"] != table.fingerprint:
            raise Permanent(ALTERED, next=CHECK_AGAIN)
        ready = stack.enter_context(ready_of(check))
        db.session.rollback()  # Writing takes long; the ledger holds no snapshot meanwhile.
        try:
            # The run is that of the check: whoever presses the button again goes on with it.
            with (
                _chunks(ready, found, opened, chosen, table) as chunks,
                into.writing(
                    check.hex, timeout=running.kind.soft_limit, at_once=at_once
                ) as writing,
                running.interrupting(writing.interrupt),
            ):
                running.step(WRITE)
                run = _Run(running, table, chunks, writing, prepared=prepared, at_once=at_once)
                with run.honest():
                    run.write()
                    if running.params.get("delete"):
                        with keys_in_file(opened, chosen, table) as keys:
                            run.delete_missing(chosen.by, keys)
                    run.commit()
        except Unreadable as error:
            raise Permanent(error.sentence, next=CHECK_AGAIN) from error
    run.tell()


@contextmanager
def _chunks(
    ready: Ready | None, found: Findings, opened: Opened, chosen: Chosen, table: TargetTable
) -> Iterator[Chunks]:
    """Give the rows to be written: those that are *ready*, else from the file that was sent."""
    if ready is not None:
        yield ReadyChunks(ready, found)
        return
    with (
        open_upload(chosen.upload, None, proven=True) as sent,
        reading(sent.path, chosen.manner, batch=found.told().get("chunk", 5000)) as file,
    ):
        yield FileChunks(file, plan_of(opened, chosen, table, file.columns), found)


class _Run:
    """One attempt at an import: what is done of it, in this attempt and in those before."""

    def __init__(
        self,
        running: Running,
        table: TargetTable,
        chunks: Chunks,
        writing: Writing,
        *,
        prepared: bool,
        at_once: bool,
    ) -> None:
        self._running = running
        self._table = table
        self._chunks = chunks
        self._writing = writing
        self._prepared = prepared
        self._at_once = at_once
        self._is_committing = False
        self._total = int(running.params["rows"])
        self.done = Counts()
        self.refused: list[Refusal] = []

    @contextmanager
    def honest(self) -> Iterator[None]:
        """Say in the log, whatever ends the work, what it has changed."""
        try:
            yield
        except BaseException:
            written = self.done.inserted + self.done.updated
            if self._is_committing:
                # With marks, another attempt finds out.
                self._running.unchanged = STAYS if self._prepared else NOBODY_KNOWS
                self._running.log(self._running.unchanged, "warn")
            elif self._at_once:
                self._running.unchanged = ALL_OR_NOTHING
                self._running.log(ALL_OR_NOTHING, "warn")
            elif written:
                self._running.log(f"{written:,} of {self._total:,} rows are imported", "warn")
            raise

    def write(self) -> None:
        """Write all chunks that are not written yet."""
        marks = self._writing.marks() if self._prepared else {}
        if marks:
            self._running.unchanged = STAYS
            self.refused += self._writing.refused()
            self._running.log(f"Going on: {len(marks):,} parts were done before")
        for chunk in self._chunks:
            if chunk.number in marks:
                self.done += marks[chunk.number]
            elif has_rows(chunk):
                if not self._at_once:
                    # It may be written though its answer is lost.
                    self._running.unchanged = STAYS
                written = chunk.write(
                    self._writing,
                    self._table,
                    keep_before=self._prepared,
                    overwrite=bool(self._running.params.get("overwrite")),
                )
                self.done += written.counts
                self.refused += written.refused
            handled = self.done.inserted + self.done.updated + self.done.refused
            self._running.progress(min(handled, self._total), self._total, WRITE)

    def delete_missing(self, by: Sequence[str], keys: Iterator[Key]) -> None:
        """Delete what the check found that the file, with these *keys*, does not have.

        Raises SourceError.
        """
        self._running.phase(DELETE)
        if not self._at_once:
            self._running.unchanged = STAYS
        written = self._writing.delete_missing(
            self._table,
            DELETING,
            by,
            keys,
            keep_before=self._prepared,
            expect=int(self._running.params["delete"]),
        )
        self.done += written.counts

    def commit(self) -> None:
        """Let the database keep what is written, where it does not yet.

        Raises Permanent where a row was refused and all or none were to be written.
        """
        if self._running.params.get("whole") and self.refused:
            for row, column, sentence in sorted(self.refused)[:REFUSALS]:
                self._running.log(f"Row {row:,}, {column}: {sentence}", "warn")
            raise Permanent(REFUSED, next=SEE_LOG)
        if self._at_once:
            if not self._prepared:
                announce(self._running)
            self._is_committing = True
        self._writing.commit()

    def tell(self) -> None:
        """Say what has come of it."""
        done = self.done
        refused = sorted(self.refused)
        self._running.log(
            f"Added {done.inserted:,} rows, updated {done.updated:,}, refused {done.refused:,}"
            + (f", deleted {done.deleted:,}" if done.deleted else "")
        )
        result: dict[str, Any] = {
            "rows": done.inserted + done.updated,
            "added": done.inserted,
            "updated": done.updated,
            "refused": done.refused,
            "deleted": done.deleted,
            "refusals": [list(each) for each in refused[:REFUSALS]],
        }
        self._running.result |= result
