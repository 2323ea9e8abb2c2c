"""Who a mailing was meant for, and who was left out of it before anything was sent."""

from typing import NamedTuple

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.models import Job, Mailing


class LeftOut(NamedTuple):
    """How many of the *rows* that were checked get nothing, and why; *fields* are the columns."""

    rows: int
    bad: int
    duplicate: int
    suppressed: int
    fields: tuple[str, ...]

    @property
    def number(self) -> int:
        """How many in all."""
        return self.bad + self.duplicate + self.suppressed


def left_out(mailing: Mailing) -> LeftOut | None:
    """Give whom the check has left out; None where there was none, or it is gone."""
    if mailing.check_id is None:
        return None
    result = db.session.scalars(select(Job.result).where(Job.id == mailing.check_id)).one_or_none()
    if not result or "counts" not in result:
        return None
    counts = result["counts"]
    return LeftOut(
        result["rows"],
        counts.get("bad", 0),
        counts.get("duplicate", 0),
        counts.get("suppressed", 0),
        tuple(result.get("fields", ())),
    )


def people(mailing: Mailing, known: int) -> int:
    """Give how many people get it: those in the ledger, or before that those of the seal."""
    if mailing.frozen_at is None and mailing.seal:
        return int(mailing.seal.get("people", known))
    return known
