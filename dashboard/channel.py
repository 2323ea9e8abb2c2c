"""Server-sent events over Redis pub/sub: flask-sse with one kept client a process."""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

from flask import current_app, json
from flask_sse import Message, ServerSentEventsBlueprint
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

# A worker must never hang on the broker: telling is best effort, the ledger is the truth.
PUBLISH_TIMEOUT_SECONDS = 0.5
CONFIRM_TIMEOUT_SECONDS = 2.0


class Channel(ServerSentEventsBlueprint):  # type: ignore[misc]  # flask-sse is not typed.
    """flask-sse's blueprint without its open route, with one kept Redis client a process."""

    def __init__(self, name: str, import_name: str) -> None:
        super().__init__(name, import_name)
        self._lock = threading.Lock()
        self._clients: dict[tuple[int, str], Redis] = {}

    @property
    def redis(self) -> Redis:
        """The kept client of this process, bounded in time, made on first use."""
        key = (os.getpid(), current_app.config["REDIS_URL"])
        with self._lock:
            if key not in self._clients:
                self._clients = {key: connect(key[1], PUBLISH_TIMEOUT_SECONDS)}
            return self._clients[key]

    def publish(
        self,
        data: Any,
        type: str | None = None,  # noqa: A002  # flask-sse's own name.
        id: str | None = None,  # noqa: A002
        retry: int | None = None,
        channel: str = "sse",
    ) -> bool:
        """Publish *data* as an event; True when Redis took it. Never raises for a Redis fault."""
        message = Message(data, type=type, id=id, retry=retry)
        try:
            self.redis.publish(channel, json.dumps(message.to_dict()))
        except RedisError as error:
            logger.debug("An event was not published: %s", error)
            return False
        return True

    def messages(self, channel: str, patience: Callable[[], float]) -> Iterator[Message]:
        """Yield messages of *channel*: one of type "subscribed" whenever Redis has confirmed.

        When none came within as many seconds as *patience* gives, it yields one of type "idle", so
        that the reader can look at its clock. Raises redis.RedisError when the connection is lost.
        """
        client = connect(current_app.config["REDIS_URL"], CONFIRM_TIMEOUT_SECONDS)
        pubsub = client.pubsub()  # type: ignore[no-untyped-call]
        try:
            pubsub.subscribe(channel)
            if pubsub.get_message(timeout=CONFIRM_TIMEOUT_SECONDS) is None:
                raise RedisError("Redis did not confirm the subscription.")
            yield Message("", type="subscribed")
            while True:
                got = pubsub.get_message(timeout=patience())
                if got is None:
                    yield Message("", type="idle")
                elif got["type"] == "subscribe":
                    # The client has connected again by itself: what was told meanwhile is lost.
                    yield Message("", type="subscribed")
                elif got["type"] == "message":
                    yield Message(**json.loads(got["data"]))
        finally:
            pubsub.close()
            client.close()


def connect(url: str, timeout: float) -> Redis:
    """Give a client of the server at *url* whose calls end within *timeout* seconds."""
    return Redis.from_url(
        url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 1),
        health_check_interval=0,
    )
