"""Transactions and times of the ledger."""

import threading
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, text

from dashboard.extensions import db
from dashboard.models import Role, User, clock, transaction
from dashboard.web.users import add_user


def test_a_change_outside_of_a_transaction_is_refused(app: Flask) -> None:
    with app.app_context():
        user = add_user("mara@example.org", "Mara", Role.STAFF, "secret secret")
        user.name = "Somebody else"
        with pytest.raises(RuntimeError, match="outside of a transaction"), transaction():
            pass


def test_a_transaction_that_raises_writes_nothing(app: Flask) -> None:
    with app.app_context():
        user = add_user("mara@example.org", "Mara", Role.STAFF, "secret secret")
        with pytest.raises(ZeroDivisionError), transaction():
            user.name = "Somebody else"
            db.session.flush()
            _ = 1 / 0
        assert db.session.scalars(select(User.name)).one() == "Mara"


def test_read_then_write_from_many_threads_is_never_locked_out(app: Flask) -> None:
    with app.app_context():
        user_id = add_user("mara@example.org", "0", Role.STAFF, "secret secret").id
    errors: list[BaseException] = []

    def count_up() -> None:
        try:
            with app.app_context():
                for _ in range(20):
                    # A read comes first, as the sign-in of a request does.
                    db.session.get_one(User, user_id)
                    with transaction():
                        user = db.session.get_one(User, user_id)
                        user.name = str(int(user.name) + 1)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=count_up) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with app.app_context():
        assert db.session.get_one(User, user_id).name == "160"


def test_the_databases_clock_is_utc_and_times_come_back_aware(app: Flask) -> None:
    with app.app_context():
        assert abs((clock() - datetime.now(UTC)).total_seconds()) < 60
        user = add_user("mara@example.org", "Mara", Role.STAFF, "secret secret")
        db.session.expire_all()
        assert user.created_at.tzinfo is UTC


def test_a_naive_time_is_refused(app: Flask) -> None:
    with app.app_context():
        user = add_user("mara@example.org", "Mara", Role.STAFF, "secret secret")
        with pytest.raises(Exception, match="without a zone"), transaction():
            user.served_at = datetime(2026, 1, 1)


@pytest.mark.parametrize("any_app", ["postgresql"], indirect=True)
@pytest.mark.postgresql
def test_a_transaction_of_a_frozen_process_is_ended_by_the_server(any_app: Flask) -> None:
    with any_app.app_context():
        limit = db.session.execute(text("SHOW idle_in_transaction_session_timeout")).scalar_one()
    assert limit == "1min"
