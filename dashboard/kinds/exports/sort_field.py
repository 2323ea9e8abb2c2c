"""The order of an export’s rows."""

from typing import Any, Final

from wtforms.validators import ValidationError

from dashboard.kinds.exports.list_field import ListField
from dashboard.sources import Choice, Order, parse_order, spelled_order
from dashboard.words import gettext as _

SORTS: Final = 3  # columns


class SortField(ListField):
    """Columns to sort by, with - before one that descends."""

    orders: list[Order]

    def process_data(self, value: Any) -> None:
        """Take an earlier order; columns that are gone are left out."""
        super().process_data(value)
        known = {column.name for column in self.table.columns}
        self.orders = []
        for text in self.data:
            try:
                order = parse_order(text)
            except ValueError:
                continue
            if order.column in known:
                self.orders.append(order)
            else:
                self.leave_out(order.column)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was sent; raises ValueError where a text names no column."""
        self.orders = []
        super().process_formdata(valuelist)
        self.orders = [parse_order(text) for text in self.data]

    def rows(self) -> list[Order]:
        """Give the order for the page, with empty rows up to SORTS."""
        return [*self.orders, *[Order("")] * (SORTS - len(self.orders))]

    def names(self) -> list[str]:
        """Give the columns to sort by."""
        return [column.name for column in self.table.columns]

    def pre_validate(self, form: Any) -> None:
        """Raise ValidationError where a column is unknown, doubled, or one too many."""
        if self.process_errors:
            return
        if len(self.orders) > SORTS:
            raise ValidationError(_("Sort by at most %(limit)s columns.", limit=SORTS))
        self.require(Choice(sort=tuple(self.orders)))

    def spelled(self) -> list[str]:
        """Give the checked order in its one spelling."""
        return [spelled_order(order) for order in self.orders]
