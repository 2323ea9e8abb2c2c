"""A mailing as the desk sends it: lanes, each with one connection and marks of its own."""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from bench.fresh import arguments, tell
from bench.mailings import send_from_afar
from dashboard import create_app
from dashboard.extensions import db, sse
from dashboard.kinds.mailings.ledger import counts, token_of
from dashboard.kinds.mailings.sending.breaker import Breaker
from dashboard.kinds.mailings.sending.lane import Lane
from dashboard.kinds.mailings.sending.letters import letters_of
from dashboard.kinds.mailings.sending.pace import Pace
from dashboard.models import Fate, Mailing

given = arguments()
send_from_afar()
app = create_app(**given["settings"])


def work() -> Mapping[str, Any]:
    """Send all of it; gives how many were sent."""
    mailing_id = given["mailing"]
    with app.app_context():
        letters = letters_of(db.session.get_one(Mailing, mailing_id), datetime.now(UTC))
        db.session.rollback()
        pace = Pace(sse.wire.redis)
    stop, breaker = threading.Event(), Breaker()

    def send(number: int) -> None:
        carrier = app.extensions["carrier"]
        with app.app_context():
            Lane(
                mailing_id,
                token_of(UUID(int=1), 1, number),
                carrier,
                letters,
                pace,
                (),
                breaker,
                stop,
                lambda: datetime.now(UTC),
            ).run()

    lanes = [threading.Thread(target=send, args=[number]) for number in range(given["lanes"])]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    with app.app_context():
        return {"sent": counts(mailing_id)[Fate.SENT]}


tell(work)
