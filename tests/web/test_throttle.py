"""Wrong passwords that are tried at the same time are counted one by one, on each database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from dashboard.extensions import db
from dashboard.models import Throttle
from dashboard.web import throttle

KEYS = ("email:mara@example.org", "address:127.0.0.1")
TRIES = 8


def test_tries_at_once_are_all_counted(any_app: Flask) -> None:
    ready = Barrier(TRIES)

    def tries(keys: tuple[str, ...]) -> None:
        ready.wait()
        with any_app.app_context():
            throttle.failed(*keys)

    with ThreadPoolExecutor(TRIES) as pool:
        list(pool.map(tries, [KEYS, KEYS[::-1]] * (TRIES // 2)))

    with any_app.app_context():
        assert [db.session.get_one(Throttle, key).failures for key in KEYS] == [TRIES, TRIES]
