"""A report as a kind of job."""

from functools import partial

from dashboard.jobs.kind import Kind, Param
from dashboard.kinds.reports.counting import count
from dashboard.kinds.reports.definition import Report
from dashboard.kinds.reports.form import form_factory
from dashboard.kinds.reports.parameters import Parameter
from dashboard.kinds.reports.periods import PRESETS
from dashboard.kinds.reports.preview import preview
from dashboard.kinds.reports.wording import describe, title_now, title_of
from dashboard.kinds.reports.work import run


def kind_of(report: Report) -> Kind:
    """Give the kind whose jobs run *report*."""
    return Kind(
        name=report.name,
        title=report.title,
        family="reports",
        summary=report.summary,
        icon=report.icon,
        params=tuple(_param(parameter) for parameter in report.parameters),
        formats=report.formats,
        roles=report.roles,
        soft_limit=report.soft_limit,
        hard_limit=report.hard_limit,
        form=form_factory(report),
        title_of=partial(title_of, report),
        describe=partial(describe, report),
        preview=partial(preview, report),
        count=partial(count, report) if report.count != "none" else None,
        title_now=partial(title_now, report),
        work=partial(run, report),
        definition=partial(_definition, report),
    )


def _definition(report: Report) -> str:
    try:
        return report.file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""  # It has gone since, or is no report any more.


def _param(parameter: Parameter) -> Param:
    return Param(
        name=parameter.name,
        type=parameter.type,
        label=parameter.label,
        fields=parameter.fields,
        required=parameter.required,
        default=parameter.default,
        help=parameter.help,
        choices=parameter.choices,
        presets=tuple((name, PRESETS[name].label) for name in parameter.presets),
    )
