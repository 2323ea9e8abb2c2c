"""What somebody is about to choose as the audience of a mailing, as far as it can be seen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from dashboard.formats.reading import SIGNS, FileManner, Recognised, Unreadable, recognise
from dashboard.formats.xlsx_workbook import SHEET
from dashboard.jobs.errors import Permanent, Transient
from dashboard.kinds.mailings.audience.choice import Audience, Origin
from dashboard.kinds.mailings.audience.column import email_column
from dashboard.kinds.mailings.audience.fields import field_names
from dashboard.kinds.mailings.audience.origins import OpenFile, find_list, open_file
from dashboard.kinds.mailings.audience.reading import Entry, opened, texts_of
from dashboard.models import User
from dashboard.words import gettext as _, told

ROWS: Final = 5
LINE_LIMIT: Final = 200  # characters of a first line
ORIGINS: Final[tuple[Origin, ...]] = ("upload", "list", "file")


@dataclass(frozen=True)
class Proposal:
    """An *audience* that nobody has saved yet, and its first rows.

    *columns* are as the file calls them, *fields* as the message does; the field of the addresses
    is "" where none is found. *recognised* is there for what can be read in several manners,
    *total* the number of rows where it is known. *trouble* is a sentence: why nothing can be read;
    *first_line* is then what the file begins with, where that can be shown.
    """

    audience: Audience
    columns: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    first: tuple[Entry, ...] = ()
    recognised: Recognised | None = None
    total: int | None = None
    trouble: str = ""
    first_line: str = ""


def propose(given: Mapping[str, Any], person: User) -> Proposal | None:
    """Look at what *given* names by upload, list or file, for *person*; None where it names none.

    What else is given (encoding, delimiter, header, sheet, email) wins over what is recognised.
    """
    origin = next((each for each in ORIGINS if given.get(each)), None)
    if origin is None:
        return None
    audience = Audience(origin, str(given[origin]), "")
    try:
        if origin == "list":
            return _of_list(audience, person)
        with open_file(audience, person) as file:
            audience = replace(audience, name=file.name)
            if file.format == "jsonl":
                return _of_lines(audience, given, person)
            return _of_file(audience, file, given)
    except Unreadable as error:
        line = error.first_line[:LINE_LIMIT]
        return Proposal(audience, trouble=error.sentence, first_line=line)
    except (Permanent, Transient) as error:
        return Proposal(audience, trouble=told(error.what))


def _of_list(audience: Audience, person: User) -> Proposal:
    found = find_list(audience, person)
    audience = replace(audience, name=found.title)
    with opened(audience, person, batch=ROWS) as source:
        first = tuple(islice(next(source.batches, []), ROWS))
        return Proposal(audience, source.columns, source.fields, first, total=source.total)


def _of_lines(audience: Audience, given: Mapping[str, Any], person: User) -> Proposal:
    with opened(audience, person, batch=ROWS) as source:
        if not source.columns:
            raise Unreadable(_("%(name)s is empty.", name=audience.name))
        first = tuple(islice(next(source.batches, []), ROWS))
        email = _email(source.columns, source.fields, first, given)
        audience = replace(audience, email=email)
        return Proposal(audience, source.columns, source.fields, first, total=source.total)


def _of_file(audience: Audience, file: OpenFile, given: Mapping[str, Any]) -> Proposal:
    found = recognise(file.path, file.name)
    wanted = _manner(found, file, given)
    if wanted != found.manner:
        found = recognise(file.path, file.name, manner=wanted)
    guarded = file.format == "csv"
    rows = [Entry(row.number, texts_of(row.cells, guarded=guarded)) for row in found.first]
    fields = field_names(found.columns)
    email = _email(found.columns, fields, rows, given)
    audience = replace(audience, manner=found.manner, email=email)
    return Proposal(audience, found.columns, fields, tuple(rows[:ROWS]), found, file.rows)


def _manner(found: Recognised, file: OpenFile, given: Mapping[str, Any]) -> FileManner:
    header, sheet = given.get("header"), str(given.get("sheet") or "")
    if not sheet and file.format == "xlsx":  # Our own workbooks begin with a cover.
        sheet = next((name for name in found.sheets if name.startswith(SHEET)), "")
    return FileManner(
        found.manner.kind,
        str(given.get("encoding") or found.manner.encoding),
        SIGNS.get(str(given.get("delimiter")), found.manner.delimiter),
        header == "yes" if header in ("yes", "no") else bool(sheet) or found.manner.header,
        sheet or found.manner.sheet,
    )


def _email(
    columns: tuple[str, ...],
    fields: tuple[str, ...],
    rows: list[Entry] | tuple[Entry, ...],
    given: Mapping[str, Any],
) -> str:
    """Give the field of the addresses: the one that is given, else what is recognised, else ""."""
    if given.get("email") in fields:
        return str(given["email"])
    at = email_column(columns, [row.cells for row in rows])
    return "" if at is None else fields[at]
