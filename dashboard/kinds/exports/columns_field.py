"""The columns of an export, in the order of its files."""

from dataclasses import dataclass
from typing import Any

from wtforms.validators import ValidationError

from dashboard.kinds.exports.list_field import ListField
from dashboard.kinds.exports.ops import name_of
from dashboard.sources import Choice
from dashboard.words import gettext as _


@dataclass(frozen=True)
class Row:
    """A column as the form lists it; *index* is its place in the table."""

    index: int
    name: str
    type: str
    chosen: bool


class ColumnsField(ListField):
    """Names of columns in the order of the file; none for all of them, in the table's order."""

    def process_data(self, value: Any) -> None:
        """Take earlier names; those that are gone are left out."""
        super().process_data(value)
        known = set(self.names)
        for name in self.data:
            if name not in known:
                self.leave_out(name)
        self.data = [name for name in dict.fromkeys(self.data) if name in known]

    @property
    def names(self) -> list[str]:
        """The columns of the table."""
        return [column.name for column in self.table.columns]

    @property
    def wants_none(self) -> bool:
        """Whether a page took away every single column."""
        return bool(self._form.is_page and self._form.is_sent and not self.data)

    def rows(self) -> list[Row]:
        """Give every column for the page, in the order in which it stands there."""
        types = {column.name: name_of(column.type) for column in self.table.columns}
        places = {name: index for index, name in enumerate(types)}
        chosen = {name for name in self.data if name in types}
        if not chosen and not self.wants_none:
            chosen = set(types)
        shown = [name for name in self._form.order or self.data if name in types]
        names = dict.fromkeys([*shown, *types])
        return [Row(places[name], name, types[name], name in chosen) for name in names]

    def pre_validate(self, form: Any) -> None:
        """Raise ValidationError where a column is unknown, doubled, or none was chosen."""
        if self.process_errors:
            return
        if self.wants_none:
            raise ValidationError(_("Choose at least one column."))
        self.require(Choice(columns=tuple(self.data)))

    def chosen(self) -> list[str]:
        """Give the checked choice; a page where all stand in the table's order means all."""
        return [] if self._form.is_page and self.data == self.names else list(self.data)
