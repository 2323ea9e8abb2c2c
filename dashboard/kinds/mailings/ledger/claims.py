"""Takes deliveries that are to be sent, and settles what senders that died have left."""

import uuid
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Table, bindparam, exists, func, select, update
from sqlalchemy.orm import Session

from dashboard.kinds.mailings.ledger.past import with_try
from dashboard.kinds.mailings.ledger.tokens import may_have_lost_marks
from dashboard.models import Delivery, Fate, Job, State, Suppression, clock, transaction

BATCH: Final = 100
"""Deliveries of one claim: asking costs nothing then, and not many wait for a slow connection."""


# Made once: to put them together anew takes longer than the ledger takes for them.
_table: Final = cast(Table, Delivery.__table__)
_rows: Final = _table.c
_NEXT: Final = (
    select(
        _rows.id,
        _rows.email,
        _rows.address,
        _rows["values"],
        _rows.message_id,
        _rows.tries,
        exists().where(Suppression.address == _rows.address).label("is_suppressed"),
    )
    .where(_rows.mailing_id == bindparam("mailing"))
    .order_by(_rows.id)
    .limit(bindparam("most"))
    .with_for_update(of=_table, skip_locked=True)
)
_QUEUED: Final = _NEXT.where(_rows.state == Fate.QUEUED)
_DUE: Final = _NEXT.where(_rows.state == Fate.DEFERRED, _rows.due_at <= bindparam("now"))
_THESE: Final = (
    update(_table)
    .where(_rows.id.in_(bindparam("ids", expanding=True)))
    .values(changed_at=bindparam("now"))
)
_SUPPRESS: Final = _THESE.values(state=Fate.SUPPRESSED)
_TAKE: Final = _THESE.values(state=Fate.CLAIMED, claim=bindparam("token"), tries=_rows.tries + 1)


class Holder(NamedTuple):
    """The attempt at a job that may claim: an older one must take nothing more."""

    job_id: uuid.UUID
    fence: int


class ClaimLost(Exception):
    """Somebody else sends now: nothing more may be claimed, marked or sent."""


class Claimed(NamedTuple):
    """A delivery in the hands of one sender; *values* fill the placeholders."""

    id: int
    email: str
    address: str
    values: dict[str, Any]
    message_id: str
    tries: int


def claim(
    mailing_id: int, token: str, *, limit: int = BATCH, holder: Holder | None = None
) -> list[Claimed]:
    """Take the next deliveries of a mailing for whoever has *token*, in their order.

    Those that were refused for now come once they are due and nothing else is left. Addresses to
    which nothing goes are marked as such, and not given. Raises ClaimLost where the *holder* does
    not hold its job any more.
    """
    with transaction() as session:
        if holder is not None:
            prove(session, holder)
        now = clock()
        ledger, given = session.connection(), {"mailing": mailing_id, "now": now}
        found = ledger.execute(_QUEUED, {**given, "most": limit}).all()
        if len(found) < limit:
            found = [*found, *ledger.execute(_DUE, {**given, "most": limit - len(found)})]
        suppressed = [row.id for row in found if row.is_suppressed]
        taken = [row for row in found if not row.is_suppressed]
        if suppressed:
            ledger.execute(_SUPPRESS, {"ids": suppressed, "now": now})
        if taken:
            ids = [row.id for row in taken]
            ledger.execute(_TAKE, {"ids": ids, "token": token, "now": now})
    return sorted(
        Claimed(row.id, row.email, row.address, row.values, row.message_id, row.tries + 1)
        for row in taken
    )


def settle(mailing_id: int, *, holder: Holder | None = None) -> int:
    """Settle what was claimed by senders that are gone; give how many are uncertain now.

    Only the sending job calls it, when it begins and owns the mailing. The first of each claim may
    have been sent; the others were not, for each is marked before the next is handed over. Where
    marks may be lost, each of the claim may have been sent. A sender that still runs, somewhere,
    finds that its claim is gone and stops. Raises ClaimLost where the *holder* does not hold the
    job any more: the claims are then those of somebody who lives.
    """
    with transaction() as session:
        if holder is not None:
            prove(session, holder)
        now = clock()
        left = (Delivery.mailing_id == mailing_id) & (Delivery.state == Fate.CLAIMED)
        tokens = session.scalars(select(Delivery.claim).where(left).distinct()).all()
        lost = [token for token in tokens if token and may_have_lost_marks(token)]
        first = select(func.min(Delivery.id)).where(left).group_by(Delivery.claim)
        doubtful = select(Delivery.id, Delivery.past).where(
            left, Delivery.id.in_(first) | Delivery.claim.in_(lost)
        )
        uncertain = session.execute(doubtful).all()
        for row in uncertain:
            past = with_try(row.past, now, Fate.UNCERTAIN)
            session.execute(
                update(Delivery)
                .where(Delivery.id == row.id)
                .values(state=Fate.UNCERTAIN, claim=None, past=past, changed_at=now)
                .execution_options(synchronize_session=False)
            )
        session.execute(
            update(Delivery)
            .where(left)
            .values(state=Fate.QUEUED, claim=None, tries=Delivery.tries - 1, changed_at=now)
            .execution_options(synchronize_session=False)
        )
    return len(uncertain)


def release(mailing_id: int, token: str) -> None:
    """Give back what *token* has claimed and not tried."""
    with transaction() as session:
        session.execute(
            update(Delivery)
            .where(
                Delivery.mailing_id == mailing_id,
                Delivery.state == Fate.CLAIMED,
                Delivery.claim == token,
            )
            .values(state=Fate.QUEUED, claim=None, tries=Delivery.tries - 1)
            .execution_options(synchronize_session=False)
        )


def prove(session: Session, holder: Holder) -> None:
    """See to it that nobody takes the job over before this transaction ends.

    Raises ClaimLost where somebody has done so already.
    """
    query = select(Job.serial).where(
        Job.id == holder.job_id, Job.fence == holder.fence, Job.state == State.RUNNING
    )
    if session.scalars(query.with_for_update(read=True, of=Job)).first() is None:
        raise ClaimLost
