"""The sums of the columns that have a total, exact however many rows there are."""

import math
from collections.abc import Iterator, Sequence
from decimal import Context, Decimal, localcontext

from dashboard.formats.remarks import Remarks
from dashboard.formats.table import NUMERIC, Column

# Room for sums of any money on earth; the usual 28 digits would round silently.
EXACT = Context(prec=100)


class Totals:
    """Adds up batch by batch; what is no finite number is left out with a remark."""

    def __init__(self, columns: Sequence[Column], remarks: Remarks) -> None:
        self._remarks = remarks
        self._sums = {
            index: Decimal(0)
            for index, column in enumerate(columns)
            if column.total and column.type in NUMERIC
        }
        self._columns = columns

    def add(self, columns: Sequence[Sequence[object]]) -> None:
        """Takes a batch, column by column."""
        for index in self._sums:
            numbers = list(_addends(columns[index]))
            nulls = columns[index].count(None)
            odd = len(columns[index]) - nulls - len(numbers)
            self._remarks.add("untotalled", self._columns[index].label, odd)
            with localcontext(EXACT):
                self._sums[index] += sum(numbers)

    def sums(self) -> dict[int, Decimal]:
        """Gives the sums by the place of their column, from 0."""
        return dict(self._sums)


def _addends(values: Sequence[object]) -> Iterator[int | Decimal]:
    """Gives the numbers among *values* without binary noise: 0.1 counts as 0.1."""
    for value in values:
        if isinstance(value, Decimal | float):
            if math.isfinite(value):
                yield value if isinstance(value, Decimal) else Decimal(repr(value))
        elif isinstance(value, int) and not isinstance(value, bool):
            yield value
