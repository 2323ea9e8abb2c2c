"""Looks what the undo of an import would do, and changes nothing."""

import uuid
from typing import Final

from dashboard.extensions import db
from dashboard.jobs.running import Running
from dashboard.jobs.targets import table_of, target
from dashboard.kinds.imports.opened import Opened
from dashboard.kinds.imports.undo.seen import Sight
from dashboard.kinds.imports.undo.standing import refuse_while_importing
from dashboard.kinds.imports.undo.stored import EXTENSION, NAME
from dashboard.sources.writing import OUTLOOKS, Counts
from dashboard.words import marked

LOOK: Final = marked("Compare the rows with what they were")
STORE: Final = marked("Store what was seen")


def run(opened: Opened, running: Running) -> None:
    """Do the work of one check. Raises SourceError, StorageError, Permanent, Transient or Stop."""
    running.steps([LOOK, STORE])
    running.step(LOOK)
    check = uuid.UUID(running.params["check"])
    refuse_while_importing(opened.slug, check)
    db.session.rollback()  # Looking takes long; the ledger holds no snapshot meanwhile.
    into = target(opened.source)
    table = table_of(opened.source, opened.table)
    seconds = running.kind.soft_limit
    with into.writing(check.hex, timeout=seconds, read_only=True) as imported:
        done = sum(imported.marks().values(), Counts())
    wrote = done.inserted + done.updated + done.deleted
    with running.draft(NAME, EXTENSION) as draft:
        with (
            into.undoing(
                running.id.hex, check.hex, table, timeout=seconds, read_only=True
            ) as undoing,
            running.interrupting(undoing.interrupt),
            Sight.written(draft.path) as sight,
        ):
            kept = undoing.kept()
            looked = 0
            for batch in undoing.look() if kept else ():
                sight.add(batch)
                looked += len(batch)
                running.progress(looked, kept, LOOK)
            counts = {outlook: sight.counts[outlook] for outlook in OUTLOOKS}
            sight.tell(columns=[column.name for column in table.columns])
        running.step(STORE)
        running.attach(draft, NAME)
    running.log(
        f"Would remove {counts['remove']:,} rows and restore {counts['restore']:,};"
        f" {counts['changed'] + counts['gone']:,} were changed since"
    )
    # What an import wrote before images were kept, or so long ago, cannot be taken back.
    lost = max(0, wrote - kept)
    running.result |= {"rows": kept, "counts": counts, "lost": lost}
