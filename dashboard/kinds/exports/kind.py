"""A table that is open for export, as a kind of job."""

from functools import partial

from dashboard.formats import FORMATS
from dashboard.jobs.kind import Kind, Param
from dashboard.kinds.exports import labels
from dashboard.kinds.exports.counting import count
from dashboard.kinds.exports.export import Export
from dashboard.kinds.exports.form import form_factory
from dashboard.kinds.exports.manners import MANNERS, SPREADSHEET
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
            labels.COLUMNS,
            ("columns",),
            help="Names of columns, in the order of the file; none for all.",
            choices=tuple((column.name, column.name) for column in export.table.columns),
        ),
        Param(
            "where",
            "list",
            labels.FILTERS,
            ("where",),
            help="<column>:<op>:<value> each, the column percent-encoded; all of them hold.",
        ),
        Param(
            "sort",
            "list",
            labels.SORT,
            ("sort",),
            help="Names of columns, percent-encoded, with - before one that descends.",
        ),
        Param("limit", "integer", labels.LIMIT, ("limit",)),
        Param(
            "manner",
            "choice",
            labels.MANNER,
            ("manner",),
            default=SPREADSHEET,
            choices=tuple((name, manner.label) for name, manner in MANNERS.items()),
        ),
    )
