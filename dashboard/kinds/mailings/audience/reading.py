"""The rows of an audience, wherever they come from, a batch at a time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.formats.csv import FORMULA_STARTS
from dashboard.formats.reading import Cell, JsonLines, ReadFile, Unreadable, json_lines, reading
from dashboard.jobs.contacts.fields import EMAIL
from dashboard.jobs.contacts.find import count_of
from dashboard.jobs.errors import Permanent
from dashboard.kinds.mailings.audience.choice import Audience
from dashboard.kinds.mailings.audience.fields import field_names, text_of
from dashboard.kinds.mailings.audience.origins import (
    CHOOSE_AGAIN,
    OpenFile,
    find_list,
    open_file,
)
from dashboard.models import Contact, ContactList, User
from dashboard.words import marked

BATCH: Final = 2000
KILO: Final = 1000
ROWS: Final = "rows"
MEASURED: Final = marked("KB")
NO_COLUMN: Final = marked("The file does not have the column with the addresses any more.")


class Entry(NamedTuple):
    """A row: its number in the file as a spreadsheet counts, and its cells as texts.

    It may have fewer or more cells than there are columns.
    """

    place: int
    cells: tuple[str, ...]


class Measure(NamedTuple):
    """How far the reading is, for a bar."""

    done: int
    total: int | None
    unit: str


@dataclass
class Source:
    """What is read: *fields* are the names of its columns' fields, *email* the place of addresses.

    *columns* are as the file calls them, *total* the number of rows where it is known.
    """

    columns: tuple[str, ...]
    fields: tuple[str, ...]
    email: int
    batches: Iterator[list[Entry]]
    total: int | None = None
    size: int = 0
    file: ReadFile | JsonLines | None = None

    def measure(self, rows: int) -> Measure:
        """Give how far it is, *rows* being read."""
        if self.total is not None or self.file is None:
            return Measure(rows, max(rows, self.total or 0), ROWS)
        done = int(self.file.position() * self.size)
        return Measure(done // KILO, self.size // KILO, MEASURED)


@contextmanager
def opened(
    audience: Audience, person: User | None, *, proven: bool = False, batch: int = BATCH
) -> Iterator[Source]:
    """Open the rows of *audience*, which *person* may read (None: those that a mailing has).

    Raises Permanent and Transient, then or from the batches.
    """
    if audience.origin == "list":
        yield _of_list(find_list(audience, person), batch)
        return
    with open_file(audience, person, proven=proven) as found, said_plainly():
        if found.format == "jsonl":
            with json_lines(found.path, batch=batch) as lines:
                yield _of_file(audience, found, lines)
        else:
            assert audience.manner is not None
            with reading(found.path, audience.manner, batch=batch) as file:
                yield _of_file(audience, found, file)


@contextmanager
def said_plainly() -> Iterator[None]:
    """Say why a file cannot be read; raises Permanent."""
    try:
        yield
    except Unreadable as error:
        line = f" The file begins with: {error.first_line}" if error.first_line else ""
        raise Permanent(f"{error.sentence}{line}", next=CHOOSE_AGAIN) from error


def texts_of(cells: Sequence[Cell], *, guarded: bool) -> tuple[str, ...]:
    """Give *cells* as texts; those that are *guarded* begin as no formula does (as our own CSV)."""
    texts = [
        cell if isinstance(cell, str) and cell.isprintable() else text_of(cell) for cell in cells
    ]
    if guarded:
        texts = [text[1:] if _is_guarded(text) else text for text in texts]
    return tuple(texts)


def _is_guarded(text: str) -> bool:
    return text[:1] == "'" and text[1:2] in FORMULA_STARTS


def _of_file(audience: Audience, found: OpenFile, file: ReadFile | JsonLines) -> Source:
    fields = field_names(file.columns)
    email = audience.email or next(iter(fields), "")  # Nothing is chosen yet, while one looks.
    if email not in fields:
        raise Permanent(NO_COLUMN, next=CHOOSE_AGAIN)
    guarded = found.format == "csv"

    def batches() -> Iterator[list[Entry]]:
        for rows in file.batches:
            yield [Entry(row.number, texts_of(row.cells, guarded=guarded)) for row in rows]

    place = fields.index(email)
    return Source(file.columns, fields, place, batches(), found.rows, found.size, file)


def _of_list(found: ContactList, batch: int) -> Source:
    names = [field["name"] for field in found.fields]
    columns = (EMAIL, *names)
    batches = _contacts(found.id, names, batch)
    return Source(columns, field_names(columns), 0, batches, count_of(found))


def _contacts(list_id: int, names: Sequence[str], batch: int) -> Iterator[list[Entry]]:
    """Give the contacts of a list by their addresses; raises Permanent once the list is gone."""
    after, place = "", 0
    query = select(Contact.address, Contact.email, Contact.values).order_by(Contact.address)
    query = query.where(Contact.list_id == list_id).limit(batch)
    while True:
        rows = db.session.execute(query.where(Contact.address > after)).all()
        find_list(Audience("list", str(list_id), ""), None)
        if not rows:
            return
        after = rows[-1].address
        yield [
            Entry(
                place + at,
                (row.email, *(text_of(row.values.get(name)) for name in names)),
            )
            for at, row in enumerate(rows, 1)
        ]
        place += len(rows)
