"""When somebody who was refused for now is tried again."""

from datetime import UTC, datetime, timedelta

from dashboard.kinds.mailings.sending.pauses import JITTER, PAUSES, next_try

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_pauses_grow_and_end_after_two_days() -> None:
    assert sum(PAUSES, timedelta()) == timedelta(hours=48)
    assert list(PAUSES[:5]) == sorted(PAUSES[:5])
    assert next_try(len(PAUSES) + 1, NOW) is None


def test_each_pause_is_about_its_length_and_no_two_are_alike() -> None:
    for tries, pause in enumerate(PAUSES, 1):
        times = {next_try(tries, NOW) for _ in range(50)}
        assert len(times) > 1
        for time in times:
            assert time is not None
            assert abs(time - NOW - pause) <= pause * JITTER
