"""Cells of e-mail addresses, as the desk's own contact lists have them."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from dashboard.formats.spelling import spell
from dashboard.jobs.contacts.address import NotAnAddress, compared, normal_form
from dashboard.jobs.contacts.fields import EMAIL
from dashboard.kinds.imports.unfit import Unfit
from dashboard.sources.writing import TargetColumn

ADDRESS: Final = EMAIL
"""The native type of such a column."""

Key = tuple[Any, ...]


def address(cell: object) -> str:
    """Give the address in *cell* as it stands there, without blanks around; raises Unfit."""
    text = (cell if isinstance(cell, str) else spell(cell)).strip()
    try:
        normal_form(text)
    except NotAnAddress as error:
        raise Unfit(str(error)) from None
    return text


def told_apart(columns: Sequence[TargetColumn]) -> Callable[[Key], Key] | None:
    """Give what turns the values of *columns* into what tells rows apart; None for themselves."""
    places = {at for at, column in enumerate(columns) if column.native == ADDRESS}
    if not places:
        return None

    def fold(key: Key) -> Key:
        return tuple(
            compared(part) if at in places and part is not None else part
            for at, part in enumerate(key)
        )

    return fold
