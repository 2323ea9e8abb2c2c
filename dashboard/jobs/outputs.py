"""The files of one run: every batch of rows goes to all of them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from dashboard.formats import (
    FORMATS,
    Column,
    CsvWriter,
    Document,
    Format,
    Writer,
    Written,
    writer_of,
)
from dashboard.jobs.errors import TELL_THE_NUMBER, Permanent
from dashboard.jobs.running import Running
from dashboard.storage import Draft


def formats_of(running: Running) -> list[str]:
    """Give the formats that were chosen, in their usual order.

    Raises Permanent for one that this worker cannot write: a file that was asked for must not be
    left out without a word.
    """
    chosen = running.params["formats"]
    for name in chosen:
        if name not in FORMATS:
            what = f"This worker cannot write files in the format “{name}”."
            raise Permanent(what, next=TELL_THE_NUMBER, attention=True)
    return [name for name in FORMATS if name in chosen]


class Output(NamedTuple):
    """A file being written."""

    format: Format
    draft: Draft
    writer: Writer


class Outputs:
    """Writers of the chosen formats; *stack* removes their files when the work fails."""

    def __init__(
        self,
        running: Running,
        name: str,
        formats: Sequence[str],
        columns: Sequence[Column],
        document: Document,
        stack: ExitStack,
    ) -> None:
        self._running = running
        self._outputs: list[Output] = []
        for known in (FORMATS[format_] for format_ in formats):
            draft = stack.enter_context(running.draft(name, known.extension))
            if not known.deferred:
                draft.follow()
            writer = writer_of(known.name)(draft.path, columns, document, scratch=draft.scratch)
            stack.enter_context(_aborted_on_error(writer))
            self._outputs.append(Output(known, draft, writer))

    @property
    def encoded_only(self) -> bool:
        """Whether every file takes rows that are CSV already."""
        return all(isinstance(output.writer, CsvWriter) for output in self._outputs)

    def write(self, rows: Sequence[Sequence[object]]) -> None:
        """Give one batch to every file. Raises FormatError."""
        for output in self._outputs:
            output.writer.write(rows)

    def write_encoded(self, chunk: bytes, rows: int) -> None:
        """Give *rows* rows that are CSV already to every file; all must be *encoded_only*."""
        for output in self._outputs:
            assert isinstance(output.writer, CsvWriter)
            output.writer.write_encoded(chunk, rows)

    def close(self, rows: int, begin: Callable[[Format], Callable[[int], None]]) -> list[Written]:
        """Complete the files, each of which must hold *rows* rows.

        *begin* is called before each file and gives what hears of its rows. Raises FormatError.
        """
        written = []
        for output in self._outputs:
            tell = begin(output.format)
            with self._running.interrupting(output.writer.abort):
                done = output.writer.close(tell)
            tell(done.rows)  # A writer tells now and then, and of a small file perhaps nothing.
            if done.rows != rows:
                title = output.format.title
                what = f"The query gave {rows:,} rows, but the {title} file holds {done.rows:,}."
                raise Permanent(what, next=TELL_THE_NUMBER)
            written.append(done)
        return written

    def beside(self, written: Sequence[Written]) -> list[tuple[Format, Written]]:
        """Give each file's format beside what was *written* to it."""
        return [(output.format, done) for output, done in zip(self._outputs, written, strict=True)]

    def keep(self, written: Sequence[Written]) -> None:
        """Store the completed files."""
        for output, done in zip(self._outputs, written, strict=True):
            self._running.keep(
                output.draft,
                format=output.format.name,
                rows=done.rows,
                pages=done.pages,
                warnings=done.warnings,
            )


@contextmanager
def _aborted_on_error(writer: Writer) -> Iterator[None]:
    try:
        yield
    except BaseException:
        writer.abort()
        raise
