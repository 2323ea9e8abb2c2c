"""Looks for jobs by what people remember of them: a number, words of a title, a name.

The names are looked through and not the jobs: a thousand jobs bear the same few titles. What
nobody has ever started is therefore not found at once, however many jobs there are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, or_, select

from dashboard.extensions import db
from dashboard.jobs.has_file import has_file
from dashboard.jobs.kind import families
from dashboard.models import Artifact, Job, Name, Named, User

NUMBER: Final = re.compile(r"[0-9]{1,9}")  # Longer ones do not fit the ledger's integers.
WORDS_LIMIT: Final = 8
TEXT_LIMIT: Final = 500  # No title is longer.
FEW: Final = 1_000  # Up to here jobs are found first and narrowed then; beyond, the other way.

Condition = ColumnElement[bool]
Serials = Select[int]


@dataclass(frozen=True)
class Found:
    """What was found: all *serials* where they are few, else a *condition* on the rows of jobs.

    *queries* find them all by indexes, some of them twice.
    """

    serials: list[int] | None
    condition: Condition
    queries: Sequence[Serials]


def look_for(text: str, *among: Condition, files: bool = False) -> Found:
    """Find the jobs that *text* may mean, *among* those of some conditions on indexes.

    With *files* it may be the name of a file as well.
    """
    text = " ".join(text.replace("\0", " ").split())
    ways = [
        (query.where(*among), condition)
        for query, condition in ([] if len(text) > TEXT_LIMIT else _meanings(text, files))
    ]
    if not ways:
        return Found([], Job.serial.in_([]), [])
    # A way that leads nowhere must not keep the others from an index.
    left: list[tuple[Serials, Condition]] = []
    serials: set[int] = set()
    number = 0
    for way in ways:
        # Once there are many, whether there are others is all that is asked.
        count, listed = _some(way[0], max(1, FEW + 1 - number))
        number += count
        serials |= set(map(int, listed.split(","))) if listed and number <= FEW else set()
        left += [way] if count else []
    if number <= FEW:
        found = sorted(serials)
        return Found(found, Job.serial.in_(found), [query for query, _ in ways])
    return Found(None, or_(*(condition for _, condition in left)), [query for query, _ in left])


def _some(query: Serials, limit: int) -> tuple[int, str | None]:
    """Give how many *query* finds, *limit* at most, and which, with commas.

    They come as one text: a thousand rows would take longer than to look them up.
    """
    some = query.limit(limit).subquery()
    (serial,) = some.c
    listed = func.aggregate_strings(cast(serial, String), ",")
    count, which = db.session.execute(select(func.count(), listed).select_from(some)).one()
    return count, which


def _meanings(text: str, files: bool) -> Iterator[tuple[Serials, Condition]]:
    """Give for each meaning of *text* how its jobs are found, and how one of them is told."""
    prefix, _, serial = text.partition("-")
    if NUMBER.fullmatch(serial) and prefix.lower() in _prefixes():
        is_it = and_(Job.serial == int(serial), func.lower(Job.prefix) == prefix.lower())
        yield select(Job.serial).where(is_it), is_it
        return
    if NUMBER.fullmatch(text):
        yield select(Job.serial).where(Job.serial == int(text)), Job.serial == int(text)
    words = text.split(" ")[:WORDS_LIMIT]
    titles = select(Name.text).where(Name.of == Named.JOB, *_all_in(Name.text, words))
    yield select(Job.serial).where(Job.title.in_(titles)), and_(*_all_in(Job.title, words))
    people = Job.requested_by_id.in_(select(User.id).where(*_all_in(User.name, words)))
    yield select(Job.serial).where(people), people
    if files:
        names = select(Name.text).where(Name.of == Named.FILE, *_all_in(Name.text, words))
        named = select(Job.serial).join(Artifact, Artifact.job_id == Job.id)
        yield named.where(Artifact.name.in_(names)), has_file(*_all_in(Artifact.name, words))


def _prefixes() -> set[str]:
    return {family.prefix.lower() for family in families()}


def _all_in(column: Any, words: Sequence[str]) -> list[Condition]:
    """Give the conditions that *column* holds each of *words*, whatever the case."""
    return [
        or_(*(column.ilike(f"%{_escaped(spelling)}%", escape="\\") for spelling in spellings))
        for spellings in map(_spellings, words)
    ]


def _spellings(word: str) -> list[str]:
    """Give *word* as names may have it: SQLite ignores the case of ASCII letters only."""
    if word.isascii():
        return [word]
    return sorted({word, word.lower(), word.upper(), word.capitalize(), word.title()})


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
