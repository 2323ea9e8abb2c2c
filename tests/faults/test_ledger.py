"""A ledger that is locked, or away, just when a job ends: its work is not lost."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests import servers
from tests.faults.conftest import Stands
from tests.faults.proxy import Proxy

pytestmark = pytest.mark.faults

AWAY_SECONDS = 10.0
LEASE_SECONDS = 4  # They run out meanwhile.


def test_a_ledger_locked_while_jobs_end_loses_none(stands: Stands) -> None:
    stand = stands(LEASE_SECONDS=LEASE_SECONDS)
    stand.parts.scheduler(wait=False)
    stand.parts.worker()
    ids = [stand.start(rows=2_000_000 + number) for number in range(2)]
    for job_id in ids:
        stand.writes(job_id)
    with closing(sqlite3.connect(stand.folder / "ledger.db", isolation_level=None)) as ledger:
        ledger.execute("PRAGMA busy_timeout = 30000")
        ledger.execute("BEGIN IMMEDIATE")
        time.sleep(AWAY_SECONDS)
        ledger.execute("ROLLBACK")
    for number, job_id in enumerate(ids):
        fact = stand.ends(job_id)
        assert fact.state == "succeeded", fact.error
        assert [file.rows for file in fact.files] == [2_000_000 + number]
    assert stand.named() <= stand.stored()


@pytest.fixture
def proxy(postgres_ledger: str) -> Iterator[Proxy]:
    """Give the way to the ledger on PostgreSQL."""
    with servers.short_folder() as folder:
        proxy = Proxy(folder, postgres_ledger)
        yield proxy
        proxy.cut_off()


@pytest.mark.postgresql
def test_a_ledger_that_is_away_while_jobs_end_loses_none(stands: Stands, proxy: Proxy) -> None:
    stand = stands(SQLALCHEMY_DATABASE_URI=proxy.url, LEASE_SECONDS=LEASE_SECONDS)
    stand.parts.scheduler(wait=False)
    stand.parts.worker()
    ids = [stand.start(rows=2_000_000 + number) for number in range(2)]
    for job_id in ids:
        stand.writes(job_id)
    proxy.cut_off()
    time.sleep(AWAY_SECONDS)
    proxy.start()
    for number, job_id in enumerate(ids):
        fact = stand.ends(job_id)
        assert fact.state == "succeeded", fact.error
        assert [file.rows for file in fact.files] == [2_000_000 + number]
    assert stand.ends(stand.start(rows=3)).state == "succeeded"
    assert all(part.poll() is None for part in stand.parts.running)
