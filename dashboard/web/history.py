"""The history: jobs that match, a page at a time, each with a constant number of queries."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple, Self
from zoneinfo import ZoneInfo

from flask import request
from flask_login import current_user
from sqlalchemy import bindparam, or_, select

from dashboard.extensions import db
from dashboard.jobs import Fact, Kind, facts_of, kinds
from dashboard.jobs.day import midnight
from dashboard.jobs.lookup import NUMBER
from dashboard.jobs.search import SHOWN_STATES, STATE_WORDS, Count, Filters, Search, kinds_beside
from dashboard.models import Follower, Job, User
from dashboard.web.hub import as_told
from dashboard.web.keyset import cut
from dashboard.web.lists import HISTORY_ROWS, jobs_of
from dashboard.web.template import render
from dashboard.words import gettext as _, marked, reader, told

PAGE: Final = HISTORY_ROWS
# Jobs of other years there are none, and moments far away cannot be told in every zone.
FIRST_YEAR, LAST_YEAR = 1970, 2200
NOON: Final = time(12)
LIST: Final = "jobs"  # What a kind names whose jobs make a file of this list.
OTHER_DAYS: Final = "days"
PERIODS: Final = {
    "1": marked("Today"),
    "7": marked("7 days"),
    "30": marked("30 days"),
    "90": marked("90 days"),
    OTHER_DAYS: marked("Other days"),
}

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """What the address asks for, as text; "" asks for all. *first* and *last* are days."""

    q: str = ""
    kind: str = ""
    state: str = ""
    person: str = ""
    period: str = ""
    first: str = ""
    last: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Self:
        """Give what *args* of an address ask for."""
        asked = cls(**{name: args.get(name, "").strip() for name in cls.__dataclass_fields__})
        if asked.first or asked.last:
            asked = replace(asked, period=OTHER_DAYS)
        elif asked.period not in PERIODS or asked.period == OTHER_DAYS:
            asked = replace(asked, period="")
        first, last = _day(asked.first), _day(asked.last)
        if first and last and first > last:
            asked = replace(asked, first=asked.last, last=asked.first)
        # What narrows nothing is not told as if it did.
        state = asked.state if asked.state in SHOWN_STATES else ""
        person = asked.person if NUMBER.fullmatch(asked.person) else ""
        return replace(asked, state=state, person=person)

    @property
    def any(self) -> bool:
        """Whether anything is narrowed at all."""
        return bool(self.address)

    @property
    def address(self) -> dict[str, Any]:
        """Give the arguments of the address that asks for the same."""
        return {name: value for name, value in asdict(self).items() if value}

    def without(self, *names: str) -> dict[str, str]:
        """Give the arguments of the address that asks for the same but *names*."""
        return {name: value for name, value in self.address.items() if name not in names}

    def days(self, today: date) -> tuple[date | None, date | None]:
        """Give the first and the last day asked for, both included; None where none is named."""
        if self.period == OTHER_DAYS:
            return _day(self.first), _day(self.last)
        if self.period in PERIODS:
            return today - timedelta(days=int(self.period) - 1), None
        return None, None

    def filters(self, zone: ZoneInfo, today: date) -> Filters:
        """Give the filters; days are those of *zone*."""
        first, last = self.days(today)
        return Filters(
            q=self.q,
            kind=self.kind,
            state=self.state,
            person=self.person,
            since=midnight(first, zone) if first else None,
            until=midnight(last + timedelta(days=1), zone) if last else None,
        )


ME = bindparam("me", type_=User.id.type)
# Made once, for each page of the list asks it.
EVERYBODY = select(User.id, User.name).order_by(User.name, User.id)
THOSE_OF_MINE = EVERYBODY.where(
    or_(
        User.id == ME,
        User.id.in_(
            select(Job.requested_by_id)
            .join(Follower, Follower.serial == Job.serial)
            .where(Follower.user_id == ME)
        ),
    )
)


class Chip(NamedTuple):
    """A filter that is on: its words, and the arguments of the address without it."""

    label: str
    without: Mapping[str, str]


@dataclass(frozen=True)
class Page:
    """A page of facts, newest first; *newer* and *older* are keyset cursors or None."""

    items: list[Fact]
    count: Count
    newer: int | None
    older: int | None

    @property
    def total(self) -> int:
        """How many there are on all pages, as far as they were counted."""
        return self.count.number

    @property
    def more(self) -> bool:
        """Whether the total is only a lower bound."""
        return self.count.more


def show() -> str:
    """Give the page that the request asks for."""
    user: User = current_user
    asked = Asked.of(request.args)
    known = kinds()
    narrow = {
        "kind": kind_choices(user, known),
        "state": [(name, told(word)) for name, word in STATE_WORDS.items()],
        "person": people(user),
        "period": [(name, told(word)) for name, word in PERIODS.items()],
    }
    zone = ZoneInfo(reader().zone)
    today = datetime.now(zone).date()
    page = search(
        user,
        asked.filters(zone, today),
        before=cursor(request.args.get("before")),
        after=cursor(request.args.get("after")),
    )
    return render(
        "jobs/history.html",
        page=page,
        asked=asked,
        choices=narrow,
        chips=chips(asked, narrow),
        may=changes(user),
        token=secrets.token_urlsafe(16),
        exporter=exporter(known.values(), user),
        export=export(asked, today),
    )


def search(user: User, filters: Filters, *, before: int | None, after: int | None) -> Page:
    """Give a page of the jobs that match, *before* or *after* a serial number."""
    found = Search(user, filters)
    part = cut(found.serials, PAGE, before=before, after=after)
    count = found.count()
    if part.newer is None and part.older is None:
        count = Count(len(part.serials))
    facts = [as_told(fact) for fact in facts_of(jobs_of(part.serials), detail=False)]
    return Page(facts, count, part.newer, part.older)


def cursor(text: str | None) -> int | None:
    """Give the serial number that a page begins at, or None for what is none."""
    return int(text) if text and NUMBER.fullmatch(text) else None


def kind_choices(user: User, known: Mapping[str, Kind] | None = None) -> list[tuple[str, str]]:
    """Give the kinds for the filter, name and title: all *known* ones, and those removed since
    whose jobs the person may see."""
    known = kinds() if known is None else known
    removed = [(name, _removed(name)) for name in kinds_beside(known, user)]
    choices = [*((kind.name, told(kind.title)) for kind in known.values()), *removed]
    return sorted(choices, key=lambda choice: choice[1].casefold())


def people(user: User) -> list[tuple[str, str]]:
    """Give the people whose jobs the person may see, for the filter: id as text, and name."""
    query = EVERYBODY if user.is_admin else THOSE_OF_MINE
    return [(str(row.id), row.name) for row in db.session.execute(query, {"me": user.id})]


def chips(asked: Asked, choices: Mapping[str, Choices]) -> list[Chip]:
    """Give what is asked for in words, each of which can be taken away."""
    found = [Chip(_("“%(words)s”", words=asked.q), asked.without("q"))] if asked.q else []
    for name, known in choices.items():
        value = asked.address.get(name)
        if value == OTHER_DAYS:
            found.append(Chip(_days_in_words(asked), asked.without("period", "first", "last")))
        elif value:
            found.append(Chip(dict(known).get(value, value), asked.without(name)))
    return found


def changes(user: User) -> str:
    """Say whose jobs of a list the person may change: all, own or look (none)."""
    if not user.may_start:
        return "look"
    return "all" if user.is_admin else "own"


def exporter(known: Iterable[Kind], user: User) -> Kind | None:
    """Give the kind whose jobs make a file of this list, if the person may start one."""
    able = (kind for kind in known if kind.exports == LIST and user.role in kind.roles)
    return next(able, None)


def export(asked: Asked, today: date) -> dict[str, str]:
    """Give the choices of the job that makes a file of this list: named periods are days there."""
    first, last = asked.days(today)
    if asked.period and asked.period != OTHER_DAYS:
        last = today
    days = {"first": first, "last": last}
    told = {name: day.isoformat() for name, day in days.items() if day}
    return {**asked.without("period", "first", "last"), **told}


def _removed(name: str) -> str:
    return _("%(name)s (removed)", name=name.replace("-", " ").capitalize())


def _days_in_words(asked: Asked) -> str:
    first, last = (_day_in_words(day) for day in map(_day, (asked.first, asked.last)))
    if first and last:
        return first if first == last else _("%(first)s to %(last)s", first=first, last=last)
    if first:
        return _("Since %(day)s", day=first)
    return _("Until %(day)s", day=last) if last else _("No such day")


def _day_in_words(day: date | None) -> str:
    manner = reader()
    return manner.date(datetime.combine(day, NOON, ZoneInfo(manner.zone))) if day else ""


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
