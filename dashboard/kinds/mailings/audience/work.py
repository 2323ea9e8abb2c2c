"""Checks the recipients of a mailing: who gets it, and who does not; nothing is sent."""

from collections.abc import Collection
from contextlib import ExitStack
from typing import Final

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs.running import Running
from dashboard.jobs.twins import Twins
from dashboard.kinds.mailings.audience.choice import Audience
from dashboard.kinds.mailings.audience.judging import Judge
from dashboard.kinds.mailings.audience.needs import Needs
from dashboard.kinds.mailings.audience.people import EXTENSION, NAME, Writing
from dashboard.kinds.mailings.audience.people_to_fix import PeopleToFix
from dashboard.kinds.mailings.audience.reading import opened, said_plainly
from dashboard.models import Suppression
from dashboard.words import marked

FETCH: Final = marked("Open the recipients")
CHECK: Final = marked("Check the recipients")
STORE: Final = marked("Store what was found")
AT_ONCE: Final = 500
"""Addresses that are looked up with one statement."""


def run(running: Running) -> None:
    """Do the work of one check. Raises StorageError, Permanent, Transient or Stop."""
    running.steps([FETCH, CHECK, STORE])
    running.step(FETCH)
    audience = Audience.of(running.params["audience"])
    needs = Needs(tuple(running.params["fields"]), tuple(running.params.get("subject", ())))
    rows = 0
    with ExitStack() as stack:
        draft = stack.enter_context(running.draft(NAME, EXTENSION))
        source = stack.enter_context(opened(audience, None, proven=True))
        bad_rows = PeopleToFix(running, stack, source.columns)
        twins = stack.enter_context(Twins(draft.scratch / "twins.db"))
        judge = Judge(source.fields, source.email, needs, twins, suppressed_of)
        with Writing.into(draft.path) as writing:
            writing.tell(source.fields, source.fields[source.email])
            running.step(CHECK)
            db.session.rollback()  # Checking takes long; the ledger holds no snapshot meanwhile.
            with said_plainly():
                for entries in source.batches:
                    judged = judge.judge(entries)
                    writing.add(judged)
                    bad_rows.add([each.person for each in judged if each.fate == "bad"])
                    rows += len(entries)
                    db.session.rollback()
                    done, total, unit = source.measure(rows)
                    running.progress(done, total, CHECK, unit=unit)
        running.step(STORE)
        running.attach(draft, NAME)
        bad_rows.keep()
    counts = dict(writing.counts)
    running.log(f"Checked {rows:,} rows: {counts['good']:,} will get the e-mail")
    running.result |= {
        "rows": rows,
        "counts": counts,
        "digest": writing.digest,
        "fields": list(source.fields),
        "missing": dict(judge.missing),
        "broken": dict(judge.broken),
    }


def suppressed_of(addresses: Collection[str]) -> set[str]:
    """Give those of *addresses* to which nothing goes."""
    wanted, found = sorted(addresses), set[str]()
    for begin in range(0, len(wanted), AT_ONCE):
        some = wanted[begin : begin + AT_ONCE]
        query = select(Suppression.address).where(Suppression.address.in_(some))
        found.update(db.session.scalars(query))
    return found
