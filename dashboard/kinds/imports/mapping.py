"""Which column of a file goes into which column of the target."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple
from urllib.parse import quote, unquote

DIGITS: Final = 6  # of a column's number; no file has as many columns


class Pair(NamedTuple):
    """Column *number* of the file, counted from 1 and called *name* there, goes into *target*.

    With *target* "" somebody has left it out.
    """

    number: int
    target: str
    name: str = ""


def parse_pair(text: str) -> Pair:
    """Give the pair of <number>:<target, percent-encoded>:<name>; raises ValueError else."""
    number, colon, rest = text.partition(":")
    target, _, name = rest.partition(":")
    if not colon or not number.isascii() or not number.isdecimal() or len(number) > DIGITS:
        raise ValueError(f"“{text}” is no pair of columns.")
    if int(number) < 1:
        raise ValueError(f"“{text}” is no pair of columns.")
    return Pair(int(number), unquote(target), name)


def spelled_pair(pair: Pair) -> str:
    """Give the text that parse_pair reads."""
    return f"{pair.number}:{quote(pair.target, safe='')}:{pair.name}"


def proposed(
    names: Sequence[str],
    targets: Collection[str],
    *,
    aliases: Mapping[str, Iterable[str]],
    remembered: Mapping[str, str],
    added: Collection[int] = (),
) -> list[Pair]:
    """Give a pair for each of the file's *names* whose target is plain; no target comes twice.

    What was *remembered* (name in the file to target, "" for none) is stronger than the same name,
    and that is stronger than the *aliases* of a target. The desk itself has put columns at the
    places *added*, which go nowhere.
    """
    found: dict[int, str] = {}
    free = set(targets)

    def take(index: int, target: str | None) -> None:
        if target in free and index not in found and index not in added:
            found[index] = target
            free.discard(target)

    left_out = {index for index, name in enumerate(names) if remembered.get(name) == ""}
    for index, name in enumerate(names):
        take(index, remembered.get(name))
    plain = {plain_name(target): target for target in targets}
    also = {plain_name(alias): target for target in aliases for alias in aliases[target]}
    for known in (plain, also):
        for index, name in enumerate(names):
            if index not in left_out:
                take(index, known.get(plain_name(name)))
    return [Pair(index + 1, found[index], names[index]) for index in sorted(found)]


def plain_name(name: str) -> str:
    """Give *name* as others may spell it as well: “Customer No.” is customer_no."""
    return re.sub(r"[\W_]+", "", name.casefold())


def remembered_of(choices: Iterable[Iterable[str]]) -> dict[str, str]:
    """Give what was chosen for each name in earlier *choices* (spelled pairs), the latest first."""
    found: dict[str, str] = {}
    for pairs in choices:
        for text in pairs:
            pair = parse_pair(text)
            if pair.name:
                found.setdefault(pair.name, pair.target)
    return found
