"""The rows that nothing can be sent to, as a file of their own."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Final

from dashboard.formats import Column, CsvWriter, Document
from dashboard.jobs.manner import asker_of
from dashboard.jobs.running import Running
from dashboard.kinds.mailings.audience.people import Fault, Person
from dashboard.storage import Draft
from dashboard.words import gettext as _, marked, speaking_to

NAME: Final = marked("rows to fix")
ROW: Final = marked("Row")
WHY: Final = marked("What to fix")


class Corrections:
    """Writes a CSV with the columns of the audience and two more; none without rows."""

    def __init__(self, running: Running, stack: ExitStack, columns: Sequence[str]) -> None:
        self._running = running
        self._stack = stack
        self._columns = columns
        self._manner = asker_of(running.id)
        self._open: tuple[Draft, CsvWriter] | None = None
        self._rows = 0

    def add(self, people: Sequence[Person]) -> None:
        """Take *people* who are to be fixed."""
        if not people:
            return
        with speaking_to(self._manner):
            self._writer().write(
                [(*each.fields.values(), str(each.place), _reason(each)) for each in people]
            )
        self._rows += len(people)

    def keep(self) -> None:
        """Store the file, where there are rows."""
        if self._open is not None:
            draft, writer = self._open
            self._open = None
            writer.close()
            self._running.keep(draft, format="csv", rows=self._rows)

    def _writer(self) -> CsvWriter:
        if self._open is None:
            draft = self._stack.enter_context(self._running.draft(NAME, "csv"))
            titles = [*self._columns, _(ROW), _(WHY)]
            columns = [Column(f"column {at}", title) for at, title in enumerate(titles)]
            writer = CsvWriter(draft.path, columns, self._document(), scratch=draft.scratch)
            self._stack.callback(self._abort)
            self._open = draft, writer
        return self._open[1]

    def _abort(self) -> None:
        if self._open is not None:
            self._open[1].abort()

    def _document(self) -> Document:
        now = datetime.now(UTC)
        return Document(
            title=self._running.title,
            made_by=self._running.requested_by_name,
            made_at=now,
            data_as_of=now,
            number=self._running.number,
            brand=self._running.brand,
            zone=self._running.zone,
        )


def _reason(person: Person) -> str:
    return "; ".join(map(_told, person.faults))


def _told(fault: Fault) -> str:
    return f"{fault.column}: {fault}" if fault.column else str(fault)
