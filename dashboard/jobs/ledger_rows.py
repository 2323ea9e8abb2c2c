"""Work that writes rows of the ledger itself: a batch at a time, between which it is let go."""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from dashboard.formats import Column, Document
from dashboard.jobs.bar import Bar
from dashboard.jobs.document import document_of
from dashboard.jobs.feed import Feed
from dashboard.jobs.outputs import Outputs, formats_of
from dashboard.jobs.running import Running
from dashboard.jobs.seen import Seen

Rows = list[tuple[object, ...]]


class LedgerRows:
    """One run, from the count that begins with it to its stored files.

    There is no snapshot of so long a read: rows may come and go while it lasts.
    """

    def __init__(self, running: Running) -> None:
        self._running = running
        self._formats = formats_of(running)
        self._as_of = datetime.now(UTC)
        self._bar = Bar(running, self._formats)
        self._bar.count()

    @property
    def document(self) -> Document:
        """What the files say about themselves."""
        return document_of(self._running, self._as_of)

    def write(
        self,
        batches: Iterable[Rows],
        columns: Sequence[Column],
        *,
        name: str,
        noun: str,
        total: int | None,
        document: Document | None = None,
        empty: str | None = None,
    ) -> None:
        """Write all *batches* into files called *name*, of *total* rows or so.

        The log calls the rows *noun* and says *empty* where there are none. Raises FormatError,
        StorageError, Stop, and what *batches* raise.
        """
        running, bar = self._running, self._bar
        bar.total = total
        seen = Seen(columns, ZoneInfo(running.zone))
        with ExitStack() as files:
            document = document or self.document
            outputs = Outputs(running, name, self._formats, columns, document, files)
            feed = Feed(outputs, seen, bar)
            bar.read()
            for batch in batches:
                if bar.total is not None:
                    bar.total = max(bar.total, seen.rows + len(batch))
                feed.take(batch)
            running.log(f"Read {seen.rows:,} {noun}")
            if empty and not seen.rows:
                running.log(empty, "warn")
            if bar.total is not None:
                bar.total = seen.rows
            running.result |= feed.finish(self._as_of, None)
