"""Drafts in the ledger: made, and saved only over what the writer has read."""

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from dashboard.jobs import audit
from dashboard.models import Mailing, MailingState, User, clock, transaction

TEXTS: Final = ("subject", "body", "html", "text", "why", "title")
SAVED: Final = frozenset({*TEXTS, "sender_id", "attachments", "audience", "check_id", "a_minute"})


class Changed(Exception):
    """Somebody has saved the draft meanwhile, or it is none any more; nothing was saved.

    *mailing* is what the ledger has.
    """

    def __init__(self, mailing: Mailing) -> None:
        super().__init__(mailing.number)
        self.mailing = mailing


def create(title: str, *, by: User, **values: Any) -> Mailing:
    """Write a new draft; *values* are of SAVED."""
    assert values.keys() <= SAVED, values.keys() - SAVED
    with transaction() as session:
        now = clock()
        mailing = Mailing(
            title=title, state=MailingState.DRAFT, made_by_id=by.id, made_at=now, changed_at=now
        )
        for name, value in values.items():
            setattr(mailing, name, value)
        session.add(mailing)
        session.flush()
        audit.record("mailing.create", by=by, detail={"mailing": mailing.id})
    return mailing


def save(mailing_id: int, version: int, *, by: User, **values: Any) -> Mailing:
    """Save *values* (of SAVED) over the *version* that was read; the version grows by one.

    What changes nothing keeps the version. Raises Changed where it was saved by somebody else
    meanwhile or is no draft any more.
    """
    assert values.keys() <= SAVED, values.keys() - SAVED
    with transaction() as session:
        mailing = locked(session, mailing_id)
        if mailing.state != MailingState.DRAFT or mailing.version != version:
            raise Changed(mailing)
        differing = {
            name: value for name, value in values.items() if getattr(mailing, name) != value
        }
        for name, value in differing.items():
            setattr(mailing, name, value)
        if differing:
            mailing.version += 1
            mailing.changed_at = clock()
            detail = {"mailing": mailing.id, "what": sorted(differing)}
            audit.record("mailing.save", by=by, detail=detail)
    return mailing


def locked(session: Session, mailing_id: int) -> Mailing:
    """Give the mailing as it is now, and let nobody else change it in this transaction."""
    query = select(Mailing).where(Mailing.id == mailing_id)
    query = query.with_for_update(of=Mailing).execution_options(populate_existing=True)
    return session.scalars(query).one()
