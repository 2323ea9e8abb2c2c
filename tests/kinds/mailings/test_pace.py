"""Speed limits that all workers share."""

import threading
import time
from collections.abc import Iterator

import pytest
from redis import Redis

from dashboard.kinds.mailings.sending.pace import Limit, Pace
from dashboard.wire import connect


@pytest.fixture
def redis(valkey_url: str) -> Iterator[Redis]:
    """Give an empty server."""
    with connect(valkey_url, 2.0) as client:
        client.flushdb()
        yield client


def taken(pace: Pace, limits: list[Limit], most: int = 1000) -> int:
    """Take until there is something to wait for; give how many there were."""
    return next(number for number in range(most) if pace.take(limits) > 0)


def test_a_burst_may_leave_at_once_and_the_next_one_waits_its_turn(redis: Redis) -> None:
    pace, limits = Pace(redis), [Limit("all", 6, burst=5)]
    assert taken(pace, limits) == 5
    assert 9 < pace.take(limits) <= 10


def test_all_who_name_a_limit_share_it(redis: Redis) -> None:
    limits = [Limit("all", 1, burst=20)]
    counts: list[int] = []
    workers = [
        threading.Thread(target=lambda: counts.append(taken(Pace(redis), limits))) for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts) == 20


def test_what_one_limit_refuses_is_not_taken_of_the_others(redis: Redis) -> None:
    pace = Pace(redis)
    narrow, wide = Limit("example.org", 1), Limit("all", 1, burst=10)
    assert taken(pace, [wide, narrow]) == 1
    assert taken(pace, [wide]) == 9


def test_a_place_comes_back_at_the_speed_of_the_limit(redis: Redis) -> None:
    pace, limits = Pace(redis), [Limit("all", 6000)]
    began, sent = time.monotonic(), 0
    while sent < 20:
        if wait := pace.take(limits):
            threading.Event().wait(wait)
        else:
            sent += 1
    # The first leaves at once, each of the others 10 ms behind the one before.
    assert time.monotonic() - began >= 0.18


def test_a_domain_that_asks_for_less_gets_half_as_much_each_time(redis: Redis) -> None:
    pace = Pace(redis)
    assert pace.of_domain("slow.example") == []
    allowed = []
    for _ in range(9):
        pace.spare("slow.example")
        (limit,) = pace.of_domain("slow.example")
        allowed.append(limit.a_minute)
    assert allowed[:4] == [120, 60, 30, 15]
    assert allowed[-1] == 120 / 64
    assert pace.of_domain("other.example") == []


def test_other_workers_hear_of_it_and_it_is_over_after_a_while(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    pace, other = Pace(redis), Pace(redis, clock=lambda: now)
    assert other.of_domain("slow.example") == []
    pace.spare("slow.example")
    assert other.of_domain("slow.example") == []
    now += 1.0
    assert other.of_domain("slow.example") == [Limit("domain:slow.example", 120)]

    later = time.time() + 901
    monkeypatch.setattr(time, "time", lambda: later)
    now += 1.0

    assert other.of_domain("slow.example") == []


def test_no_limit_is_no_wait(redis: Redis) -> None:
    assert Pace(redis).take([]) == 0


def test_while_redis_is_away_each_process_keeps_to_it_alone() -> None:
    now = 100.0
    pace = Pace(connect("redis://127.0.0.1:1/0", 0.2), clock=lambda: now)
    limits = [Limit("all", 60, burst=3), Limit("x.example", 600, burst=9)]
    assert taken(pace, limits) == 3
    assert pace.take(limits) == pytest.approx(1.0)
    now += 1.0
    assert pace.take(limits) == 0
    pace.spare("x.example")
    assert pace.take(pace.of_domain("x.example")) == 0
    assert pace.take(pace.of_domain("x.example")) > 0
