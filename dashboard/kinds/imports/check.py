"""Checks a file: says what an import would do, and changes nothing."""

from contextlib import ExitStack
from typing import Final

from dashboard.extensions import db
from dashboard.formats.reading import Unreadable, reading
from dashboard.jobs.errors import Permanent
from dashboard.jobs.running import Running
from dashboard.jobs.targets import MIRROR, table_of, target
from dashboard.jobs.uploads import open_upload
from dashboard.kinds.imports.comparing import GONE
from dashboard.kinds.imports.findings import FATES, Findings, summed
from dashboard.kinds.imports.judging import Judge
from dashboard.kinds.imports.missing import find_missing, keys_in_file
from dashboard.kinds.imports.opened import Opened
from dashboard.kinds.imports.params import chosen_of
from dashboard.kinds.imports.plan import plan_of
from dashboard.kinds.imports.rows_to_fix import RowsToFix
from dashboard.kinds.imports.stored import EXTENSION, NAME, READY
from dashboard.words import marked

CHUNK: Final = 10_000
"""Rows that are checked, and later written, at once: a transaction of well under a second."""

REASONS: Final = 20
"""Of the reasons why rows cannot be imported the page shows the most frequent ones."""

KILO: Final = 1000
MEASURED: Final = marked("KB")
FETCH: Final = marked("Open the file")
CHECK: Final = marked("Check the rows")
COMPARE: Final = marked("Look for rows that the file does not have")
STORE: Final = marked("Store what was found")
SEND_ANOTHER: Final = marked("Send a corrected file, or change how it is read.")


def run(opened: Opened, running: Running) -> None:
    """Do the work of one check. Raises SourceError, StorageError, Permanent, Transient or Stop."""
    running.steps([FETCH, CHECK, STORE])
    running.step(FETCH)
    chosen = chosen_of(running.params)
    into = target(opened.source)
    table = table_of(opened.source, opened.table)
    with ExitStack() as stack:
        draft = stack.enter_context(running.draft(NAME, EXTENSION))
        ready_draft = stack.enter_context(running.draft(READY, EXTENSION))
        sent = stack.enter_context(open_upload(chosen.upload, None, proven=True))
        db.session.rollback()  # Checking takes long; the ledger holds no snapshot meanwhile.
        try:
            with (
                reading(sent.path, chosen.manner, batch=CHUNK) as file,
                into.writing(
                    running.id.hex, timeout=running.kind.soft_limit, read_only=True
                ) as snapshot,
                running.interrupting(snapshot.interrupt),
                Findings.written(draft.path) as found,
                into.making(ready_draft.path, [pair.target for pair in chosen.mapped]) as making,
                Judge.of(
                    plan_of(opened, chosen, table, file.columns), snapshot, making, draft.scratch
                ) as judge,
            ):
                running.step(CHECK)
                bad_rows = RowsToFix(running, stack, chosen.file, file.columns)
                rows = chunk = 0
                for batch in file.batches:
                    judge.judge(chunk, batch, len(file.columns), found, bad_rows)
                    rows += len(batch)
                    chunk += 1  # noqa: SIM113  # enumerate() would hold the batch before.
                    del batch  # The next one takes its place in memory.
                    done = int(file.position() * sent.size)
                    running.progress(done // KILO, sent.size // KILO, CHECK, unit=MEASURED)
                if chosen.mode == MIRROR:
                    running.phase(COMPARE)
                    with keys_in_file(opened, chosen, table) as keys:
                        limit = running.kind.soft_limit
                        find_missing(judge.plan, into, keys, found, timeout=limit)
                found.tell(
                    columns=judge.plan.columns,
                    by=judge.plan.by,
                    fingerprint=table.fingerprint,
                    rows=rows,
                    chunk=CHUNK,
                )
                is_whole = making is not None and making.is_whole
                counts = {fate: found.counts[fate] for fate in FATES}
                if chosen.mode == MIRROR:
                    counts[GONE] = found.counts[GONE]
                reasons = summed(found.reasons, REASONS)
                more = max(0, len(found.reasons) - REASONS)
        except Unreadable as error:
            what = f"{error.sentence} The file begins with: {error.first_line}"
            raise Permanent(
                what if error.first_line else error.sentence, next=SEND_ANOTHER
            ) from error
        running.step(STORE)
        running.attach(draft, NAME)
        if is_whole:
            running.attach(ready_draft, READY)
        bad_rows.keep()
    running.log(f"Checked {rows:,} rows: {counts['b']:,} cannot be imported")
    running.result |= {
        "rows": rows,
        "counts": counts,
        "reasons": reasons,
        "more_reasons": more,
        "prepared": into.is_prepared(),
    }
