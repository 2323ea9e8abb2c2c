"""Looks into the list, a page at a time in the order of its addresses."""

from typing import NamedTuple

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs.contacts.address import compared
from dashboard.models import Suppression


class Page(NamedTuple):
    """Some of the list; *after* asks for the next ones, *before* for those ahead of them."""

    found: list[Suppression]
    after: str | None
    before: str | None


def find(begin: str = "", *, after: str = "", before: str = "", limit: int = 50) -> Page:
    """Give the suppressions whose addresses begin with *begin*.

    They lie behind the address *after* or ahead of *before*, whether there is such a one or not.
    """
    begin, after, before = (text.replace("\0", "") for text in (begin, after, before))
    query = select(Suppression).limit(limit + 1)
    if wanted := compared(begin):
        query = query.where(Suppression.address.startswith(wanted, autoescape=True))
    if before:
        upwards = query.where(Suppression.address < before)
        found = list(db.session.scalars(upwards.order_by(Suppression.address.desc())))
        shown = found[limit - 1 :: -1] if len(found) > limit else found[::-1]
        return Page(shown, shown[-1].address if shown else None, _first(shown, found))
    if after:
        query = query.where(Suppression.address > after)
    found = list(db.session.scalars(query.order_by(Suppression.address)))
    shown = found[:limit]
    first = shown[0].address if shown and after else None
    return Page(shown, shown[-1].address if len(found) > limit else None, first)


def one(email: str) -> Suppression | None:
    """Give what stands there about *email*, or None."""
    return db.session.get(Suppression, compared(email.replace("\0", "")))


def _first(shown: list[Suppression], found: list[Suppression]) -> str | None:
    """Give what lies ahead of a page that was read upwards: None where nothing does."""
    return shown[0].address if len(found) > len(shown) else None
