"""Mailings to look at while they are sent and afterwards: one in each state, none of them real."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from dashboard.extensions import db
from dashboard.models import (
    Cause,
    Delivery,
    Fate,
    Job,
    Mailing,
    MailingState,
    Sender,
    State,
    Suppression,
    User,
    clock,
    transaction,
)

SUBJECT: Final = "{{ first_name }}, you are invited to the autumn fair"
BODY: Final = """Dear {{ first_name }},

on **Friday** our doors open at 9:00, and there is coffee for {{ company }} all day.

[See the programme](https://fair.example.org/programme)

The events team"""
ITSELF: Final = (
    "The mail server refused 51 of the last 100 e-mails. "
    "It said: 554 5.7.1 Message rejected due to content, see https://mail.example.org/why?id=4711"
)
# What each fate looks like in turn: code, words and reason of the last try.
SAID: Final[dict[Fate, list[tuple[int | None, str | None, str | None]]]] = {
    Fate.SENT: [(250, "2.0.0 Ok: queued as 4FzX2b", None)],
    Fate.FAILED: [
        (550, "5.1.1 <guest@example.org>: Recipient address rejected: User unknown", "bad-address"),
        (554, "5.7.1 Message rejected as spam by Content Filtering.", "refused-as-spam"),
    ],
    Fate.DEFERRED: [(452, "4.2.2 The mailbox is full", "mailbox-full")],
    Fate.UNCERTAIN: [(None, "The connection broke off.", None)],
}
UNDER_WAY: Final = {
    Fate.SENT: 505,
    Fate.FAILED: 3,
    Fate.SUPPRESSED: 2,
    Fate.UNCERTAIN: 1,
    Fate.DEFERRED: 4,
    Fate.CLAIMED: 8,
    Fate.QUEUED: 708,
}
DONE: Final = {Fate.SENT: 1_219, Fate.FAILED: 6, Fate.SUPPRESSED: 4, Fate.UNCERTAIN: 2}
DAYS: Final = timedelta(days=3)  # Nobody looks at them for longer.


def fill_watched(email: str) -> dict[str, str]:
    """Make a mailing in each state; gives the ids that paths name."""
    with transaction() as session:
        by = session.scalars(select(User).where(User.email == email)).one()
        now = clock()
        sender = Sender(
            name="Events team",
            address="events@fair.example.org",
            roles=["staff"],
            a_minute=840,
            made_by_id=by.id,
            made_at=now,
        )
        session.add(sender)
        session.flush()
        given: dict[str, Any] = {"sender": sender, "by": by, "now": now, "check": _check(by, now)}
        before: dict[str, Any] = {"frozen_at": None, "started_at": None}
        paused: dict[str, Any] = {"state": MailingState.PAUSED, "job": State.WAITING}
        over: dict[str, Any] = {"finished_at": now - timedelta(minutes=4), "job": State.SUCCEEDED}
        made = {
            "sending": _mailing(UNDER_WAY, job=State.RUNNING, **given),
            "waiting": _mailing({}, job=State.WAITING, send_at=now + DAYS, **before, **given),
            "preparing": _mailing(
                {Fate.QUEUED: 400}, job=State.RUNNING, title="Preparing a fair", **before, **given
            ),
            "paused": _mailing(
                UNDER_WAY, paused_why=f"{by.name} has paused the mailing.", **paused, **given
            ),
            "paused-itself": _mailing(
                {Fate.SENT: 40, Fate.FAILED: 60, Fate.QUEUED: 1131},
                paused_why=ITSELF,
                **paused,
                **given,
            ),
            "finished": _mailing(DONE, state=MailingState.FINISHED, **over, **given),
            "stopped": _mailing(
                UNDER_WAY | {Fate.CLAIMED: 0}, state=MailingState.STOPPED, **over, **given
            ),
        }
        ids = {f"mailing-{name}": str(mailing.id) for name, mailing in made.items()}
        finished = made["finished"]
        person = _tried(finished, now)
        return ids | {"mailing-person": str(person), "mailing-job": str(finished.job_id)}


def _mailing(
    fates: dict[Fate, int],
    *,
    sender: Sender,
    by: User,
    now: datetime,
    check: uuid.UUID,
    job: State,
    **values: Any,
) -> Mailing:
    given = {
        "title": "Autumn fair invitation",
        "state": MailingState.SENDING,
        "frozen_at": now,
        "started_at": now - timedelta(minutes=5, seconds=38),
        "subject": SUBJECT,
        "body": BODY,
        "audience": {"origin": "upload", "id": "1", "name": "guests-2026.csv"},
        "check_id": check,
        "seal": {"people": 1231},
        "approved_by_id": by.id,
        "approved_at": now - timedelta(minutes=9),
        **values,
    }
    mailing = Mailing(sender_id=sender.id, made_by_id=by.id, made_at=now, changed_at=now, **given)
    db.session.add(mailing)
    db.session.flush()
    result = {"fates": {fate.value: number for fate, number in fates.items()}}
    mailing.job_id = _job(by, now, "mailing", job, result, now + DAYS, of=mailing.id)
    places = enumerate((fate for fate, number in fates.items() for _ in range(number)), 1)
    db.session.add_all(_delivery(mailing, place, fate, now) for place, fate in places)
    return mailing


def _delivery(mailing: Mailing, place: int, fate: Fate, now: datetime) -> Delivery:
    said = SAID.get(fate, [(None, None, None)])
    code, words, reason = said[place % len(said)]
    return Delivery(
        mailing_id=mailing.id,
        place=place,
        address=f"guest.{place}@example.org",
        email=f"guest.{place}@example.org",
        values={"first_name": f"Ada {place}", "company": "Müller & Söhne"},
        message_id=f"<ml-{mailing.id}.{place}.9f2c@fair.example.org>",
        state=fate,
        claim="1.0" if fate == Fate.CLAIMED else None,
        tries=int(fate != Fate.QUEUED),
        due_at=now + DAYS if fate == Fate.DEFERRED else None,
        code=code,
        words=words,
        reason=reason,
        changed_at=None if fate == Fate.QUEUED else now - timedelta(seconds=place % 300),
    )


def _tried(mailing: Mailing, now: datetime) -> int:
    """Give somebody of *mailing* who was tried more than once, and is suppressed since."""
    query = select(Delivery).where(Delivery.mailing_id == mailing.id, Delivery.place == 620)
    one = db.session.scalars(query).one()
    earlier = [
        (30, "deferred", 451, "4.7.1 Greylisting in action, please come back later"),
        (20, "failed", 554, "5.7.1 Message rejected as spam by Content Filtering."),
    ]
    one.past = [
        [(now - timedelta(minutes=minutes)).isoformat(), fate, code, words]
        for minutes, fate, code, words in earlier
    ]
    db.session.add(Suppression(address=one.address, cause=Cause.BY_HAND, added_at=now))
    return one.id


def _check(by: User, now: datetime) -> uuid.UUID:
    counts = {"good": 1231, "bad": 3, "duplicate": 5, "suppressed": 9}
    return _job(by, now, "mailing-check", State.SUCCEEDED, {"rows": 1248, "counts": counts})


def _job(
    by: User,
    now: datetime,
    kind: str,
    state: State,
    result: dict[str, Any] | None = None,
    due_at: datetime | None = None,
    of: int = 0,
) -> uuid.UUID:
    """Write down a job that no worker takes and nobody takes back."""
    job = Job(
        id=uuid.uuid4(),
        prefix="M",
        kind=kind,
        family="mailings",
        title="Autumn fair invitation",
        params={"mailing": of, "title": "Autumn fair invitation", "subject": SUBJECT},
        choice_hash=uuid.uuid4().hex,
        idempotency_key=uuid.uuid4().hex,
        requested_by_id=by.id,
        queue="mail",
        state=state,
        fence=1,
        lease_until=now + DAYS if state == State.RUNNING else None,
        due_at=due_at if state == State.WAITING else None,
        created_at=now,
        started_at=None if state == State.WAITING else now,
        finished_at=now if state == State.SUCCEEDED else None,
        seen_at=now,
        result=result or {},
    )
    db.session.add(job)
    db.session.flush()
    return job.id
