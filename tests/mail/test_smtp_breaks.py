"""Servers that are late, talk nonsense or go away, and rounds that are interrupted."""

import threading
from collections.abc import Iterator

import pytest

from dashboard.mail import Outcome, Parcel
from dashboard.mail.mishaps import BROKE_OFF, GARBLED, INTERRUPTED, NOT_REACHED, TOO_LATE
from tests.mail.parcels import Pulled, carrier, fates, parcel
from tests.mail.script import DROP, SILENCE
from tests.mail.scripted import at, scripted

HUGE = 10_000_000  # bytes
SOON = 30.0  # seconds within which another thread has come as far
BIG = parcel(1, "\r\n".join(["x" * 70] * 100_000))  # 7 MB: more than the system keeps for a reader


@pytest.mark.parametrize(
    ("verb", "expected"),
    [
        ("MAIL", ["sent", "untried", "untried"]),
        ("RCPT", ["sent", "untried", "untried"]),
        ("DATA", ["sent", "untried", "untried"]),
        ("BODY", ["sent", "uncertain", "untried", "untried"]),
    ],
)
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (DROP, BROKE_OFF),
        (SILENCE, TOO_LATE),
        (b"25" + SILENCE, TOO_LATE),
        (b"250-and\r\n" + SILENCE, TOO_LATE),
        (b"25" + DROP, BROKE_OFF),
        (b"hello there", GARBLED),
        (b"", GARBLED),
        (b"999 what", GARBLED),
        (b"2500 ok", GARBLED),
        (b"250-" + b"x" * HUGE, GARBLED),
        (b"250-x\r\n" * (HUGE // 7) + b"250 x", GARBLED),
        (b"\xff\xfe\x00", GARBLED),
    ],
    ids=lambda value: value[:12] if isinstance(value, bytes) else "",
)
def test_a_server_that_does_not_answer_properly_is_left(
    verb: str, expected: list[str], answer: bytes, words: str
) -> None:
    # What is said properly before must come in time as well.
    timeout = 2 if words == TOO_LATE else 30
    options = f"?timeout={timeout}"
    with scripted(at(verb, 2, answer)) as server, carrier(server, options).round() as round_:
        outcomes = list(round_.carry(Pulled(5)))
    assert fates(outcomes) == expected
    assert outcomes[1][1:] == (0, words)
    assert {outcome[1:] for outcome in outcomes[2:]} == {(0, NOT_REACHED)}


def test_answers_that_trickle_have_no_longer_than_all_others() -> None:
    drops = threading.Event()

    def trickle(verb: str, nth: int) -> bytes | None:
        if verb != "BODY":
            return None
        while not drops.wait(0.05):
            server.say(b"250-x\r\n")
        return DROP

    with scripted(trickle) as server, carrier(server, "?timeout=2").round() as round_:
        assert fates(list(round_.carry([parcel(1)]))) == ["uncertain"]
        drops.set()


def test_a_long_message_that_nobody_reads_is_not_uncertain() -> None:
    choice = at("DATA", 1, b"354 go on\r\n" + SILENCE)
    with (
        scripted(choice, offers=("PIPELINING",)) as server,
        carrier(server, "?timeout=2").round() as round_,
    ):
        assert list(round_.carry([BIG])) == [Outcome("deferred", 0, TOO_LATE)]
    assert server.taken == []


def test_a_long_message_arrives_whole() -> None:
    with scripted(offers=("PIPELINING",)) as server, carrier(server).round() as round_:
        assert fates(list(round_.carry([BIG, parcel(2)]))) == ["sent", "sent"]
    assert server.taken[0].body == BIG.body


def test_an_interrupt_lets_an_answer_that_comes_soon_count() -> None:
    released = threading.Event()

    def choice(verb: str, nth: int) -> None:
        if verb == "BODY":
            released.wait(SOON)

    with scripted(choice) as server, carrier(server, "?timeout=30").round() as round_:

        def interrupt() -> None:
            server.when("BODY", 1).wait(SOON)
            round_.interrupt()
            released.set()

        thread = threading.Thread(target=interrupt)
        thread.start()
        outcomes = list(round_.carry(Pulled(3)))
        thread.join()
    assert fates(outcomes) == ["sent", "untried", "untried"]
    assert {outcome.words for outcome in outcomes[1:]} == {INTERRUPTED}


@pytest.mark.parametrize(
    ("verb", "expected"),
    [("MAIL", ["untried"]), ("DATA", ["untried"]), ("BODY", ["uncertain", "untried", "untried"])],
)
def test_an_interrupt_ends_a_round_that_waits(verb: str, expected: list[str]) -> None:
    with scripted(at(verb, 1, SILENCE)) as server, carrier(server, "?timeout=60").round() as round_:

        def interrupt() -> None:
            server.when(verb, 1).wait(SOON)
            round_.interrupt()
            round_.interrupt()

        thread = threading.Thread(target=interrupt)
        thread.start()
        outcomes = list(round_.carry(Pulled(3)))
        thread.join()
    assert fates(outcomes) == expected
    assert {outcome.words for outcome in outcomes} == {INTERRUPTED}


def test_an_interrupted_round_asks_for_no_parcel() -> None:
    parcels = Pulled(3)
    with scripted() as server, carrier(server).round() as round_:
        round_.interrupt()
        assert list(round_.carry(parcels)) == []
    assert parcels.numbers == []


def test_an_interrupt_between_two_outcomes_lets_no_further_body_leave() -> None:
    with scripted() as server, carrier(server).round() as round_:
        outcomes = round_.carry(Pulled(3))
        assert next(outcomes).fate == "sent"
        round_.interrupt()
        assert fates(list(outcomes)) == ["untried", "untried"]
    assert len(server.taken) == 1


def test_an_interrupt_while_a_parcel_is_pulled_lets_no_other_body_leave() -> None:
    with scripted() as server, carrier(server).round() as round_:

        def parcels() -> Iterator[Parcel]:
            yield parcel(1)
            round_.interrupt()
            yield parcel(2)

        assert fates(list(round_.carry(parcels()))) == ["sent", "untried"]
    assert [each.to for each in server.taken] == ["r1@example.org"]
