"""What the page of an export sends, folded into the spelling that addresses and programs use.

Each column has a box and a number for its place, each filter three fields, each order two; buttons
that change the choices (“change”) do so here, for browsers without scripts.
"""

import math
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from dashboard.sources import OPS, Condition, Order, Table, spelled, spelled_order

Sent = MultiDict[str, Any]

FAR: Final = float("inf")
REMOVE: Final = "remove-filter-"


def folded(sent: Sent, table: Table) -> list[str]:
    """Put the columns of *table*, filters and order of *sent* in their spelling, in place.

    Gives the names of all columns as the page now has them in order.
    """
    change = str(sent.pop("change", ""))
    order = _ordered(sent, [column.name for column in table.columns])
    _fold_columns(sent, order, change)
    _fold_filters(sent, table, change)
    _fold_sort(sent)
    return order


def _ordered(sent: Sent, names: list[str]) -> list[str]:
    """Give *names* by the numbers of their places; those without one come last, as they were.

    Who gives a column the number of another one means its place: coming from below it goes before
    that one, coming from above after it.
    """
    shown = [field for field in sent if field.startswith("place-")]
    before = {field: index for index, field in enumerate(shown, 1)}
    keys: dict[str, tuple[float, int, float]] = {}
    for index, name in enumerate(names):
        field = f"place-{index}"
        was, place = before.get(field, FAR), _number(sent.get(field))
        keys[name] = (place, (place > was) - (place < was), was)
    return sorted(names, key=lambda name: keys[name])


def _number(text: Any) -> float:
    try:
        number = float(text)
    except (TypeError, ValueError):
        return FAR
    return number if math.isfinite(number) else FAR


def _fold_columns(sent: Sent, order: list[str], change: str) -> None:
    chosen = set(sent.poplist("columns"))
    if change == "all-columns":
        chosen = set(order)
    elif change == "no-columns":
        chosen = set()
    unknown = sorted(name for name in chosen if name not in order)
    sent.setlist("columns", [*(name for name in order if name in chosen), *unknown])


def _fold_filters(sent: Sent, table: Table, change: str) -> None:
    rows = zip(
        sent.poplist("filter-column"),
        sent.poplist("filter-op"),
        sent.poplist("filter-value"),
        strict=False,
    )
    filters = [_condition(*row) for row in rows]
    added = sent.pop("filter-new", "")
    types = {column.name: column.type for column in table.columns}
    if change == "add-filter" and added in types:
        filters.append(Condition(added, OPS[types[added]][0]))
    elif change.startswith(REMOVE) and change.removeprefix(REMOVE).isdecimal():
        index = int(change.removeprefix(REMOVE))
        filters = filters[:index] + filters[index + 1 :]
    sent.setlist("where", [spelled(condition) for condition in filters])


def _condition(column: str, op: str, value: str) -> Condition:
    """Give one filter; a text box ends its lines with CR LF and may have one too many."""
    return Condition(column, op, value.replace("\r\n", "\n").strip("\n"))


def _fold_sort(sent: Sent) -> None:
    rows = zip(sent.poplist("sort-column"), sent.poplist("sort-way"), strict=False)
    orders = [Order(column, way == "down") for column, way in rows if column]
    sent.setlist("sort", [spelled_order(order) for order in orders])
