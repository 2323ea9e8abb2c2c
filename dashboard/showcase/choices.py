"""Choices that somebody could have made: a kind's own defaults, and others beside them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from flask import current_app

from dashboard.extensions import db
from dashboard.jobs import Kind, kinds
from dashboard.jobs.kind import relative_of
from dashboard.models import User
from dashboard.web.access import act_as

# Before anything that a desk knows of.
LONG_AGO: Final = "1900-01-01"
DAYS: Final = frozenset({"date", "date-range"})


class Choices(NamedTuple):
    """What a job keeps of them: *params*, and the named periods among them."""

    params: dict[str, Any]
    relative: dict[str, str]


Choose = Callable[[Kind, User], Choices]
"""How somebody chooses."""


def playable() -> list[Kind]:
    """Give the kinds that make files and do nothing else: no demo changes a table or sends mail."""
    return [kind for kind in kinds().values() if kind.listed and kind.formats]


@contextmanager
def at_the_desk() -> Iterator[None]:
    """Let people choose as if at a page; the block has a database session of its own."""
    db.session.rollback()  # What the caller reads afterwards is to be as it is then.
    with current_app.app_context(), current_app.test_request_context():
        yield


def usual(kind: Kind, by: User, **initial: Any) -> Choices:
    """Give what the form of *kind* begins with for a person, over *initial*.

    Only inside at_the_desk: a form may ask who is at the page.
    """
    act_as(by.id)
    form = kind.form(initial=initial, csrf=False)
    return Choices(form.params(), relative_of(form))


def whole(kind: Kind, by: User) -> Choices:
    """Give the usual choices of *kind*, with all of its formats."""
    return usual(kind, by, formats=list(kind.formats))


def brief(kind: Kind, by: User) -> Choices:
    """Give choices of *kind* that are quickly done: the first named period of each range."""
    first = {param.name: param.presets[0][0] for param in kind.params if param.presets}
    return usual(kind, by, **first)


def empty(kind: Kind, by: User) -> Choices:
    """Give choices of *kind* that nothing can match, where it asks for days at all."""
    days = [name for param in kind.params if param.type in DAYS for name in param.fields]
    return usual(kind, by, **dict.fromkeys(days, LONG_AGO))


def various(kind: Kind, by: User) -> list[Choices]:
    """Give several choices of *kind*: each named period, each listed value, other formats."""
    found: list[Choices] = []
    for initial in _initials(kind):
        choices = usual(kind, by, **initial)
        if choices not in found:
            found.append(choices)
    return found


def _initials(kind: Kind) -> Iterator[dict[str, Any]]:
    yield {}
    for param in kind.params:
        for name, _ in (*param.presets, *param.choices):
            yield {param.name: name}
    for name in kind.formats:
        yield {"formats": [name]}
