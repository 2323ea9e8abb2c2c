"""What every model stands on: the base class, UTC times, the database's clock, transactions."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, MetaData, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from dashboard.extensions import db

# Writers to SQLite poll for their turn, and an unlucky one polls for seconds while others come and
# go. Those of one process stand in line here first, though no longer than SQLite itself would wait.
TURN_SECONDS = 5.0
_turns: dict[int, threading.RLock] = {}  # By process: a fork may copy a lock that is held.


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime, on databases with and without time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware datetime into UTC; raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone cannot be kept.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give an aware UTC datetime."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of all models; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime}


class _Clock(FunctionElement[datetime]):
    """The database's present time."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(_Clock)
def _clock(element: _Clock, compiler: Any, **kw: Any) -> str:
    return "clock_timestamp()"


@compiles(_Clock, "sqlite")
def _clock_sqlite(element: _Clock, compiler: Any, **kw: Any) -> str:
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"


def clock() -> datetime:
    """Give the database's time: leases are measured by one clock, whatever the workers' say."""
    return db.session.execute(select(_Clock())).scalar_one()


@contextmanager
def transaction() -> Iterator[Session]:
    """Give the session inside a new transaction that may write; commit at its end.

    A read transaction that came before is ended first: SQLite cannot turn one into a writer.
    Rolls back and re-raises when the block raises. Raises RuntimeError when something was
    changed outside of a transaction.
    """
    session = db.session()
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("A row was changed outside of a transaction.")
    session.rollback()
    with _turn(session):
        session.connection(execution_options={"begin": "IMMEDIATE"})
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise


@contextmanager
def _turn(session: Session) -> Iterator[None]:
    """Wait for this thread's turn to write, on SQLite."""
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    turn = _turns.setdefault(os.getpid(), threading.RLock())
    got = turn.acquire(timeout=TURN_SECONDS)
    try:
        yield
    finally:
        if got:
            turn.release()
