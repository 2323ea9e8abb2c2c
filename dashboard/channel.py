"""Server-sent events over Redis pub/sub: flask-sse with one kept client a process."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from flask import current_app, json
from flask_sse import Message, ServerSentEventsBlueprint
from redis import Redis, RedisError

from dashboard.wire import Wire, connect

CONFIRM_TIMEOUT_SECONDS = 2.0
# A subscription that is silent for so long is asked for a sign of life, and given up when none
# comes: a Redis that is frozen keeps its connections open.
SILENCE_SECONDS = 1.0
ANSWER_SECONDS = 1.5


class Channel(ServerSentEventsBlueprint):  # type: ignore[misc]  # flask-sse is not typed.
    """flask-sse's blueprint without its open route, with one kept Redis client a process."""

    def __init__(self, name: str, import_name: str) -> None:
        super().__init__(name, import_name)
        self._lock = threading.Lock()
        self._wires: dict[tuple[int, str], Wire] = {}

    @property
    def wire(self) -> Wire:
        """The wire of this process to Redis, made on first use."""
        key = (os.getpid(), current_app.config["REDIS_URL"])
        with self._lock:
            if key not in self._wires:
                self._wires = {key: Wire(key[1])}
            return self._wires[key]

    @property
    def redis(self) -> Redis:
        """The kept client of this process, bounded in time."""
        return self.wire.redis

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
        return self.wire.publish(channel, json.dumps(message.to_dict()))

    def messages(self, channel: str, patience: Callable[[], float]) -> Iterator[Message]:
        """Yield messages of *channel*: one of type "subscribed" whenever Redis has confirmed.

        When none came within as many seconds as *patience* gives, it yields one of type "idle", so
        that the reader can look at its clock; one of type "gap" says that others were lost. Raises
        redis.RedisError when the connection is lost, or when Redis has fallen silent.
        """
        client = connect(current_app.config["REDIS_URL"], CONFIRM_TIMEOUT_SECONDS)
        pubsub = client.pubsub()  # type: ignore[no-untyped-call]
        try:
            pubsub.subscribe(channel)
            if pubsub.get_message(timeout=CONFIRM_TIMEOUT_SECONDS) is None:
                raise RedisError("Redis did not confirm the subscription.")
            yield Message("", type="subscribed")
            heard = time.monotonic()
            is_asked = False
            while True:
                got = pubsub.get_message(timeout=patience())
                silence = time.monotonic() - heard
                if got is not None:
                    heard, is_asked = time.monotonic(), False
                elif silence > SILENCE_SECONDS + ANSWER_SECONDS:
                    raise RedisError("Redis has fallen silent.")
                elif silence > SILENCE_SECONDS and not is_asked:
                    pubsub.ping()
                    is_asked = True
                if got is None or got["type"] == "pong":
                    yield Message("", type="idle")
                elif got["type"] == "subscribe":
                    # The client has connected again by itself: what was told meanwhile is lost.
                    yield Message("", type="subscribed")
                elif got["type"] == "message":
                    yield Message(**json.loads(got["data"]))
        finally:
            pubsub.close()
            client.close()
