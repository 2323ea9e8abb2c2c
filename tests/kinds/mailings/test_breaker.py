"""A mailing pauses by itself when something is wrong with all of it."""

from dashboard.kinds.mailings.sending.breaker import NO_SERVER, TOO_MANY, Breaker


def test_more_than_half_refused_is_too_many() -> None:
    breaker = Breaker()
    for number in range(40):
        if number % 2:
            breaker.refused("550 No")
        else:
            breaker.sent()
    assert breaker.why is None
    breaker.refused("554 Spam")
    assert breaker.why == (TOO_MANY, {"bad": 21, "all": 41, "words": "554 Spam"})


def test_a_few_that_are_refused_first_say_nothing() -> None:
    breaker = Breaker()
    for _ in range(19):
        breaker.refused("550 No")
    assert breaker.why is None
    breaker.sent()
    assert breaker.why is None


def test_only_the_last_ones_count() -> None:
    breaker = Breaker()
    for _ in range(1000):
        breaker.sent()
    for _ in range(50):
        breaker.refused("451 Later")
    assert breaker.why is None
    breaker.refused("451 Later")
    assert breaker.why == (TOO_MANY, {"bad": 51, "all": 100, "words": "451 Later"})


def test_a_server_that_is_away_for_long_stops_it_and_an_answer_between_does_not() -> None:
    breaker = Breaker()
    for _ in range(4):
        breaker.unreachable("refused")
    breaker.sent()
    for _ in range(4):
        breaker.unreachable("refused")
    assert breaker.why is None
    breaker.unreachable("wrong password")
    assert breaker.why == (NO_SERVER, {"times": 5, "words": "wrong password"})


def test_the_first_reason_stands() -> None:
    breaker = Breaker()
    for _ in range(20):
        breaker.refused("550 No")
    first = breaker.why
    for _ in range(5):
        breaker.unreachable("refused")
    assert first is not None
    assert breaker.why is first
