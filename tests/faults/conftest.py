"""Desks to be broken: one for each test, and one for those that leave it as it was."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.faults.broker import Broker
from tests.faults.stand import Stand, stand

Stands = Callable[..., Stand]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """Give a broker of this test's own."""
    folder = tmp_path / "broker"
    folder.mkdir()
    broker = Broker(folder)
    yield broker
    broker.end()


@pytest.fixture
def stands(tmp_path: Path, sqlite_ledger: Path, valkey_url: str) -> Iterator[Stands]:
    """Give the means to open a desk with settings of a test's own."""
    with ExitStack() as opened:

        def open_stand(**settings: Any) -> Stand:
            redis = settings.pop("REDIS_URL", valkey_url)
            return opened.enter_context(stand(tmp_path, sqlite_ledger, redis, **settings))

        yield open_stand


@pytest.fixture
def alone(stands: Stands) -> Stand:
    """Give a desk of this test's own; its parts are for the test to start."""
    return stands()


@pytest.fixture(scope="module")
def shared_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """Give the broker of the shared desk."""
    broker = Broker(tmp_path_factory.mktemp("broker"))
    yield broker
    broker.end()


@pytest.fixture(scope="module")
def shared(
    tmp_path_factory: pytest.TempPathFactory, sqlite_ledger: Path, shared_broker: Broker
) -> Iterator[Stand]:
    """Give a desk with a worker of two slots and a scheduler, which a test leaves healthy."""
    folder = tmp_path_factory.mktemp("stand")
    with stand(folder, sqlite_ledger, shared_broker.url) as shared:
        shared.parts.scheduler(wait=False)
        shared.parts.worker()
        yield shared
