"""A report's job in words: its title and the choices that were made."""

from collections.abc import Mapping
from datetime import date
from string import Formatter
from typing import Any

from dashboard.jobs.document import formats_choice
from dashboard.kinds.reports import periods
from dashboard.kinds.reports.definition import Report
from dashboard.kinds.reports.parameters import Parameter
from dashboard.kinds.reports.periods import PRESETS, Period
from dashboard.kinds.reports.person import today
from dashboard.kinds.reports.values import NAMED_DAYS, typed


def in_words(parameter: Parameter, params: Mapping[str, object], *, short: bool = False) -> str:
    """Give the choice made for *parameter* for people; *short* as a title has it."""
    values = [params.get(field) for field in parameter.fields]
    if any(value is None or value == "" for value in values):
        return parameter.empty
    if parameter.type == "date-range":
        first, last = (date.fromisoformat(str(value)) for value in values)
        return (periods.in_short if short else periods.in_words)(Period(first, last))
    if parameter.type == "date":
        return periods.day_in_words(date.fromisoformat(str(values[0])))
    if parameter.type == "yes-no":
        return "Yes" if values[0] else "No"
    if parameter.type in ("integer", "number"):
        value = float(str(values[0]))
        # Below that a number may be a year, which has no thousands.
        return f"{values[0]:,}" if abs(value) >= 10_000 else str(values[0])
    return dict(parameter.choices).get(str(values[0]), str(values[0]))


def title_of(report: Report, params: Mapping[str, Any]) -> str:
    """Give the title of a job, as in “Sales by month, October 2026”."""
    words = {item.name: in_words(item, params, short=True) for item in report.parameters}
    return Formatter().vformat(report.title_template, (), {**words, "title": report.title})


def title_now(report: Report, params: Mapping[str, Any], relative: Mapping[str, str]) -> str:
    """Give the title of a job with these choices that began now, its named periods rolled on.

    The source is not asked: the whole period is called by its name. Raises ValueError where a
    choice does not fit the report any more.
    """
    words = {
        item.name: _now(item, relative.get(item.name, "")) or in_words(item, params, short=True)
        for item in report.parameters
    }
    return Formatter().vformat(report.title_template, (), {**words, "title": report.title})


def _now(parameter: Parameter, name: str) -> str:
    """Give the period or the day called *name* as it is today; nothing where there is none."""
    if parameter.type == "date" and name in NAMED_DAYS:
        return periods.day_in_words(date.fromisoformat(str(typed(parameter, name, today()))))
    if parameter.type == "date-range" and name in PRESETS:
        found = PRESETS[name]
        return periods.in_short(found.of(today())) if found.of else found.label.lower()
    return ""


def describe(report: Report, params: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Give label and value of each choice, the formats last."""
    choices = [(item.label, in_words(item, params)) for item in report.parameters]
    formats = formats_choice(params)
    return (*choices, formats) if formats[1] else tuple(choices)


def file_name(report: Report, params: Mapping[str, Any]) -> str:
    """Give the name of a job's files, without extension: sales-by-month-2026-10."""
    days = [
        [params.get(field) for field in item.fields]
        for item in report.parameters
        if item.type in ("date", "date-range")
    ]
    if not days or not all(days[0]):
        return report.name
    first, last = (date.fromisoformat(str(day)) for day in (days[0][0], days[0][-1]))
    return f"{report.name}-{periods.in_file_name(Period(first, last))}"
