"""The filters of an export."""

from typing import Any, Final, NamedTuple

from wtforms.validators import ValidationError

from dashboard.kinds.exports.list_field import ListField
from dashboard.kinds.exports.ops import control_of, name_of, ops_of
from dashboard.sources import (
    OPS,
    Choice,
    ColumnType,
    Condition,
    Table,
    fault,
    parse_condition,
    spelled,
)
from dashboard.sources.checking import MOST_CONDITIONS
from dashboard.words import gettext as _

VALUE_LIMIT: Final = 20_000  # characters of one filter


class FilterRow(NamedTuple):
    """A filter as the form shows it, with what is wrong with it."""

    column: str
    control: str
    ops: list[tuple[str, str]]
    op: str
    value: str
    problem: str = ""


class FiltersField(ListField):
    """Filters, all of which hold, as <column>:<op>:<value>."""

    conditions: list[Condition]
    problems: dict[int, str]

    def process_data(self, value: Any) -> None:
        """Take earlier filters; those of columns that are gone are left out."""
        super().process_data(value)
        self.problems = {}
        self.conditions = []
        known = {column.name for column in self.table.columns}
        for text in self.data:
            try:
                condition = parse_condition(text)
            except ValueError:
                self.leave_out(text)
                continue
            if condition.column in known:
                self.conditions.append(condition)
            else:
                self.leave_out(condition.column)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was sent; raises ValueError where a text is no filter."""
        self.conditions = []
        super().process_formdata(valuelist)
        self.conditions = [_tidied(parse_condition(text), self.table) for text in self.data]

    def rows(self) -> list[FilterRow]:
        """Give the filters for the page."""
        types = {column.name: column.type for column in self.table.columns}
        return [
            row_of(each, types.get(each.column), self.problems.get(index, ""))
            for index, each in enumerate(self.conditions)
        ]

    def blanks(self) -> list[tuple[str, FilterRow]]:
        """Give a row without a value for each type of column, by what the page calls the type."""
        types = dict.fromkeys(column.type for column in self.table.columns)
        return [(type_ or "", row_of(Condition("", OPS[type_][0]), type_)) for type_ in types]

    def columns(self) -> list[tuple[str, str, str]]:
        """Give name, type, and the word for the type, of each column that may be filtered."""
        return [(each.name, each.type or "", name_of(each.type)) for each in self.table.columns]

    def pre_validate(self, form: Any) -> None:
        """Raise ValidationError with every filter that cannot be used."""
        if self.process_errors:
            return
        if len(self.conditions) > MOST_CONDITIONS:
            self.require(Choice(where=tuple(self.conditions)))
        for index, condition in enumerate(self.conditions):
            if problem := self._problem(condition):
                self.problems[index] = problem
        if self.problems:
            raise ValidationError(" ".join(dict.fromkeys(self.problems.values())))

    def _problem(self, condition: Condition) -> str | None:
        if len(condition.value) > VALUE_LIMIT:
            return _(
                "The filter on “%(column)s” is longer than %(limit)s characters.",
                column=condition.column,
                limit=VALUE_LIMIT,
            )
        return fault(condition, self.table)

    def spelled(self) -> list[str]:
        """Give the checked filters in their one spelling."""
        return [spelled(condition) for condition in self.conditions]


def row_of(condition: Condition, type_: ColumnType | None, problem: str = "") -> FilterRow:
    """Give *condition* on a column of *type_* as the form shows it."""
    return FilterRow(
        condition.column,
        control_of(type_),
        ops_of(type_),
        condition.op,
        condition.value,
        problem,
    )


def _tidied(condition: Condition, table: Table) -> Condition:
    """Give *condition* with what a browser or a paste adds to its value taken away."""
    types = {column.name: column.type for column in table.columns}
    value = condition.value.replace("\r\n", "\n")
    if types.get(condition.column, "text") not in ("text", None):
        value = value.strip()
    return Condition(condition.column, condition.op, value)
