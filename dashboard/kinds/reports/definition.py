"""A report: one .sql file whose leading comment says in TOML what it asks and what it gives."""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any, Final, get_args

from dashboard.formats.table import ColumnType
from dashboard.kinds.reports.head import Head, ReportError, Section
from dashboard.kinds.reports.parameter_head import read_parameters
from dashboard.kinds.reports.parameters import Parameter
from dashboard.sources import QueryError
from dashboard.sources.placeholders import Placeholder, parse

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
SIZE_LIMIT: Final = 256 * 1024  # bytes; a longer file is no report
STARTERS: Final = ("staff", "admin")
FORMATS: Final = ("csv", "xlsx", "pdf")
SOFT_LIMIT: Final = 1800  # seconds
HARD_MARGIN: Final = 300  # seconds that a report has to stop in order after its soft limit


@dataclass(frozen=True)
class ColumnHead:
    """What the head says of a column: its label, its type, and whether it is added up."""

    label: str = ""
    type: ColumnType | None = None
    total: bool = False


@dataclass(frozen=True)
class ChartHead:
    """Which columns a chart shows.

    Each of *y* is a line or a row of bars; with *series* there is one *y*, split by that column.
    """

    type: str
    x: str
    y: tuple[str, ...]
    series: str = ""
    title: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Report:
    """A report as its file defines it; *count* is “query”, “none” or SQL; limits in seconds."""

    name: str
    file: Path
    title: str
    summary: str
    source: str
    source_line: int
    query: str
    query_line: int
    parameters: tuple[Parameter, ...]
    formats: tuple[str, ...]
    columns: Mapping[str, ColumnHead]
    chart: ChartHead | None
    roles: frozenset[str]
    soft_limit: int
    hard_limit: int
    count: str
    title_template: str
    icon: str


def read(file: Path) -> Report:
    """Read the report in *file*. Raises ReportError with the line and the reason."""
    if not NAME.fullmatch(file.stem):
        reason = "A report's file name is lower case letters, digits and hyphens, as in my-report."
        raise ReportError(file, None, reason)
    head = Head(file, _text(file))
    root = head.root()
    parameters = read_parameters(root)
    soft_limit = root.whole("soft_limit", SOFT_LIMIT)
    report = Report(
        name=file.stem,
        file=file,
        title=root.text("title"),
        summary=root.text("summary", ""),
        source=root.text("source"),
        source_line=root.line_of("source"),
        query=head.query,
        query_line=head.query_line,
        parameters=parameters,
        formats=root.some_of("formats", FORMATS, FORMATS),
        columns=_columns(root),
        chart=_chart(root),
        roles=frozenset(root.some_of("roles", STARTERS, STARTERS)),
        soft_limit=soft_limit,
        hard_limit=root.whole("hard_limit", soft_limit + HARD_MARGIN),
        count=root.text("count", "query").strip(),
        title_template=_title_template(root, parameters),
        icon=root.text("icon", "table-2"),
    )
    root.finish()
    if report.hard_limit < report.soft_limit:
        raise root.fail("hard_limit", "“hard_limit” must not be less than “soft_limit”.")
    _check_placeholders(head, root, report)
    return report


def _text(file: Path) -> str:
    try:
        data = file.read_bytes()
        if len(data) > SIZE_LIMIT:
            raise ReportError(file, None, f"The file is larger than {SIZE_LIMIT // 1024} KiB.")
        return data.decode("utf-8-sig")
    except OSError as error:
        raise ReportError(file, None, f"The file cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ReportError(file, line, "The file is not UTF-8 text.") from None


def _columns(root: Section) -> dict[str, ColumnHead]:
    columns: dict[str, ColumnHead] = {}
    for name, section in root.named_tables("columns"):
        kind: Any = section.one_of("type", get_args(ColumnType)) if section.has("type") else None
        columns[name] = ColumnHead(section.text("label", ""), kind, section.flag("total", False))
        section.finish()
    return columns


def _chart(root: Section) -> ChartHead | None:
    section = root.table("chart")
    if section is None:
        return None
    chart = ChartHead(
        type=section.one_of("type", ("bar", "line")),
        x=section.text("x"),
        y=section.texts("y"),
        series=section.text("series", ""),
        title=section.text("title", ""),
        unit=section.text("unit", ""),
    )
    section.finish()
    if not chart.y:
        raise section.fail("y", "“y” must name the column that the chart shows.")
    if chart.series and len(chart.y) > 1:
        raise section.fail("series", "With “series”, “y” must name one column only.")
    return chart


def _title_template(root: Section, parameters: tuple[Parameter, ...]) -> str:
    ranges = [parameter.name for parameter in parameters if parameter.type == "date-range"]
    usual = f"{{title}}, {{{ranges[0]}}}" if ranges else "{title}"
    template = root.text("title_template", usual)
    known = {"title", *(parameter.name for parameter in parameters)}
    try:
        parts = list(Formatter().parse(template))
    except ValueError:
        raise root.fail("title_template", "“title_template” has a brace too many.") from None
    for _, name, form, conversion in parts:
        if name is not None and (name not in known or form or conversion):
            reason = f"“title_template” names {{{name}}}, which is no parameter."
            raise root.fail("title_template", reason)
    return template


def _check_placeholders(head: Head, root: Section, report: Report) -> None:
    """Raise ReportError when the query and the parameters do not name the same things."""
    given = {field: item for item in report.parameters for field in item.fields}
    try:
        used = dict(_placeholders(report.query))
    except QueryError as error:
        raise head.error(report.query_line, str(error)) from None
    for name, line in used.items():
        if name not in given:
            reason = f"The query asks for :{name}, which no parameter gives."
            raise head.error(report.query_line + line, reason)
    for index, section in enumerate(root.list_of_tables("params")):
        for field in report.parameters[index].fields:
            if field not in used:
                raise section.fail("name", f"The query never uses :{field}.")
    if report.count not in ("query", "none"):
        _check_count(root, report.count, given)


def _check_count(root: Section, count: str, given: Container[str]) -> None:
    try:
        unknown = [name for name, _ in _placeholders(count) if name not in given]
    except QueryError as error:
        raise root.fail("count", f"“count” is “query”, “none” or a query. {error}") from None
    if unknown:
        raise root.fail("count", f"“count” asks for :{unknown[0]}, which no parameter gives.")


def _placeholders(query: str) -> Iterator[tuple[str, int]]:
    """Give each placeholder of *query* and its line from 0. Raises QueryError."""
    line = 0
    # Which database it is for is not known yet, so strings are read as the standard has them.
    for piece in parse(query, "").pieces:
        if isinstance(piece, Placeholder):
            yield piece.name, line
        else:
            line += piece.count("\n")
