"""Writes down the recipients of a mailing, as they were checked and approved."""

import uuid
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import func, insert, select, update

from dashboard.extensions import db
from dashboard.jobs.running import Running
from dashboard.kinds.mailings.audience.found import Found, found_of
from dashboard.kinds.mailings.audience.people import Person
from dashboard.kinds.mailings.drafts.ledger import locked
from dashboard.kinds.mailings.ledger import Holder, prove
from dashboard.models import Delivery, Fate, Mailing, MailingState, clock, transaction
from dashboard.words import marked

WRITE_DOWN: Final = marked("Write down the recipients")
RECIPIENTS: Final = marked("recipients")
CHUNK: Final = 2000
"""Recipients of one transaction: others that write to the ledger wait no longer than for these."""

PROOF: Final = 12  # digits
DOMAIN_LIMIT: Final = 150  # characters; a Message-ID has room for no more
OTHER_PEOPLE: Final = marked(
    "The recipients are not those that were approved. Make it a draft and check them again."
)


class OtherPeople(Exception):
    """The recipients are not those of the seal; nothing may be sent."""


def freeze(running: Running, mailing_id: int, check_id: uuid.UUID, people: int) -> bool:
    """Write down all *people* that the check has found good, behind those that are there already.

    False where the mailing is not to be sent any more. Raises OtherPeople, ClaimLost, Permanent
    where what was found is gone, and Transient.
    """
    holder = Holder(running.id, running.fence)
    last = db.session.scalar(
        select(func.max(Delivery.place)).where(Delivery.mailing_id == mailing_id)
    )
    db.session.rollback()
    with found_of(check_id, proven=True) as found:
        return _write_down(running, mailing_id, found, holder, last or 0, people)


def _write_down(
    running: Running, mailing_id: int, found: Found, holder: Holder, last: int, people: int
) -> bool:
    done = _written(mailing_id)
    running.progress(done, people, WRITE_DOWN, unit=RECIPIENTS)
    while chunk := found.good(last, CHUNK):
        with transaction() as session:
            prove(session, holder)
            mailing = locked(session, mailing_id)
            if mailing.state != MailingState.SENDING:
                return False
            session.execute(insert(Delivery), [_delivery(mailing, one) for one in chunk])
        last, done = chunk[-1].place, done + len(chunk)
        running.progress(done, people, WRITE_DOWN, unit=RECIPIENTS)
    if _written(mailing_id) != people:
        raise OtherPeople
    with transaction() as session:
        prove(session, holder)
        session.execute(
            update(Mailing)
            .where(Mailing.id == mailing_id, Mailing.state == MailingState.SENDING)
            .values(frozen_at=clock())
        )
    return True


def _written(mailing_id: int) -> int:
    query = select(func.count()).where(Delivery.mailing_id == mailing_id)
    number: int = db.session.execute(query).scalar_one()
    db.session.rollback()
    return number


def _delivery(mailing: Mailing, one: Person) -> dict[str, Any]:
    return {
        "mailing_id": mailing.id,
        "place": one.place,
        "address": one.address,
        "email": one.email,
        "values": one.fields,
        "message_id": f"<ml-{mailing.id}.{one.place}.{_proof(mailing, one)}@{_domain(mailing)}>",
        "state": Fate.QUEUED,
    }


def _proof(mailing: Mailing, one: Person) -> str:
    """Give what only the recipient knows, so that nobody reports that another's e-mail bounced."""
    return sha256(f"{mailing.key.hex}.{one.place}".encode()).hexdigest()[:PROOF]


def _domain(mailing: Mailing) -> str:
    domain = mailing.sender.address.rpartition("@")[2] if mailing.sender else ""
    fits = domain and domain.isascii() and len(domain) <= DOMAIN_LIMIT
    return domain if fits else "bellhop.invalid"
