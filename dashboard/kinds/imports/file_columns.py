"""The columns of a file on the page of an import, each with where it goes."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from werkzeug.datastructures import MultiDict

from dashboard.kinds.imports.mapping import Pair, spelled_pair
from dashboard.kinds.imports.sent import Sent

COLUMN: Final = "column-"
"""With the number of a column behind it: the name of the field that says where it goes."""


class FileColumn(NamedTuple):
    """A column of the file as the page lists it."""

    number: int
    name: str
    samples: list[str]
    target: str


def columns_of(file: Sent, pairs: Sequence[Pair]) -> list[FileColumn]:
    """Give the columns of *file*, which go where *pairs* say."""
    chosen = {pair.number: pair.target for pair in pairs}
    return [
        FileColumn(at + 1, name, file.samples.get(at, []), chosen.get(at + 1, ""))
        for at, name in enumerate(file.columns)
    ]


def fold(sent: "MultiDict[str, Any]", file: Sent) -> bool:
    """Put the choices of each column into “mapping”, in place, in their spelling.

    Gives whether the page was made for another reading of *file*; there are none then.
    """
    chosen = {name: sent.pop(name) for name in list(sent) if name.startswith(COLUMN)}
    if chosen and sent.get("seen") != file.digest:
        sent.poplist("mapping")
        return True
    sent.setlist(
        "mapping",
        [
            spelled_pair(Pair(at + 1, str(chosen[f"{COLUMN}{at + 1}"]), name))
            for at, name in enumerate(file.columns)
            if f"{COLUMN}{at + 1}" in chosen
        ],
    )
    if not chosen:
        sent.poplist("mapping")
    return False
