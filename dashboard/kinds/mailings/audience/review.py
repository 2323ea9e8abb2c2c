"""What a check has found, as its page shows it: one fate at a time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from dashboard.kinds.mailings.audience.found import Found
from dashboard.kinds.mailings.audience.people import FATES, Fate, Person

PAGE: Final = 50  # rows
CELL_LIMIT: Final = 200  # characters of a cell on the page
MOST_COLUMNS: Final = 12
SHOWN_FIRST: Final[tuple[Fate, ...]] = ("bad", "good", "duplicate", "suppressed")


class Cell(NamedTuple):
    """A cell: its text, and what is wrong with it."""

    text: str
    fault: str = ""


class Line(NamedTuple):
    """A row with its number in the file; *fault* is wrong with no cell that is shown."""

    number: int
    cells: list[Cell]
    fault: str = ""


@dataclass(frozen=True)
class Review:
    """The rows of one page; *after* is where the next one begins, or None.

    Of many columns some are shown, *hidden* says how many others there are.
    """

    fate: Fate
    columns: list[str]
    lines: list[Line]
    after: int | None
    hidden: int


def review(found: Found, fate: Fate, *, after: int, used: Collection[str]) -> Review:
    """Give the rows of *fate* behind the row *after*; *used* are the fields of the message."""
    people = found.page(fate, after, PAGE + 1)
    shown = people[:PAGE]
    columns = _columns(found, used, shown)
    return Review(
        fate,
        columns,
        [_line(person, columns) for person in shown],
        shown[-1].place if len(people) > PAGE else None,
        len(found.fields) - len(columns),
    )


def fate_of(name: str, counts: Mapping[str, int]) -> Fate:
    """Give the fate called *name*, else the one that a page shows first: what is to be fixed."""
    for fate in FATES:
        if fate == name:
            return fate
    return next((fate for fate in SHOWN_FIRST if counts.get(fate)), "good")


def _columns(found: Found, used: Collection[str], people: Collection[Person]) -> list[str]:
    """Give the columns that matter, then others as long as there is room, in their own order."""
    faulty = {fault.column for person in people for fault in person.faults}
    ranks = {
        name: (name != found.email, name not in faulty, name not in used) for name in found.fields
    }
    best = set(sorted(found.fields, key=lambda name: ranks[name])[:MOST_COLUMNS])
    return [name for name in found.fields if name in best]


def _line(person: Person, columns: list[str]) -> Line:
    faults: dict[str, list[str]] = {}
    for fault in person.faults:
        said = str(fault)
        if fault.column not in columns:
            said = f"{fault.column}: {said}" if fault.column else said
            faults.setdefault("", []).append(said)
        else:
            faults.setdefault(fault.column, []).append(said)
    told = {column: "; ".join(sentences) for column, sentences in faults.items()}
    cells = [Cell(_short(person.fields[name]), told.get(name, "")) for name in columns]
    return Line(person.place, cells, told.get("", ""))


def _short(text: str) -> str:
    return text if len(text) <= CELL_LIMIT else f"{text[: CELL_LIMIT - 1]}…"
