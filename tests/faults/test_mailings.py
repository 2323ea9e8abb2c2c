"""A mailing whose sender is killed again and again: nobody gets it twice, nobody is lost."""

import asyncio
import random
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from subprocess import Popen

import psutil
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select, update

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import find
from dashboard.kinds.mailings.ledger import counts
from dashboard.kinds.mailings.release import mark_of, present_seal, send
from dashboard.models import Delivery, Fate, Job, Mailing, MailingState, User, clock, transaction
from tests.faults.conftest import Stands
from tests.faults.stand import Stand
from tests.faults.test_lease import freeze as put_to_sleep
from tests.kinds.mailings.made import make_draft
from tests.mail.mail_server import mail_server

pytestmark = pytest.mark.faults

PEOPLE = 1500
KILLS = 12
LANES = 2
CROWD = 60_000


class Counting:
    """Takes every e-mail, and counts how often each person got one.

    Once it has taken *most* it lets everybody wait: a mailing is not over before a test is.
    """

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.most = 0
        self.seen = 0
        self.port = 0

    def takes(self, most: int) -> None:
        """Take *most* in all from now on, which must be more than so far."""
        self.seen, self.most = self.taken.total(), most

    def has_taken(self, stand: Stand, more: int = 1) -> None:
        """Wait until so many *more* have come since it was told how many to take."""
        stand.until(lambda: self.taken.total() >= self.seen + more)

    async def handle_DATA(  # noqa: N802  # aiosmtpd's own name.
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        while self.taken.total() >= self.most:
            await asyncio.sleep(0.01)
        self.taken.update(envelope.rcpt_tos)
        return "250 2.0.0 Ok"


@pytest.fixture
def server() -> Iterator[Counting]:
    """Run a mail server."""
    counting = Counting()
    with mail_server(counting) as counting.port:
        yield counting


def freeze(stand: Stand) -> tuple[int, uuid.UUID]:
    """Freeze a mailing and let its job wait for a worker; gives its id and that of the job."""
    with stand.app.app_context():
        by = db.session.scalars(select(User)).first()
        assert by is not None
        with transaction() as session:
            now = clock()
            mailing = Mailing(
                title="Autumn fair",
                state=MailingState.SENDING,
                subject="Dear {{ name }}",
                body="Come to the fair.",
                made_by_id=by.id,
                made_at=now,
                changed_at=now,
                frozen_at=now,
            )
            session.add(mailing)
            session.flush()
            number = mailing.id
            session.add_all(
                Delivery(
                    mailing_id=number,
                    place=place,
                    address=f"p{place}@example.org",
                    email=f"p{place}@example.org",
                    values={"name": f"Person {place}"},
                    message_id=f"<{number}.{place}@example.org>",
                )
                for place in range(1, PEOPLE + 1)
            )
        kind = find("mailing")
        assert kind is not None
        params = {"mailing": number, "title": "Autumn fair", "subject": "Dear"}
        job_id = jobs.start(kind, params, by=by, key=uuid.uuid4().hex).job.id
        with transaction() as session:
            session.execute(update(Mailing).values(job_id=job_id))
    return number, job_id


def test_nobody_gets_it_twice_and_nobody_is_lost_however_often_its_sender_is_killed(
    stands: Stands, server: Counting
) -> None:
    url = f"smtp://127.0.0.1:{server.port}"
    stand = stands(MAIL_URL=url, MAIL_CONNECTIONS=LANES, MAIL_A_MINUTE=18_000)
    mailing_id, job_id = freeze(stand)
    worker = stand.parts.worker("mail")
    dice = random.Random(2026)
    for kill in range(KILLS):
        server.takes((kill + 1) * PEOPLE // (KILLS + 1))
        stand.runs(job_id)
        server.has_taken(stand)
        time.sleep(dice.uniform(0.0, 0.2))  # Anywhere between two e-mails.
        with stand.app.app_context():
            fence = db.session.scalars(select(Job.fence).where(Job.id == job_id)).one()
        sending_child(stand, worker, server.port).kill()
        stand.until(partial(_is_claimed_anew, job_id, fence))
    server.takes(PEOPLE)

    fact = stand.ends(job_id)

    assert fact.state == "succeeded", fact.error
    with stand.app.app_context():
        found = counts(mailing_id)
        sent = select(Delivery.email).where(Delivery.state == Fate.SENT)
        marked = set(db.session.scalars(sent))
    assert set(server.taken.values()) == {1}
    assert found[Fate.SENT] + found[Fate.UNCERTAIN] == PEOPLE
    assert found[Fate.UNCERTAIN] <= KILLS * LANES
    assert marked <= set(server.taken)


def test_a_sender_that_wakes_up_after_its_lease_sends_nothing_more(
    stands: Stands, server: Counting
) -> None:
    url = f"smtp://127.0.0.1:{server.port}"
    stand = stands(MAIL_URL=url, MAIL_CONNECTIONS=LANES, MAIL_A_MINUTE=18_000)
    mailing_id, job_id = freeze(stand)
    server.takes(PEOPLE // 3)
    stand.parts.scheduler(wait=False)
    sleeper = stand.parts.worker("sleeper", slots=1)
    server.has_taken(stand)
    child = sending_child(stand, sleeper, server.port)
    put_to_sleep(stand, child)
    stand.parts.worker("second", slots=1)
    stand.becomes(job_id, lambda fact: fact.worker == "second@here")
    server.takes(2 * PEOPLE // 3)
    server.has_taken(stand, LANES + 1)  # Some may be the sleeper's, who had sent them before.
    child.resume()
    server.takes(PEOPLE)

    fact = stand.ends(job_id)

    assert (fact.state, fact.worker) == ("succeeded", "second@here")
    with stand.app.app_context():
        found = counts(mailing_id)
    assert set(server.taken.values()) == {1}
    assert found[Fate.SENT] + found[Fate.UNCERTAIN] == PEOPLE
    assert found[Fate.UNCERTAIN] <= LANES


def test_each_is_written_down_once_however_often_the_worker_is_killed_meanwhile(
    stands: Stands,
) -> None:
    stand = stands()
    with stand.app.app_context():
        by = db.session.get_one(User, stand.mara.id)
        mailing_id = make_draft(by.id, CROWD)
        seen = mark_of(present_seal(db.session.get_one(Mailing, mailing_id)))
        stand.app.config["MAIL_CONFIRM_ABOVE"] = None
        send(mailing_id, by=by, version=1, seen=seen, at=clock() + timedelta(hours=1))
        job_id = db.session.get_one(Mailing, mailing_id, populate_existing=True).job_id
    assert job_id is not None
    worker = stand.parts.worker("mail")
    dice = random.Random(2026)
    kills = 0
    while kills < KILLS:
        child = writing_child(stand, worker, job_id)
        if child is None:
            break
        time.sleep(dice.uniform(0.0, 0.1))  # Anywhere in a chunk, or between two.
        with suppress(psutil.NoSuchProcess):
            child.kill()
        kills += 1

    stand.becomes(job_id, lambda fact: fact.state == "waiting" and fact.due_at is not None)

    assert kills > 2
    with stand.app.app_context():
        mailing = db.session.get_one(Mailing, mailing_id)
        places = list(db.session.scalars(select(Delivery.place).order_by(Delivery.place)))
        fates = counts(mailing_id)
    assert places == list(range(1, CROWD + 1))
    assert fates[Fate.QUEUED] == CROWD
    assert (mailing.state, mailing.started_at) == (MailingState.SENDING, None)
    assert mailing.frozen_at is not None


def writing_child(stand: Stand, worker: "Popen[bytes]", job_id: uuid.UUID) -> psutil.Process | None:
    """Wait for the child of the worker that writes recipients down; None once all of them are."""
    found: list[psutil.Process] = []

    def looks() -> bool:
        db.session.rollback()
        if db.session.scalars(select(Mailing.frozen_at)).one() is not None:
            return True
        for child in psutil.Process(worker.pid).children():
            with suppress(psutil.Error):
                if any("recipients" in file.path for file in child.open_files()):
                    found.append(child)
        return bool(found)

    stand.until(looks)
    return found[0] if found else None


def sending_child(stand: Stand, worker: "Popen[bytes]", port: int) -> psutil.Process:
    """Wait for the child of the worker that is connected to *port*."""
    found: list[psutil.Process] = []

    def looks() -> bool:
        for child in psutil.Process(worker.pid).children():
            with suppress(psutil.Error):
                connections = child.net_connections("tcp")
                if any(getattr(each.raddr, "port", 0) == port for each in connections):
                    found.append(child)
        return bool(found)

    stand.until(looks)
    return found[0]


def _is_claimed_anew(job_id: uuid.UUID, fence: int) -> bool:
    return db.session.scalars(select(Job.fence).where(Job.id == job_id)).one() > fence
