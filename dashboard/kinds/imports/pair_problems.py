"""What is wrong with where the columns of a file are to go, in sentences."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from dashboard.kinds.imports.mapping import Pair
from dashboard.sources.writing import TargetColumn
from dashboard.words import gettext as _, ngettext

NAMED: Final = 5  # columns in a sentence


def problems_of(
    pairs: Sequence[Pair],
    targets: Sequence[TargetColumn],
    *,
    width: int,
    by: Sequence[str],
    mode: str,
) -> list[str]:
    """Give what is wrong with *pairs* of a file of *width* columns and of a table of *targets*.

    *by* are the columns that tell rows apart.
    """
    known = {column.name for column in targets}
    chosen = [pair for pair in pairs if pair.target]
    problems = []
    if not chosen:
        return [_("Choose where at least one column goes.")]
    for pair in chosen:
        if pair.target not in known:
            problems.append(_("There is no column “%(name)s”.", name=pair.target))
        if pair.number > width:
            problems.append(_("The file has no column %(number)s.", number=pair.number))
    counted = Counter(pair.target for pair in chosen)
    problems += [
        _("Two columns go into “%(name)s”.", name=name)
        for name, times in counted.items()
        if times > 1
    ]
    numbers = Counter(pair.number for pair in pairs)
    if any(times > 1 for times in numbers.values()):
        problems.append(_("A column of the file can go into one column only."))
    return problems + _missing(counted, targets, by=by, mode=mode)


def _missing(
    mapped: Collection[str], targets: Sequence[TargetColumn], *, by: Sequence[str], mode: str
) -> list[str]:
    """Give what no import would go without."""
    problems = []
    if missing := [name for name in by if name not in mapped]:
        names = ", ".join(missing)
        problems.append(_("Rows are told apart by %(names)s: choose a column for it.", names=names))
    if not by and mode != "add":
        problems.append(_("Without anything that tells rows apart, rows can only be added."))
    needed = [each.name for each in targets if each.required and each.name not in mapped]
    if mode != "update" and needed:
        names = ", ".join(needed[:NAMED]) + ("…" if len(needed) > NAMED else "")
        problems.append(
            ngettext(
                "A new row must have a value for %(names)s.",
                "A new row must have values for %(names)s.",
                len(needed),
                names=names,
            )
        )
    return problems
