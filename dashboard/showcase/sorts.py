"""Sorts of made-up jobs: a kind with one set of choices, and what it usually gives."""

from random import Random
from typing import Any, Final, NamedTuple

from dashboard.jobs import Kind, as_kept
from dashboard.jobs.kind import family_of
from dashboard.jobs.running import speaking
from dashboard.jobs.same import choice_hash
from dashboard.jobs.start import TITLE_LIMIT
from dashboard.models import User
from dashboard.showcase.choices import Choices, various

PREVIEW_ROWS: Final = 8
PLACES: Final = ("North", "South", "East", "West", "Abroad")


class Sort(NamedTuple):
    """What all jobs of a kind with the same choices have in common; *rows* and *seconds* usual."""

    kind: Kind
    prefix: str
    title: str
    params: dict[str, Any]
    relative: dict[str, str]
    choices: list[list[str]]
    choice_hash: str
    formats: tuple[str, ...]
    file_name: str
    rows: int
    seconds: float
    result: dict[str, Any]


def sorts(kind: Kind, by: User) -> list[Sort]:
    """Give the sorts of *kind*, as *by* would choose them; the same ones each time."""
    return [_sort(kind, choices, by) for choices in various(kind, by)]


def _sort(kind: Kind, choices: Choices, by: User) -> Sort:
    params = as_kept(kind, choices.params, by=by)
    title = kind.title_of(params)[:TITLE_LIMIT]
    # Seeded by the name: a kind that is added changes nothing of the others.
    random = Random(f"{kind.name} {title}")
    rows = int(10 ** random.uniform(1, 5.2))
    formats = tuple(params.get("formats", ()))
    return Sort(
        kind=kind,
        prefix=family_of(kind).prefix,
        title=title,
        params=params,
        relative=choices.relative,
        choices=[list(choice) for choice in kind.describe(params)],
        choice_hash=choice_hash(kind.name, params),
        formats=formats,
        file_name=speaking(title),
        rows=rows,
        seconds=0.4 + rows * len(formats) / 25_000,
        result=_result(random, rows),
    )


def _result(random: Random, rows: int) -> dict[str, Any]:
    """Give what the page of such a job shows beside its files."""
    columns = [["Region", "text"], ["Orders", "integer"], ["Revenue (€)", "money"]]
    shown = [
        [
            random.choice(PLACES),
            f"{random.randrange(1, 900):,}",
            f"{random.uniform(9, 90_000):,.2f}",
        ]
        for _ in range(min(rows, PREVIEW_ROWS))
    ]
    totals = [["Revenue (€)", f"{random.uniform(1, 90) * rows:,.2f}"]]
    preview = {"columns": columns, "rows": shown, "numbers": [False, True, True]}
    return {"preview": preview, "totals": totals, "chart": None}
