"""What a job would give, how long it would take and when it would begin, before it is started."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from flask_login import current_user

from dashboard.formats import FORMATS
from dashboard.jobs import ChoiceForm, Fact, Kind, as_kept, fact_of, relative_of, same_finished
from dashboard.jobs.place import place_of_next
from dashboard.jobs.usual import Usual, usual
from dashboard.web import waits
from dashboard.web.counts import Counted, counts
from dashboard.web.prefill import address_of, whole
from dashboard.words import gettext as _, reader
from dashboard.words.manner import zone_of


@dataclass(frozen=True)
class Size:
    """A format by its title, whether it is chosen, and the usual bytes of its file, if known."""

    title: str
    chosen: bool
    size: int | None


@dataclass(frozen=True)
class Start:
    """When a job would begin: *place* in line, 0 at once; *held* is why not by itself, else ""."""

    place: int = 0
    held: str = ""


@dataclass(frozen=True)
class Check:
    """What is known before a start.

    *rows* is what the source counted (or, *about*, what it reckons), or without *counted* what the
    kind usually has; *seconds* and *sizes* follow from it and from the kind's past. *same* is a
    finished job of today with the very same choices. *later*: the count is still to come. *link*
    and *address* lead to these choices.
    """

    rows: int | None
    sizes: tuple[Size, ...]
    seconds: float | None
    start: Start
    counted: bool = False
    about: bool = False
    later: bool = False
    same: Fact | None = None
    link: str = ""
    address: str = ""


def before(kind: Kind, choice: ChoiceForm) -> Check:
    """Give what is usual for *kind*, before anybody has looked at the choices."""
    past = usual([kind.name])[kind.name]
    formats = _formats(choice)
    return Check(
        rows=past.rows,
        sizes=_sizes(kind, formats, past, None),
        seconds=past.seconds_for(None, formats),
        start=start_of(kind),
    )


def look(kind: Kind, choice: ChoiceForm) -> Check:
    """Look into the valid choices of *choice*; nothing is started."""
    params = as_kept(kind, choice.params(), by=current_user)
    known: Counted = counts().of(current_user.id, kind, params)
    past = usual([kind.name])[kind.name]
    formats = _formats(choice)
    same = same_finished(kind, params, since=day_began())
    link = address_of(kind.name, params, relative_of(choice))
    return Check(
        rows=known.rows,
        counted=not known.later,
        about=known.about,
        later=known.later,
        sizes=_sizes(kind, formats, past, known.rows),
        seconds=past.seconds_for(known.rows, formats),
        start=start_of(kind),
        same=fact_of(same) if same else None,
        link=link,
        address=whole(link),
    )


def start_of(kind: Kind) -> Start:
    """Give when a job of *kind* would begin that the person started now."""
    if waits.paused_by(kind.queue) is not None:
        return Start(held=_("Once the queue flows again"))
    workers = waits.workers_of(kind.queue)
    if not workers:
        return Start(held=_("Once a worker is back"))
    place, length = place_of_next(current_user, kind.queue, kind.priority)
    return Start() if length == 1 and waits.any_free(workers) else Start(place)


def day_began() -> datetime:
    """Give when the person's present day began, in UTC."""
    zone = zone_of(reader().zone) or UTC
    today = datetime.now(zone).date()
    return datetime.combine(today, time.min, zone).astimezone(UTC)


def _formats(choice: ChoiceForm) -> list[str]:
    field: Any = getattr(choice, "formats", None)
    return list(field.data or ()) if field is not None else []


def _sizes(kind: Kind, formats: list[str], past: Usual, rows: int | None) -> tuple[Size, ...]:
    titles: Mapping[str, str] = {name: FORMATS[name].title for name in FORMATS}
    return tuple(
        Size(
            titles.get(name, name.upper()),
            name in formats,
            past.size_for(name, rows) if rows != 0 else None,
        )
        for name in kind.formats
    )
