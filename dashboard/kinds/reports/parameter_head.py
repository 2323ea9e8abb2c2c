"""Reads the [[params]] of a report's head."""

import re
from datetime import date
from typing import Any

from dashboard.kinds.reports.head import Section
from dashboard.kinds.reports.parameters import TYPES, Parameter, ParameterType
from dashboard.kinds.reports.periods import ALL, PRESETS
from dashboard.kinds.reports.values import WrongValue, typed
from dashboard.words import PLAIN, marked, speaking_to

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
# A form has these of its own, so no parameter may bear their names.
_OF_THE_FORM = (
    "csrf_token data errors form_errors formats hidden_tag is_page is_submitted meta notify others "
    "params populate_obj post_process presets process relative report today token validate "
    "validate_on_submit Meta"
)
RESERVED = frozenset(_OF_THE_FORM.split())

USUAL_PRESETS = ("this-month", "last-month", "last-quarter", "this-year", "last-year")
ONLY_FOR: dict[str, tuple[ParameterType, ...]] = {
    "presets": ("date-range",),
    "span": ("date-range",),
    "choices": ("choice",),
    "query": ("choice",),
    "least": ("integer", "number"),
    "most": ("integer", "number"),
}


def read_parameters(root: Section) -> tuple[Parameter, ...]:
    """Give the parameters of the head *root*. Raises ReportError."""
    parameters: list[Parameter] = []
    taken: set[str] = set(RESERVED)
    for section in root.list_of_tables("params"):
        parameter = _parameter(section)
        for name in {parameter.name, *parameter.fields}:
            if name in taken:
                raise section.fail("name", f"The name “{name}” is taken already.")
        taken |= {parameter.name, *parameter.fields}
        parameters.append(parameter)
    return tuple(parameters)


def _parameter(section: Section) -> Parameter:
    name = section.text("name")
    if not NAME.fullmatch(name):
        raise section.fail("name", "A name is lower case letters, digits and underscores.")
    kind: Any = section.one_of("type", TYPES)
    for key, kinds in ONLY_FOR.items():
        if section.has(key) and kind not in kinds:
            raise section.fail(key, f"“{key}” has no meaning for the type “{kind}”.")
    span = section.text("span", "")
    parameter = Parameter(
        name=name,
        label=section.text("label", name.replace("_", " ").capitalize()),
        type=kind,
        required=section.flag("required", kind == "date-range"),
        default=section.get("default", (str, int, float, bool, date), "one value", None),
        help=section.text("help", ""),
        empty=section.text(
            "empty", marked("All") if kind in ("choice", "date-range") else marked("None")
        ),
        presets=_presets(section, span) if kind == "date-range" else (),
        choices=_choices(section),
        query=section.text("query", ""),
        span=span,
        least=section.get("least", (int, float), "a number", None),
        most=section.get("most", (int, float), "a number", None),
    )
    section.finish()
    if kind == "choice" and bool(parameter.choices) == bool(parameter.query):
        raise section.fail(None, "A choice needs either “choices” or “query”.")
    return _with_default(section, parameter)


def _presets(section: Section, span: str) -> tuple[str, ...]:
    usual = (*USUAL_PRESETS, ALL) if span else USUAL_PRESETS
    presets = section.some_of("presets", PRESETS, usual)
    if ALL in presets and not span:
        reason = "The preset “all” needs “span”, a query for the first and the last day."
        raise section.fail("presets", reason)
    return presets


def _choices(section: Section) -> tuple[tuple[str, str], ...]:
    """Give values and labels; each choice is a text, or a list of value and label."""
    found: list[tuple[str, str]] = []
    for item in section.get("choices", list, "a list", []):
        pair = item if isinstance(item, list) else [item, item]
        if len(pair) != 2 or not all(isinstance(text, str) and text for text in pair):
            reason = "Each of “choices” is a text, or a list of two texts: value and label."
            raise section.fail("choices", reason)
        found.append((pair[0], pair[1]))
    return tuple(found)


def _with_default(section: Section, parameter: Parameter) -> Parameter:
    """Give *parameter* with a checked default: a preset for a date range, else a typed value."""
    default: Any = parameter.default
    if isinstance(default, date):
        default = default.isoformat()  # TOML has days of its own.
    if parameter.type == "date-range":
        default = parameter.presets[0] if default is None else default
        section.known("default", (str(default),), PRESETS)
        if default == ALL and not parameter.span:
            reason = "The default “all” needs “span”, a query for the first and the last day."
            raise section.fail("default", reason)
    elif default is not None:
        try:
            # What is wrong with a file is kept, for whoever looks at it next.
            with speaking_to(PLAIN):
                typed(parameter, default, date.today())
        except WrongValue as error:
            raise section.fail("default", str(error)) from None
        if parameter.choices and default not in dict(parameter.choices):
            raise section.fail("default", f"“{default}” is not one of the choices.")
    fields = {**vars(parameter), "default": default}
    return Parameter(**fields)
