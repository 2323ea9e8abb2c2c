"""The parameters of a report: what staff choose."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from dashboard.words import lazy_gettext

ParameterType = Literal["text", "integer", "number", "date", "date-range", "choice", "yes-no"]
TYPES: Final[tuple[ParameterType, ...]] = get_args(ParameterType)

Value = str | int | float | bool | None


@dataclass(frozen=True)
class Parameter:
    """One choice.

    *choices* are values and labels of a list; *query* gives the values from the source instead;
    *span* is the query for the first and the last day of the whole period. *empty* is what staff
    read when nothing is chosen; *least* and *most* bound a number.
    """

    name: str
    label: str
    type: ParameterType
    required: bool = False
    default: str | int | float | bool | None = None
    help: str = ""
    empty: str = "All"
    presets: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    query: str = ""
    span: str = ""
    least: float | None = None
    most: float | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The flat names of the values, in params and in the query."""
        if self.type == "date-range":
            return f"{self.name}_from", f"{self.name}_until"
        return (self.name,)

    def label_of(self, field: str) -> str:
        """Give the label of one of the *fields*."""
        if self.type != "date-range":
            return self.label
        is_first = field == self.fields[0]
        return lazy_gettext("First day") if is_first else lazy_gettext("Last day")


def bound(parameters: tuple[Parameter, ...], params: Mapping[str, object]) -> dict[str, object]:
    """Give what the query binds, by placeholder: flat JSON values, with days as dates."""
    values: dict[str, object] = {}
    for parameter in parameters:
        for field in parameter.fields:
            value = params.get(field)
            is_day = parameter.type in ("date", "date-range") and isinstance(value, str)
            values[field] = date.fromisoformat(str(value)) if is_day else value
    return values
