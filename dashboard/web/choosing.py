"""What the start forms of kinds have in common."""

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from dashboard.words import gettext as _

BESIDE: Final = frozenset({"formats", "notify"})


class PresetDays(NamedTuple):
    """Named days as a form shows them; ISO text, empty when the source could not tell."""

    value: str
    label: str
    first: str
    last: str
    chosen: bool = False


def marked_chosen(
    offered: Iterable[PresetDays], days: tuple[str | None, str | None], *, rather: Iterable[str]
) -> list[PresetDays]:
    """Give what is *offered*, with the one chosen that the first and the last of *days* mean.

    Of several with the same days that is the first named in *rather*, else the first of them.
    """
    found = list(offered)
    fitting = [each.value for each in found if (each.first, each.last) == days]
    meant = next((name for name in (*rather, *fitting) if name in fitting), None)
    return [each._replace(chosen=each.value == meant) for each in found]


def strangers(sent: Iterable[str], known: Collection[str]) -> dict[str, list[str]]:
    """Give what is wrong with each name in *sent* that is neither *known* nor in BESIDE.

    A program that misspells a choice must hear of it, not get something else.
    """
    return {
        name: [_("There is no such choice.")]
        for name in sent
        if name not in known and name not in BESIDE
    }
