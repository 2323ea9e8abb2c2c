"""Makes a person's own file with what a check found wrong in it, to be put right and sent again."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path, PurePath
from typing import Final

from dashboard.formats.marking import Added, Mark, marked_csv, marked_xlsx
from dashboard.formats.reading import Unreadable, reading
from dashboard.jobs.corrections import WHY
from dashboard.jobs.errors import Permanent
from dashboard.jobs.manner import asker_of
from dashboard.jobs.running import Running
from dashboard.jobs.uploads import open_upload
from dashboard.kinds.imports.added import place_of_reasons, reason_of
from dashboard.kinds.imports.findings import Findings
from dashboard.kinds.imports.params import Chosen, chosen_of
from dashboard.kinds.imports.stored import CHECK_AGAIN, findings_of
from dashboard.kinds.imports.work import FETCH
from dashboard.words import PLAIN, SOURCE, Manner, gettext as _, marked, speaking_to

MARK: Final = marked("Write down what is wrong")
STORE: Final = marked("Store the file")
NAME: Final = "what to fix"
WRITERS: Final = {"csv": marked_csv, "xlsx": marked_xlsx}
ENDINGS: Final = frozenset({"csv", "txt", "tsv"})
AT_ONCE: Final = 1000  # rows to fix that are read at once


def run(running: Running) -> None:
    """Do the work. Raises StorageError, FormatError, Permanent, Transient or Stop."""
    running.steps([FETCH, MARK, STORE])
    running.step(FETCH)
    chosen = chosen_of(running.params)
    ending = _ending(chosen)
    places = {pair.target: pair.number - 1 for pair in chosen.mapped}
    asker = asker_of(running.id)
    # English is there for what an encoding lacks the letters for.
    manners = (asker,) if asker.language == SOURCE else (asker, PLAIN)
    total, rows = int(running.params["rows"]), 0
    with ExitStack() as stack:
        found = stack.enter_context(findings_of(uuid.UUID(running.params["check"])))
        sent = stack.enter_context(open_upload(chosen.upload, None, proven=True))
        name = f"{PurePath(chosen.file).stem}-{NAME}"
        draft = stack.enter_context(running.draft(name, ending))
        running.step(MARK)
        try:
            written = WRITERS[chosen.manner.kind](
                sent.path,
                chosen.manner,
                draft.path,
                _marks(found, places, manners),
                _added(sent.path, chosen, manners),
            )
            with closing(written):
                for rows in written:
                    running.progress(rows, total, MARK)
        except Unreadable as error:
            raise Permanent(error.sentence, next=CHECK_AGAIN) from error
        running.step(STORE)
        running.keep(draft, format=chosen.manner.kind, rows=rows)
    running.log(f"Wrote {rows:,} rows, {running.params['bad']:,} of them to fix")


def _ending(chosen: Chosen) -> str:
    """Give how the name of the file ends: as that of what was sent, where that fits."""
    if chosen.manner.kind == "xlsx":
        return "xlsx"
    ending = PurePath(chosen.file).suffix.lower().lstrip(".")
    return ending if ending in ENDINGS else "csv"


def _added(path: Path, chosen: Chosen, manners: Sequence[Manner]) -> Added:
    """Give the column for the reasons: the one that an earlier check has added, or a new one."""
    with reading(path, chosen.manner) as file:
        names = file.columns
    titles = tuple(_said(partial(_, WHY), manner) for manner in manners)
    place = place_of_reasons(names, {pair.number - 1 for pair in chosen.mapped})
    if place is None:
        return Added(titles, len(names))
    return Added(titles, place, is_there=True)


def _marks(found: Findings, places: Mapping[str, int], manners: Sequence[Manner]) -> Iterator[Mark]:
    """Give what is wrong row by row; *places* are those of the file's columns by their targets."""
    last = 0
    while bad := found.bad(after=last, limit=AT_ONCE):
        for row in bad:
            reasons = tuple(_said(partial(reason_of, row.faults), manner) for manner in manners)
            wrong = {places[fault.column] for fault in row.faults if fault.column in places}
            yield Mark(row.row, reasons, frozenset(wrong))
        last = bad[-1].row


def _said(say: Callable[[], str], manner: Manner) -> str:
    with speaking_to(manner):
        return say()
