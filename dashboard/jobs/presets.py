"""Presets: choices of a kind that people save under a name, for themselves or for all."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.exc import IntegrityError

from dashboard.extensions import db
from dashboard.jobs import audit
from dashboard.models import Preset, User, clock, transaction
from dashboard.words import gettext as _

MOST: Final = 50  # of one person and kind; among more of them nobody finds one.


class Refused(Exception):
    """What was asked cannot be done; the message is a sentence for the person who asked."""


def save(
    kind: str,
    name: str,
    params: Mapping[str, Any],
    *,
    relative: Mapping[str, str],
    shared: bool,
    by: User,
    address: str | None = None,
) -> Preset:
    """Save the checked *params* of *kind*; *relative* names those periods of them that roll on.

    What was sent twice is saved once. Raises Refused where *by* has other choices of that name
    already, in whatever case, or MOST presets.
    """
    own = select(Preset).where(Preset.kind == kind, Preset.owner_id == by.id)
    wanted = dict(params), dict(relative), shared
    try:
        with transaction() as session:
            there = {each.name.casefold(): each for each in session.scalars(own)}
            if same := there.get(name.casefold()):
                if (same.params, same.relative, same.shared) == wanted:
                    return same
                raise Refused(_taken(name))
            if len(there) >= MOST:
                raise Refused(
                    _("You have saved %(most)s of them already: delete one first.", most=MOST)
                )
            preset = Preset(
                owner_id=by.id,
                kind=kind,
                name=name,
                params=wanted[0],
                relative=wanted[1],
                shared=shared,
                saved_at=clock(),
            )
            session.add(preset)
            _record("preset.save", preset, by, address)
    except IntegrityError as error:  # It was sent twice at once.
        raise Refused(_taken(name)) from error
    return preset


def delete(preset: Preset, *, by: User, address: str | None = None) -> None:
    """Delete *preset*; that is for its owner and administrators, which the caller sees to."""
    with transaction() as session:
        found = session.get(Preset, preset.id)
        if found is not None:
            _record("preset.delete", found, by, address)
            session.delete(found)


def seen(kind: str, by: User) -> list[Preset]:
    """Give what a person may use of *kind*: their own by name, then those of others by name."""
    found = db.session.scalars(select(Preset).where(Preset.kind == kind, _seen_by(by)))
    return sorted(found, key=lambda each: (each.owner_id != by.id, each.name.casefold(), each.id))


def find(preset_id: int, by: User) -> Preset | None:
    """Give a preset that the person may use, or None."""
    return db.session.scalars(select(Preset).where(Preset.id == preset_id, _seen_by(by))).first()


def _seen_by(person: User) -> ColumnElement[bool]:
    return or_(Preset.shared, Preset.owner_id == person.id)


def _taken(name: str) -> str:
    return _("You have saved “%(name)s” already. Choose another name, or delete it.", name=name)


def _record(action: str, preset: Preset, by: User, address: str | None) -> None:
    detail = {"kind": preset.kind, "name": preset.name, "shared": preset.shared}
    audit.record(action, by=by, address=address, detail=detail)
