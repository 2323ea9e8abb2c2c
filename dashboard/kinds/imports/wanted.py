"""The rows that an import writes, chunk by chunk: made ready by the check, or out of the file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from dashboard.formats.reading import ReadFile, Row
from dashboard.jobs.errors import Permanent
from dashboard.kinds.imports.comparing import CHANGED, NEW
from dashboard.kinds.imports.findings import Findings
from dashboard.kinds.imports.plan import Plan
from dashboard.kinds.imports.stored import CHECK_AGAIN, UNREADABLE
from dashboard.sources.writing import Change, Ready, TargetTable, Writing, Written
from dashboard.words import marked

OTHER_FILE: Final = marked("The file reads differently now than when it was checked.")


class Chunk(Protocol):
    """Some rows of the file, which are written in one transaction; *number* is from 0."""

    @property
    def number(self) -> int: ...

    @property
    def fates(self) -> str:
        """What becomes of its rows, a letter for each."""

    def write(
        self, writing: Writing, table: TargetTable, *, keep_before: bool, overwrite: bool
    ) -> Written:
        """Write those of its rows that are new or changed."""


class Chunks(Protocol):
    """All rows of an import."""

    def __iter__(self) -> Iterator[Chunk]: ...


def has_rows(chunk: Chunk) -> bool:
    """Say whether anything of *chunk* is to be written."""
    return NEW in chunk.fates or CHANGED in chunk.fates


@dataclass(frozen=True)
class ReadyChunk:
    """Rows as the check has made them ready."""

    number: int
    fates: str
    ready: Ready
    found: Findings
    columns: tuple[str, ...]
    by: tuple[str, ...]

    def write(
        self, writing: Writing, table: TargetTable, *, keep_before: bool, overwrite: bool
    ) -> Written:
        before = self.found.before_of(self.number) if CHANGED in self.fates else {}
        try:
            return writing.write_ready(
                table,
                self.number,
                self.columns,
                self.by,
                self.ready,
                before,
                keep_before=keep_before,
                overwrite=overwrite,
            )
        except LookupError as error:
            raise Permanent(UNREADABLE, next=CHECK_AGAIN) from error


@dataclass(frozen=True)
class ReadyChunks:
    """The file as the check has made its rows ready; the file itself is not needed any more."""

    ready: Ready
    found: Findings

    def __iter__(self) -> Iterator[Chunk]:
        told = self.found.told()
        columns, by = tuple(told["columns"]), tuple(told["by"])
        for number, fates in self.found.chunks():
            yield ReadyChunk(number, fates, self.ready, self.found, columns, by)


@dataclass(frozen=True)
class FileChunk:
    """Rows as they stand in the file."""

    number: int
    fates: str
    rows: Sequence[Row]
    width: int
    plan: Plan
    found: Findings

    def write(
        self, writing: Writing, table: TargetTable, *, keep_before: bool, overwrite: bool
    ) -> Written:
        plan = self.plan
        return writing.write(
            table,
            self.number,
            plan.columns,
            plan.by,
            self._changes(),
            keep_before=keep_before,
            overwrite=overwrite,
        )

    def _changes(self) -> list[Change]:
        wanted = [at for at, fate in enumerate(self.fates) if fate in (NEW, CHANGED)]
        rows = [self.rows[at] for at in wanted] if len(wanted) < len(self.rows) else self.rows
        values = self.plan.read(rows, self.width).rows()
        was = self.found.before_of(self.number) if CHANGED in self.fates else {}
        changes = []
        for row, value in zip(rows, values, strict=True):
            if value is None:
                raise Permanent(OTHER_FILE, next=CHECK_AGAIN)
            changes.append(Change(row.number, value, was.get(row.number)))
        return changes


@dataclass(frozen=True)
class FileChunks:
    """The file, read and converted again where the check could not make its rows ready."""

    file: ReadFile
    plan: Plan
    found: Findings

    def __iter__(self) -> Iterator[Chunk]:
        width = len(self.file.columns)
        for number, rows in enumerate(self.file.batches):
            first, fates = self.found.fates(number)
            if len(fates) != len(rows) or first != rows[0].number:
                raise Permanent(OTHER_FILE, next=CHECK_AGAIN)
            yield FileChunk(number, fates, rows, width, self.plan, self.found)
