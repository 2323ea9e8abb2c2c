"""The one connection of a process to Redis that everything is published on."""

import logging
import threading
import time
from contextlib import suppress

from flask import json
from flask_sse import Message
from redis import ConnectionError as NotConnected, Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

# A worker must never hang on the broker: telling is best effort, the ledger is the truth.
PUBLISH_TIMEOUT_SECONDS = 0.5
PROBE_SECONDS = 0.5

GAP = "gap"  # the type of the message that others were lost


class Wire:
    """The kept client of one process. While Redis is away, nobody waits for it."""

    def __init__(self, url: str) -> None:
        self.redis = connect(url, PUBLISH_TIMEOUT_SECONDS)
        self._missed: set[str] = set()
        self._lock = threading.Lock()

    @property
    def is_away(self) -> bool:
        """Whether Redis did not answer when it was last asked."""
        return bool(self._missed)

    def publish(self, channel: str, data: str) -> bool:
        """Publish *data*; True when Redis took it. After a failure only the probe tries again."""
        with self._lock:
            if self._missed:
                self._missed.add(channel)
                return False
        try:
            self.redis.publish(channel, data)
        except RedisError as error:
            logger.warning("Redis does not answer, so pages read the ledger: %s", error)
            self._miss({channel})
            return False
        return True

    def _miss(self, channels: set[str]) -> None:
        with self._lock:
            is_first = not self._missed
            self._missed |= channels
        if is_first:
            threading.Thread(target=self._probe, name="probe", daemon=True).start()

    def _probe(self) -> None:
        """Knock until Redis answers; then tell all who listen that they missed something."""
        while True:
            time.sleep(PROBE_SECONDS)
            with suppress(RedisError):
                self.redis.ping()
                break
        with self._lock:
            missed, self._missed = self._missed, set()
        logger.info("Redis answers again")
        for channel in missed:
            self.publish(channel, json.dumps(Message("", type=GAP).to_dict()))


def connect(url: str, timeout: float) -> Redis:
    """Give a client of the server at *url* whose calls end within *timeout* seconds."""
    return Redis.from_url(
        url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        # A server that was restarted is reached at once; one that is frozen is not asked twice.
        retry=Retry(NoBackoff(), 1, supported_errors=(NotConnected,)),
        health_check_interval=0,
    )
