"""What a person may start, with what it usually takes; the favourites first."""

from collections.abc import Collection
from dataclasses import dataclass

from flask_login import current_user

from dashboard.jobs import Family, Kind, families
from dashboard.jobs.usual import Usual, usual
from dashboard.words import told


@dataclass(frozen=True)
class Tool:
    """A card of the catalogue: a kind, what it usually takes, and whether it has a star."""

    kind: Kind
    usual: Usual
    starred: bool


def startable() -> dict[Family, list[Kind]]:
    """Give the kinds that the person may start by their family, without families of none."""
    found = {
        family: [
            kind
            for kind in family.kinds().values()
            if kind.listed and current_user.role in kind.roles
        ]
        for family in families()
    }
    return {family: kinds for family, kinds in found.items() if kinds}


def catalogue(
    kinds: dict[Family, list[Kind]], starred: Collection[str], *, family: str = "", q: str = ""
) -> list[Tool]:
    """Give the cards of *kinds*, narrowed to a family and a word; one query at most.

    Those that are *starred* come first, each part in the order of the families.
    """
    words = q.lower().split()
    found = [
        kind
        for each, of_family in kinds.items()
        if family in ("", each.name)
        for kind in of_family
        if all(word in f"{told(kind.title)} {told(kind.summary)}".lower() for word in words)
    ]
    past = usual([kind.name for kind in found])
    tools = [Tool(kind, past[kind.name], kind.name in starred) for kind in found]
    return sorted(tools, key=lambda tool: not tool.starred)
