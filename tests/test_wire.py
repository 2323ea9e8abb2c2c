"""What is published while Redis is away: nobody waits for it, and whoever listens learns of it."""

import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import redis
from flask import Flask

from dashboard import create_app
from dashboard.extensions import sse
from dashboard.wire import GAP
from tests import servers

ASKED = 100
PATIENCE = 60.0


@pytest.fixture
def valkey_url(tmp_path: Path) -> Iterator[str]:
    """Run a Valkey of this test's own."""
    with servers.valkey_server(tmp_path) as url:
        yield url


@pytest.fixture
def valkey(valkey_url: str) -> Iterator[psutil.Process]:
    """Give its process, which may be frozen."""
    with redis.Redis.from_url(valkey_url) as client:
        server = psutil.Process(client.info("server")["process_id"])
    yield server
    server.resume()


@pytest.fixture
def app(valkey_url: str, tmp_path: Path) -> Flask:
    """Give a desk on that Valkey."""
    return create_app(INSTANCE_PATH=tmp_path, REDIS_URL=valkey_url)


def heard(app: Flask, wanted: str) -> Iterator[str]:
    """Give the types of the messages that come, until *wanted* has come."""
    deadline = time.monotonic() + PATIENCE
    with app.app_context():
        for message in sse.messages("news", lambda: 0.1):
            yield message.type
            if message.type == wanted:
                return
            assert time.monotonic() < deadline


@pytest.mark.faults
def test_only_the_first_call_waits_for_a_frozen_redis(
    app: Flask, valkey: psutil.Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    with app.app_context():
        publish = sse.wire.redis.publish
        assert sse.publish("one", channel="news")
        valkey.suspend()

        def ask(channel: str, data: str) -> None:
            asked.append(channel)
            publish(channel, data)

        monkeypatch.setattr(sse.wire.redis, "publish", ask)
        assert not any(sse.publish("two", channel="news") for _ in range(ASKED))
        assert len(asked) == 1
        assert sse.wire.is_away


@pytest.mark.faults
def test_who_listens_learns_that_messages_were_lost(app: Flask, valkey: psutil.Process) -> None:
    with app.app_context():
        sse.publish("one", channel="news")
        listening = heard(app, GAP)
        assert next(listening) == "subscribed"
        valkey.suspend()
        assert not sse.publish("two", channel="news")
        valkey.resume()
        assert GAP in list(listening)
        assert sse.publish("three", channel="news")


@pytest.mark.faults
def test_a_subscription_to_a_frozen_redis_is_given_up(app: Flask, valkey: psutil.Process) -> None:
    with app.app_context():
        messages = sse.messages("news", lambda: 0.1)
        assert next(messages).type == "subscribed"
        valkey.suspend()
        deadline = time.monotonic() + PATIENCE
        with pytest.raises(Exception, match="silent"):
            while time.monotonic() < deadline:
                next(messages)
