"""Speed limits that all workers share: token buckets in Redis, by the server's own clock.

The buckets are those of the generic cell rate algorithm (ITU-T I.371): one number for each, the
moment at which it would be full again.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from redis import Redis, RedisError

MINUTE: Final = 60_000.0  # milliseconds

SPARED: Final = 120.0
"""E-mails a minute to a domain that has asked for less once."""

SLOWEST: Final = 64
"""It gets half as much each time it asks again, down to this part."""

SLOW_SECONDS: Final = 900
"""For so long a domain is spared behind its last complaint."""

LOOK_SECONDS: Final = 1.0
"""So often a process asks which domains others have to spare."""

_SLOW: Final = "pace:slow"  # domains, by the time of their last complaint
_PARTS: Final = "pace:parts"

# All or nothing: what is taken of one limit is taken of each. Gives milliseconds to wait.
_TAKE: Final = """
local t = redis.call('TIME')
local now = t[1] * 1000 + t[2] / 1000
local wait = 0
local full = {}
for i, key in ipairs(KEYS) do
    full[i] = math.max(now, tonumber(redis.call('GET', key) or '0'))
    wait = math.max(wait, full[i] - ARGV[2 * i - 1] * (ARGV[2 * i] - 1) - now)
end
if wait > 0 then return tostring(wait) end
for i, key in ipairs(KEYS) do
    local at = full[i] + ARGV[2 * i - 1]
    redis.call('SET', key, string.format('%.3f', at), 'PX', math.ceil(at - now) + 1000)
end
return '0'
"""


class Limit(NamedTuple):
    """At most *a_minute* e-mails a minute for all who name the same *key*, *burst* at once."""

    key: str
    a_minute: float
    burst: int = 1


class Pace:
    """Says when the next e-mail may leave. While Redis is away each process keeps to it alone."""

    def __init__(self, redis: Redis, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._redis = redis
        self._take = redis.register_script(_TAKE)
        self._clock = clock
        self._own: dict[str, float] = {}
        self._spared: dict[str, int] = {}
        self._looked_at = -LOOK_SECONDS
        self._lock = threading.Lock()

    def take(self, limits: Sequence[Limit]) -> float:
        """Take a place of all *limits*: 0.0, or else the seconds until it is worth asking again."""
        if not limits:
            return 0.0
        given = [value for one in limits for value in (MINUTE / one.a_minute, one.burst)]
        try:
            wait = self._take(keys=[f"pace:{one.key}" for one in limits], args=given)
        except RedisError:
            return self._take_alone(limits)
        return float(wait) / 1000

    def of_domain(self, domain: str) -> list[Limit]:
        """Give the limit of a *domain* that has asked for less of late; none for all others."""
        if self._clock() - self._looked_at >= LOOK_SECONDS:
            self._look()
        part = self._spared.get(domain)
        return [Limit(f"domain:{domain}", SPARED / part)] if part else []

    def spare(self, domain: str) -> None:
        """Send less to *domain* for a while: its server has asked for it."""
        part = min(SLOWEST, 2 * self._spared.get(domain, 0) or 1)
        self._spared = {**self._spared, domain: part}
        with suppress(RedisError):
            self._redis.hset(_PARTS, domain, str(part))
            self._redis.zadd(_SLOW, {domain: time.time()})

    def _look(self) -> None:
        self._looked_at = self._clock()
        with suppress(RedisError):
            now = time.time()
            if old := self._redis.zrangebyscore(_SLOW, 0, now - SLOW_SECONDS):
                self._redis.hdel(_PARTS, *old)
                self._redis.zrem(_SLOW, *old)
            parts: dict[bytes, bytes] = self._redis.hgetall(_PARTS)  # type: ignore[assignment]
            self._spared = {domain.decode(): int(part) for domain, part in parts.items()}

    def _take_alone(self, limits: Sequence[Limit]) -> float:
        with self._lock:
            now = self._clock()
            full = [max(now, self._own.get(one.key, 0.0)) for one in limits]
            each = [60 / one.a_minute for one in limits]
            wait = max(
                at - length * (one.burst - 1) - now
                for at, length, one in zip(full, each, limits, strict=True)
            )
            if wait > 0:
                return wait
            for at, length, one in zip(full, each, limits, strict=True):
                self._own[one.key] = at + length
        return 0.0
