"""A statement ends when somebody asks for it, when its time is up, and when its database goes."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from types import FrameType

import psycopg
import pytest
from sqlalchemy import make_url

from dashboard.sources import (
    QueryError,
    Reading,
    SourceInterrupted,
    SourceTimeout,
    SourceUnavailable,
)
from dashboard.sources.postgresql.failures import explain
from tests.sources.databases import READER, Database, everything

SOON = 30.0
"""Seconds an interrupted statement may take to end on the server, when the machine is busy."""


def endless(shop: Database) -> str:
    """Give a query that works for ever before its first row."""
    return shop.say(
        sqlite="SELECT count(*) AS n FROM numbers a, numbers b, numbers c, numbers d",
        postgresql="SELECT count(*) AS n FROM numbers a, numbers b, numbers c, numbers d",
    )


def long(shop: Database) -> str:
    """Give a query that has its first rows at once and its last after hours."""
    return "SELECT a.n AS a, b.n AS b FROM numbers a, numbers b, numbers c"


@contextmanager
def interrupted_after(reading: Reading, seconds: float) -> Iterator[None]:
    """Interrupt *reading* from another thread."""
    timer = threading.Timer(seconds, reading.interrupt)
    timer.start()
    try:
        yield
    finally:
        timer.join()


WAYS: dict[str, Callable[[Reading, str], object]] = {
    "count": lambda reading, query: reading.count(query, {}),
    "rows": lambda reading, query: everything(reading, query),
    "csv": lambda reading, query: list(reading.csv(query, {}) or everything(reading, query)),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_another_thread_ends_a_statement(
    shop: Database, reading: Reading, way: Callable[[Reading, str], object]
) -> None:
    with (
        interrupted_after(reading, 0.2),
        pytest.raises(SourceInterrupted, match="Reading from the source “shop” was stopped"),
    ):
        way(reading, endless(shop))


def test_another_thread_ends_a_stream_of_rows(shop: Database, reading: Reading) -> None:
    with interrupted_after(reading, 0.2), pytest.raises(SourceInterrupted):
        for _ in reading.rows(long(shop), {}):
            pass


def test_another_thread_ends_a_stream_of_csv(shop: Database, reading: Reading) -> None:
    chunks = reading.csv(long(shop), {})
    if chunks is None:
        return
    with interrupted_after(reading, 0.2), pytest.raises(SourceInterrupted):
        for _ in chunks:
            pass


def test_an_interruption_between_two_batches_counts(shop: Database, reading: Reading) -> None:
    with closing(reading.rows(long(shop), {}, batch=10)) as batches:
        next(batches)
        reading.interrupt()
        with pytest.raises(SourceInterrupted):
            next(batches)


def test_an_interruption_between_two_chunks_counts(shop: Database, reading: Reading) -> None:
    chunks = reading.csv(long(shop), {})
    if chunks is not None:
        next(chunks)
        reading.interrupt()
        with pytest.raises(SourceInterrupted):
            next(chunks)


def test_after_an_interruption_nothing_more_begins(shop: Database, reading: Reading) -> None:
    reading.interrupt()
    reading.interrupt()
    for way in WAYS.values():
        with pytest.raises(SourceInterrupted):
            way(reading, "SELECT n FROM numbers")
    with shop.source.reading() as another:
        assert another.count("SELECT n FROM numbers", {}) == 2500


def test_an_interruption_after_the_end_does_no_harm(shop: Database) -> None:
    with shop.source.reading() as reading:
        pass
    reading.interrupt()


def test_an_interruption_is_never_lost_however_it_falls(shop: Database) -> None:
    for _ in range(12):
        with (
            shop.source.reading() as reading,
            interrupted_after(reading, random.uniform(0, 0.006)),
            pytest.raises(SourceInterrupted),
        ):
            everything(reading, "SELECT 1 AS one")
            everything(reading, endless(shop))


@pytest.mark.parametrize("way", [WAYS["rows"], WAYS["csv"]], ids=["rows", "csv"])
def test_a_stream_that_costs_too_much_is_stopped(
    shop: Database, way: Callable[[Reading, str], object]
) -> None:
    with (
        shop.source.reading(timeout=0.4) as reading,
        pytest.raises(SourceTimeout, match="took longer than 0.4 seconds"),
    ):
        way(reading, long(shop))


def test_the_time_of_whoever_takes_the_rows_is_not_counted(shop: Database) -> None:
    with shop.source.reading(timeout=3) as reading:
        rows = 0
        for batch in reading.rows("SELECT n FROM numbers", {}, batch=1000):
            rows += len(batch)
            time.sleep(1.2)  # Three times: longer than its own time in all.
    assert rows == 2500


class Alarm(Exception):
    """What a signal's handler raises, as a task's time limit does."""


@pytest.mark.parametrize("shop", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_what_a_signal_raises_comes_through_a_statement(
    shop: Database, way: Callable[[Reading, str], object]
) -> None:
    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise Alarm

    before = signal.signal(signal.SIGUSR1, ring)
    timer = threading.Timer(0.2, os.kill, [os.getpid(), signal.SIGUSR1])
    try:
        with shop.source.reading() as reading, pytest.raises(Alarm):
            timer.start()
            way(reading, endless(shop))
    finally:
        timer.join()
        signal.signal(signal.SIGUSR1, before)
    if not shop.is_sqlite:
        assert not statements_in_progress(shop)


def statements_in_progress(shop: Database) -> list[str]:
    """Give what the server still does for the source, a second after it should have ended."""
    url = make_url(shop.url).set(drivername="postgresql", username="postgres")
    query = "SELECT query FROM pg_stat_activity WHERE usename = %s AND state = 'active'"
    with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
        deadline = time.monotonic() + SOON
        while found := [row[0] for row in connection.execute(query, [READER]).fetchall()]:
            if time.monotonic() > deadline:
                return found
            connection.rollback()
            time.sleep(0.05)
    return []


def cancel_statement(shop: Database) -> None:
    """Cancel the source's statement, once it has begun."""
    url = make_url(shop.url).set(drivername="postgresql", username="postgres")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        cancel = (
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
            " WHERE usename = %s AND state = 'active' AND query ~ 'numbers d|FETCH'"
        )
        while connection.execute(cancel, [READER]).rowcount == 0:
            time.sleep(0.01)


def hang_up(shop: Database) -> None:
    """Have the server end every connection of the source."""
    shop.execute(
        f"SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE usename = '{READER}'"
    )


@pytest.mark.parametrize("shop", ["postgresql", "generic-postgresql"], indirect=True)
def test_a_server_that_goes_away_in_the_middle_is_unavailable(shop: Database) -> None:
    with shop.source.reading() as reading:
        batches = reading.rows(long(shop), {}, batch=10)
        next(batches)
        hang_up(shop)
        with pytest.raises(SourceUnavailable, match="The source “shop” does not answer"):
            for _ in batches:
                pass
        with pytest.raises(SourceUnavailable):
            reading.count("SELECT n FROM numbers", {})
    with shop.source.reading() as reading:
        assert reading.count("SELECT n FROM numbers", {}) == 2500


@pytest.mark.parametrize("shop", ["postgresql"], indirect=True)
def test_a_server_that_goes_away_during_csv_is_unavailable(shop: Database) -> None:
    with shop.source.reading() as reading:
        chunks = reading.csv(long(shop), {})
        assert chunks is not None
        next(chunks)
        hang_up(shop)
        with pytest.raises(SourceUnavailable):
            for _ in chunks:
                pass


def test_an_error_of_libpq_itself_is_a_lost_connection() -> None:
    """In the middle of a COPY it comes as a DatabaseError, elsewhere as an OperationalError."""
    lost = "server closed the connection unexpectedly"
    for kind in (psycopg.DatabaseError, psycopg.OperationalError):
        assert isinstance(explain("shop", kind(lost)), SourceUnavailable)
    assert isinstance(explain("shop", psycopg.ProgrammingError("no such thing")), QueryError)


# SQLAlchemy tells the same, but leaves psycopg's cursor open, of which psycopg warns.
@pytest.mark.parametrize("shop", ["postgresql"], indirect=True)
def test_a_server_that_goes_away_while_it_works_is_unavailable(shop: Database) -> None:
    with shop.source.reading() as reading:
        timer = threading.Timer(0.2, hang_up, [shop])
        timer.start()
        with pytest.raises(SourceUnavailable):
            everything(reading, endless(shop))
        timer.join()


# Behind SQLAlchemy, nothing tells it from an error of the query.
@pytest.mark.parametrize("shop", ["postgresql"], indirect=True)
def test_a_statement_that_an_administrator_cancels_may_be_tried_again(shop: Database) -> None:
    with shop.source.reading() as reading:
        administrator = threading.Thread(target=cancel_statement, args=(shop,))
        administrator.start()
        with pytest.raises(SourceUnavailable, match="The source “shop” ended the query"):
            everything(reading, endless(shop))
        administrator.join()
