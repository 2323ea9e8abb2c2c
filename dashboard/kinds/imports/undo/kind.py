"""The kinds that take imports into an open table back: one looks, one does it."""

import uuid
from collections.abc import Callable
from functools import partial

from dashboard.jobs.kind import Kind
from dashboard.jobs.running import Running
from dashboard.jobs.unlisted import no_form
from dashboard.kinds.imports.opened import Opened
from dashboard.kinds.imports.undo import check, work
from dashboard.kinds.imports.undo.names import undo_check_kind, undo_kind
from dashboard.kinds.imports.undo.standing import refuse_undone
from dashboard.kinds.imports.undo.wording import (
    check_title,
    describe_check,
    describe_undo,
    undo_title,
)
from dashboard.words import marked

SUMMARY = marked("Takes back what an import has changed.")
NOTHING_CHANGED = marked("A look changes nothing: no row was taken back.")


def undo_kinds_of(opened: Opened) -> tuple[Kind, Kind]:
    """Give the kinds that take back what was imported into what was opened."""
    return (
        Kind(
            name=undo_check_kind(opened),
            title=opened.title,
            family="imports",
            summary=SUMMARY,
            icon="rotate-ccw",
            roles=opened.roles,
            form=no_form,
            title_of=partial(check_title, opened),
            describe=partial(describe_check, opened),
            work=partial(check.run, opened),
            verb=marked("Look what an undo would do"),
            outcome="kinds/imports/undo/_looked.html",
            listed=False,
            unchanged=NOTHING_CHANGED,
        ),
        Kind(
            name=undo_kind(opened),
            title=opened.title,
            family="imports",
            summary=SUMMARY,
            icon="rotate-ccw",
            roles=opened.roles,
            form=no_form,
            title_of=partial(undo_title, opened),
            describe=partial(describe_undo, opened),
            work=partial(work.run, opened),
            verb=marked("Undo"),
            outcome="kinds/imports/undo/_undone.html",
            listed=False,
            unchanged=work.STAYS,
            soft_limit=3 * 3600,
            hard_limit=3 * 3600 + 600,
        ),
    )


def unless_undone(
    opened: Opened, importing: Callable[[Opened, Running], None]
) -> Callable[[Running], None]:
    """Give the work of an import that is not gone on with once an undo of it has begun."""

    def run(running: Running) -> None:
        refuse_undone(opened.slug, uuid.UUID(running.params["check"]))
        importing(opened, running)

    return run
