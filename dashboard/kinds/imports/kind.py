"""A table that is open for import, as kinds of job: to check a file, import it, take it back."""

from functools import partial

from dashboard.formats.reading import SIGNS
from dashboard.jobs.kind import Kind, Param
from dashboard.jobs.unlisted import no_form
from dashboard.kinds.imports import check, work
from dashboard.kinds.imports.form import form_factory
from dashboard.kinds.imports.opened import Opened
from dashboard.kinds.imports.params import MODES
from dashboard.kinds.imports.undo.kind import undo_kinds_of, unless_undone
from dashboard.kinds.imports.wording import check_title, describe, describe_import, import_title
from dashboard.words import marked

SUMMARY = marked("Adds and updates rows from a CSV file or an Excel workbook.")
NOTHING_CHANGED = marked("A check changes nothing: no row was added or updated.")


def kinds_of(opened: Opened) -> tuple[Kind, ...]:
    """Give the kinds of what was opened: the check, the import that follows it, and its undo."""
    return (
        Kind(
            name=opened.check_kind,
            title=opened.title,
            family="imports",
            summary=opened.summary or SUMMARY,
            icon="upload",
            params=PARAMS,
            roles=opened.roles,
            form=form_factory(opened),
            title_of=partial(check_title, opened),
            describe=partial(describe, opened),
            work=partial(check.run, opened),
            verb=marked("Check file"),
            choices="kinds/imports/_choices.html",
            page="kinds/imports/start.html",
            outcome="kinds/imports/_checked.html",
            unchanged=NOTHING_CHANGED,
        ),
        Kind(
            name=opened.import_kind,
            title=opened.title,
            family="imports",
            summary=opened.summary or SUMMARY,
            icon="upload",
            roles=opened.roles,
            form=no_form,
            title_of=partial(import_title, opened),
            describe=partial(describe_import, opened),
            work=unless_undone(opened, work.run),
            verb=marked("Import"),
            outcome="kinds/imports/_imported.html",
            listed=False,
            unchanged=work.STAYS,
            soft_limit=3 * 3600,
            hard_limit=3 * 3600 + 600,
        ),
        *undo_kinds_of(opened),
    )


PARAMS = (
    Param(
        "upload",
        "text",
        marked("File"),
        ("upload",),
        required=True,
        help="The id that POST /uploads gave.",
    ),
    Param(
        "mapping",
        "list",
        marked("Columns"),
        ("mapping",),
        help="<number of the file’s column>:<column of the table>; proposed when not given.",
    ),
    Param(
        "by",
        "text",
        marked("Rows are told apart by"),
        ("by",),
        help="Columns of the table with commas, each percent-encoded; empty to add all rows.",
    ),
    Param(
        "mode",
        "choice",
        marked("What to do"),
        ("mode",),
        choices=tuple(MODES.items()),
    ),
    Param("encoding", "text", marked("Encoding"), ("encoding",), help="Recognised when not given."),
    Param(
        "delimiter",
        "choice",
        marked("Delimiter"),
        ("delimiter",),
        choices=tuple((name, name) for name in SIGNS),
        help="Recognised when not given.",
    ),
    Param(
        "header",
        "choice",
        marked("Header"),
        ("header",),
        choices=(("yes", marked("Yes")), ("no", marked("No"))),
        help="Recognised when not given.",
    ),
    Param("sheet", "text", marked("Sheet"), ("sheet",), help="The first one when not given."),
    Param(
        "decimal",
        "choice",
        marked("Decimal sign"),
        ("decimal",),
        choices=((".", "."), (",", ",")),
        help="Recognised when not given.",
    ),
    Param(
        "days",
        "choice",
        marked("Order of days and months"),
        ("days",),
        choices=(("dmy", marked("Day before month")), ("mdy", marked("Month before day"))),
    ),
    Param(
        "nulls",
        "choice",
        marked("What has no value"),
        ("nulls",),
        choices=(("empty", marked("An empty cell")), ("mark", marked("Only the mark \\N"))),
    ),
)
