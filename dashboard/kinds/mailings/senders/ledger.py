"""Senders in the ledger: added, changed, retired and brought back, each act with its record."""

import hashlib
import json
from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dashboard.jobs import audit
from dashboard.jobs.kind import STARTERS
from dashboard.kinds.mailings.senders.who import sender_address, sender_name
from dashboard.models import Role, Sender, User, clock, transaction

ALWAYS: Final = frozenset({str(Role.ADMIN)})
"""Who may send from every sender."""


class Taken(Exception):
    """Another sender has this address already, perhaps a retired one; nothing was changed."""


class Changed(Exception):
    """Somebody else has changed the sender meanwhile; nothing was saved."""


def add(
    name: str,
    address: str,
    *,
    reply_to: str = "",
    roles: Collection[str] = STARTERS,
    a_minute: int | None = None,
    by: User | None = None,
    caller: str | None = None,
) -> Sender:
    """Let people of *roles* send from *address*. Raises Unfit, or Taken."""
    values = _values(name, address, reply_to, roles, a_minute)
    try:
        with transaction() as session:
            if _has(session, values["address"]):
                raise Taken
            sender = Sender(**values, made_by_id=by.id if by else None, made_at=clock())
            session.add(sender)
            session.flush()
            audit.record("sender.add", by=by, address=caller, detail={"sender": sender.id})
    except IntegrityError:  # Somebody else was quicker.
        raise Taken from None
    return sender


def change(
    sender_id: int,
    version: str,
    *,
    name: str,
    address: str,
    reply_to: str,
    roles: Collection[str],
    a_minute: int | None,
    by: User,
    caller: str | None = None,
) -> Sender:
    """Save over the *version* that was read. Raises Unfit, Taken, or Changed."""
    values = _values(name, address, reply_to, roles, a_minute)
    try:
        with transaction() as session:
            sender = _locked(session, sender_id)
            if version_of(sender) != version:
                raise Changed
            if sender.address != values["address"] and _has(session, values["address"]):
                raise Taken
            differing = sorted(key for key in values if getattr(sender, key) != values[key])
            for key in differing:
                setattr(sender, key, values[key])
            if differing:
                detail = {"sender": sender_id, "what": differing}
                audit.record("sender.change", by=by, address=caller, detail=detail)
    except IntegrityError:
        raise Taken from None
    return sender


def retire(sender_id: int, *, by: User, caller: str | None = None) -> Sender:
    """Let nobody send from it any more; whoever retires it again changes nothing."""
    return _switch(sender_id, "sender.retire", is_retired=True, by=by, caller=caller)


def bring_back(sender_id: int, *, by: User, caller: str | None = None) -> Sender:
    """Let people send from it again."""
    return _switch(sender_id, "sender.bring-back", is_retired=False, by=by, caller=caller)


def version_of(sender: Sender) -> str:
    """Give what differs as soon as anything about the sender has been changed."""
    what = [sender.name, sender.address, sender.reply_to, sorted(sender.roles), sender.a_minute]
    told = json.dumps([*what, sender.retired_at is None])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _switch(sender_id: int, act: str, *, is_retired: bool, by: User, caller: str | None) -> Sender:
    with transaction() as session:
        sender = _locked(session, sender_id)
        if (sender.retired_at is not None) != is_retired:
            sender.retired_at = clock() if is_retired else None
            audit.record(act, by=by, address=caller, detail={"sender": sender_id})
    return sender


def _locked(session: Session, sender_id: int) -> Sender:
    query = select(Sender).where(Sender.id == sender_id).with_for_update(of=Sender)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def _has(session: Session, address: str) -> bool:
    query = select(Sender.id).where(Sender.address == address)
    return session.scalars(query).first() is not None


def _values(
    name: str, address: str, reply_to: str, roles: Collection[str], a_minute: int | None
) -> dict[str, Any]:
    """Give the columns as they are kept. Raises Unfit."""
    return {
        "name": sender_name(name),
        "address": sender_address(address),
        "reply_to": sender_address(reply_to) if reply_to.strip() else "",
        "roles": sorted(ALWAYS.union(roles) & STARTERS),
        "a_minute": a_minute,
    }
