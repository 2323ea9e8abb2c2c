"""A worker that is killed after a letter has left and before anybody could write that down."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import psutil
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select, update

from dashboard.extensions import db
from dashboard.jobs import notices
from dashboard.models import Notice, NoticeState, clock, transaction
from tests.faults.conftest import Stands
from tests.faults.stand import Stand
from tests.mail.mail_server import mail_server

pytestmark = pytest.mark.faults


class Server:
    """Takes a letter, and does something before it says so."""

    def __init__(self) -> None:
        self.taken = 0
        self.before_the_answer: Callable[[], None] = lambda: None

    async def handle_DATA(  # noqa: N802  # aiosmtpd's own name.
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.taken += 1
        self.before_the_answer()
        return "250 OK"


@contextmanager
def serving(handler: Server) -> Iterator[str]:
    """Run a mail server; gives its URL."""
    with mail_server(handler) as port:
        yield f"smtp://127.0.0.1:{port}"


def states(stand: Stand) -> list[str]:
    """Give the state of every notice."""
    with stand.app.app_context():
        return list(db.session.scalars(select(Notice.state).order_by(Notice.id)))


def test_a_letter_that_may_have_left_is_uncertain_and_is_not_sent_again(stands: Stands) -> None:
    server = Server()
    with serving(server) as url:
        stand = stands(MAIL_URL=url)
        worker = psutil.Process(stand.parts.worker(slots=1).pid)
        server.before_the_answer = lambda: worker.children()[0].kill()
        stand.ends(stand.start(rows=3, notify=True))
        stand.until(lambda: server.taken == 1)
        assert states(stand) == [NoticeState.SENDING]
        # The time after which it counts as cut off passes at once.
        with stand.app.app_context(), transaction() as session:
            long_ago = clock() - notices.SENDING_LIMIT - timedelta(seconds=1)
            session.execute(update(Notice).values(changed_at=long_ago))
        server.before_the_answer = lambda: None
        stand.parts.scheduler()
        stand.until(lambda: states(stand) == [NoticeState.UNCERTAIN])
        stand.ends(stand.start(rows=4, notify=True))
        stand.until(lambda: states(stand) == [NoticeState.UNCERTAIN, NoticeState.SENT])
    assert server.taken == 2
