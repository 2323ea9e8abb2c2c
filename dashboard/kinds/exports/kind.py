"""A table that is open for export, as a kind of job."""

from functools import partial

from dashboard.formats import FORMATS
from dashboard.jobs.kind import Kind, Param
from dashboard.kinds.exports.counting import count
from dashboard.kinds.exports.export import Export
from dashboard.kinds.exports.form import form_factory
from dashboard.kinds.exports.preview import preview
from dashboard.kinds.exports.wording import describe, title_of
from dashboard.kinds.exports.work import run
from dashboard.words import marked

CHOICES = "kinds/exports/_choices.html"


def kind_of(export: Export) -> Kind:
    """Give the kind whose jobs export the table."""
    return Kind(
        name=export.kind,
        title=export.title,
        family="exports",
        summary=export.summary,
        icon="table-2",
        params=_params(export),
        formats=tuple(FORMATS),
        roles=export.roles,
        form=form_factory(export),
        title_of=partial(title_of, export),
        describe=partial(describe, export),
        preview=partial(preview, export),
        count=partial(count, export),
        work=partial(run, export),
        verb=marked("Export"),
        choices=CHOICES,
    )


def _params(export: Export) -> tuple[Param, ...]:
    return (
        Param(
            "columns",
            "choices",
            marked("Columns"),
            ("columns",),
            help="Names of columns, in the order of the file; none for all.",
            choices=tuple((column.name, column.name) for column in export.table.columns),
        ),
        Param(
            "where",
            "list",
            marked("Filters"),
            ("where",),
            help="<column>:<op>:<value> each, the column percent-encoded; all of them hold.",
        ),
        Param(
            "sort",
            "list",
            marked("Sort"),
            ("sort",),
            help="Names of columns, percent-encoded, with - before one that descends.",
        ),
        Param("limit", "integer", marked("At most so many rows"), ("limit",)),
        Param(
            "manner",
            "choice",
            marked("CSV for"),
            ("manner",),
            default="spreadsheet",
            choices=(
                ("spreadsheet", marked("Spreadsheets")),
                ("re-import", marked("Importing again")),
            ),
        ),
    )
