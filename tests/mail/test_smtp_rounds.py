"""Many parcels on one connection, with and without pipelining."""

from collections.abc import Generator, Iterator
from itertools import count

import pytest
from hypothesis import given, settings, strategies as st

from dashboard.mail import Outcome, Parcel
from dashboard.mail.mishaps import (
    BAD_RECIPIENT,
    BAD_SENDER,
    BROKE_OFF,
    GARBLED,
    NO_UTF8,
    NOT_REACHED,
    TOO_LARGE,
    WITHHELD,
)
from tests.mail.parcels import Pulled, carrier, fates, parcel
from tests.mail.script import DROP, Script
from tests.mail.scripted import ScriptedServer, at, scripted

SOON = 30.0  # seconds within which another thread has come as far
PIPELINED = ("PIPELINING", "SIZE 100000", "8BITMIME", "SMTPUTF8")
PLAIN = ("SIZE 100000",)
both = pytest.mark.parametrize("offers", [PIPELINED, PLAIN], ids=["pipelined", "step by step"])


@both
def test_many_parcels_arrive_in_order_on_one_connection(offers: tuple[str, ...]) -> None:
    parcels = [parcel(number, f"Hello {number}\r\n.\r\n..dots") for number in range(50)]
    with scripted(offers=offers) as server, carrier(server).round() as round_:
        outcomes = list(round_.carry(parcels))
    assert outcomes == [Outcome("sent", 250, "2.0.0 taken")] * 50
    assert [(each.to, each.body) for each in server.taken] == [(p.to, p.body) for p in parcels]
    assert {each.sender for each in server.taken} == {"desk@example.org"}
    assert len(server.connections) == 1
    assert server.said[-1] == "QUIT"
    assert "RSET" not in server.said


def test_the_next_envelope_goes_ahead_and_the_next_body_waits_for_the_outcome_to_be_taken() -> None:
    with scripted() as server, carrier(server).round() as round_:
        for number, _ in enumerate(round_.carry(Pulled(20)), 1):
            if number < 20:
                assert server.when("DATA", number + 1).wait(SOON)
            server.events.append(("committed", number))
    for number in range(1, 20):
        committed = server.events.index(("committed", number))
        assert committed < server.events.index(("BODY", number + 1))


@both
def test_parcels_are_pulled_a_little_ahead(offers: tuple[str, ...]) -> None:
    ahead = 2 if offers == PIPELINED else 1
    parcels = Pulled(10)
    with scripted(offers=offers) as server, carrier(server).round() as round_:
        outcomes = round_.carry(parcels)
        assert parcels.numbers == []
        for taken in range(1, 10):
            next(outcomes)
            assert len(parcels.numbers) == min(taken + ahead, 10)


def test_the_next_envelope_leaves_together_with_the_end_of_a_body() -> None:
    with scripted() as server, carrier(server).round() as round_:
        assert fates(list(round_.carry(Pulled(9)))) == ["sent"] * 9
    # A server that took what follows for a part of the body would have taken it as text.
    assert [each.body for each in server.taken] == [parcel(number).body for number in range(1, 10)]


@both
def test_what_may_not_leave_is_left_to_nobody(offers: tuple[str, ...]) -> None:
    parcels = Pulled(5)
    with scripted(offers=offers) as server:
        with carrier(server).round() as round_:
            outcomes = list(round_.carry(parcels, lambda one: one.to != parcel(2).to))
            assert list(round_.carry([parcel(9)])) == []
        assert server.gone.wait(SOON)
    assert outcomes[:2] == [Outcome("sent", 250, "2.0.0 taken"), Outcome("untried", 0, WITHHELD)]
    assert len(outcomes) == len(parcels.numbers)
    assert fates(outcomes[2:]) == ["untried"] * len(outcomes[2:])
    assert [each.to for each in server.taken] == [parcel(1).to]


def test_whether_a_parcel_may_leave_is_asked_when_the_outcome_before_has_been_taken() -> None:
    events: list[tuple[str, int]] = []

    def may_leave(one: Parcel) -> bool:
        events.append(("asked", int(one.to[1:].partition("@")[0])))
        return True

    with scripted() as server, carrier(server).round() as round_:
        for number, _ in enumerate(round_.carry(Pulled(3), may_leave), 1):
            events.append(("committed", number))
    assert events == [(what, number) for number in (1, 2, 3) for what in ("asked", "committed")]


@both
@pytest.mark.parametrize("verb", ["MAIL", "RCPT", "DATA", "BODY"])
@pytest.mark.parametrize(("code", "fate"), [(451, "deferred"), (550, "failed")])
def test_one_refusal_concerns_one_parcel(
    offers: tuple[str, ...], verb: str, code: int, fate: str
) -> None:
    said = f"{code}-5.1.1 not\r\n{code} 5.1.1 \x07 this one".encode()
    with scripted(at(verb, 2, said), offers=offers) as server, carrier(server).round() as round_:
        outcomes = list(round_.carry(Pulled(4)))
    assert fates(outcomes) == ["sent", fate, "sent", "sent"]
    place = " (in reply to MAIL FROM)" if verb == "MAIL" else ""
    assert outcomes[1][1:] == (code, f"5.1.1 not this one{place}")
    assert [each.to for each in server.taken] == [parcel(number).to for number in (1, 3, 4)]


def test_a_server_that_takes_data_for_nobody_is_given_an_empty_end() -> None:
    script = Script(choice=at("RCPT", 2, b"550 no"), data_needs_recipient=False)
    with ScriptedServer(script) as server, carrier(server).round() as round_:
        assert fates(list(round_.carry(Pulled(3)))) == ["sent", "failed", "sent"]
    assert len(server.taken) == 2


def test_a_refusal_remains_one_when_the_connection_breaks_behind_it() -> None:
    script = Script(choice=at("RCPT", 1, b"550 no"), data_needs_recipient=False)
    script.end_of_nothing = DROP
    with ScriptedServer(script) as server, carrier(server).round() as round_:
        assert fates(list(round_.carry(Pulled(3)))) == ["failed"]
    assert server.taken == []


def test_no_message_is_left_with_a_server_that_refused_its_sender_but_goes_on() -> None:
    script = Script(choice=at("MAIL", 1, b"550 no"), minds_refusals=False)
    with ScriptedServer(script) as server, carrier(server).round() as round_:
        assert fates(list(round_.carry(Pulled(2)))) == ["failed"]
    assert server.taken == []


def test_where_everything_is_refused_every_parcel_has_its_answer() -> None:
    with (
        scripted(lambda verb, nth: b"550 no" if verb == "RCPT" else None) as server,
        carrier(server).round() as round_,
    ):
        assert fates(list(round_.carry(Pulled(5)))) == ["failed"] * 5
    assert server.taken == []


@both
@pytest.mark.parametrize(
    ("verb", "expected"),
    [
        ("MAIL", ["sent", "deferred"]),
        ("RCPT", ["sent", "deferred"]),
        ("DATA", ["sent", "deferred"]),
        ("BODY", ["sent", "deferred", "untried"]),
    ],
)
def test_421_ends_the_round(offers: tuple[str, ...], verb: str, expected: list[str]) -> None:
    parcels = Pulled(5)
    with (
        scripted(at(verb, 2, b"421 4.7.0 slower, please"), offers=offers) as server,
        carrier(server).round() as round_,
    ):
        outcomes = list(round_.carry(parcels))
    assert fates(outcomes[: len(expected)]) == expected
    assert outcomes[1][1:] == (421, "4.7.0 slower, please")
    assert len(outcomes) == len(parcels.numbers)
    for outcome in outcomes[2:]:
        assert outcome == Outcome("untried", 0, NOT_REACHED)


def test_a_server_that_hangs_up_while_nothing_is_on_its_way_leaves_nothing_uncertain() -> None:
    choice = at("BODY", 1, b"250 ok\r\n421 4.4.2 you were too slow\r\n" + DROP)
    with scripted(choice, offers=PLAIN) as server, carrier(server).round() as round_:
        outcomes = list(round_.carry(Pulled(3)))
    assert fates(outcomes) == ["sent", "deferred"]
    assert outcomes[1][1:] == (421, "4.4.2 you were too slow")


def test_a_server_that_left_before_the_body_leaves_nothing_uncertain() -> None:
    with (
        scripted(at("DATA", 2, b"354 go on\r\n" + DROP)) as server,
        carrier(server).round() as round_,
    ):
        outcomes = round_.carry(Pulled(3))
        assert next(outcomes).fate == "sent"
        assert server.gone.wait(SOON)
        assert list(outcomes) == [
            Outcome("untried", 0, BROKE_OFF),
            Outcome("untried", 0, NOT_REACHED),
        ]


def test_the_next_parcel_is_made_while_the_server_has_the_body() -> None:
    def parcels() -> Iterator[Parcel]:
        yield parcel(1)
        assert server.when("BODY", 1).wait(SOON)
        yield parcel(2)

    with scripted() as server, carrier(server).round() as round_:
        assert fates(list(round_.carry(parcels()))) == ["sent", "sent"]


@given(
    verb=st.sampled_from(["MAIL", "RCPT", "DATA", "BODY", "RSET"]),
    nth=st.integers(1, 6),
    answer=st.sampled_from(
        [
            DROP,
            b"25" + DROP,
            b"250-half\r\n" + DROP,
            b"250 ok\r\n" + DROP,
            b"354 go on\r\n" + DROP,
            b"421 enough",
            b"450 later",
            b"550 never",
            b"hello",
            b"250 ok\r\n250 and once more",
            b"354 what",
        ]
    ),
    refused=st.sets(st.integers(1, 6)),
    offers=st.sampled_from([PIPELINED, PLAIN]),
    needs_recipient=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_whatever_happens_what_is_said_of_each_parcel_is_true(
    verb: str,
    nth: int,
    answer: bytes,
    refused: set[int],
    offers: tuple[str, ...],
    needs_recipient: bool,
) -> None:
    def choice(said: str, number: int) -> bytes | None:
        if (said, number) == (verb, nth):
            return answer
        return b"550 5.1.1 nobody" if said == "RCPT" and number in refused else None

    parcels = Pulled(5)
    script = Script(offers, choice, data_needs_recipient=needs_recipient)
    with ScriptedServer(script) as server, carrier(server, "?timeout=5").round() as round_:
        outcomes = list(round_.carry(parcels))
    assert len(outcomes) == len(parcels.numbers)
    taken = [each.to for each in server.taken]
    assert len(set(taken)) == len(taken)
    by_fate: dict[str, set[str]] = {}
    for number, outcome in zip(parcels.numbers, outcomes, strict=True):
        by_fate.setdefault(outcome.fate, set()).add(parcel(number).to)
    uncertain = by_fate.get("uncertain", set())
    assert len(uncertain) <= 1
    # An answer that nobody asked for may be out of step, but never makes a taken parcel seem free.
    assert set(taken) <= by_fate.get("sent", set()) | uncertain


def test_a_source_that_fails_is_heard_behind_the_answer_that_was_due() -> None:
    class Stop(Exception):
        pass

    def parcels() -> Iterator[Parcel]:
        yield parcel(1)
        yield parcel(2)
        raise Stop

    with scripted() as server, carrier(server).round() as round_:
        outcomes = round_.carry(parcels())
        assert [next(outcomes).fate, next(outcomes).fate] == ["sent", "sent"]
        with pytest.raises(Stop):
            next(outcomes)
    assert [each.to for each in server.taken] == ["r1@example.org", "r2@example.org"]


def test_leaving_early_hands_nothing_over() -> None:
    with scripted() as server:
        with carrier(server).round() as round_:
            for outcome in round_.carry(parcel(number) for number in count(1)):
                assert outcome.fate == "sent"
                assert server.when("DATA", 2).wait(SOON)
                break
        assert server.gone.wait(SOON)
    assert len(server.taken) == 1
    # A goodbye would have become the text of the second message.
    assert b"".join(server.cut_off) == b""


@both
def test_what_the_server_cannot_take_is_not_sent(offers: tuple[str, ...]) -> None:
    utf8 = Parcel("desk@example.org", "müller@example.org", b"x\r\n", utf8=True)
    parcels = [
        parcel(1),
        parcel(2, "x" * 100_000),
        utf8,
        parcel(3)._replace(to="r3@example.org>\r\nRCPT TO:<all@example.org"),
        parcel(4)._replace(sender="nobody"),
        parcel(5)._replace(sender=""),
    ]
    with scripted(offers=offers) as server, carrier(server).round() as round_:
        outcomes = list(round_.carry(parcels))
    assert outcomes[1] == Outcome("failed", 0, TOO_LARGE)
    assert outcomes[3] == Outcome("failed", 0, BAD_RECIPIENT)
    assert outcomes[4] == Outcome("failed", 0, BAD_SENDER)
    if offers == PLAIN:
        assert outcomes[2] == Outcome("failed", 0, NO_UTF8)
        assert [each.to for each in server.taken] == ["r1@example.org", "r5@example.org"]
    else:
        assert outcomes[2].fate == "sent"
        assert server.taken[1].to == "müller@example.org"
        assert any(line.endswith("BODY=8BITMIME SMTPUTF8") for line in server.said)
    assert server.taken[-1].sender == ""


def test_a_round_can_carry_twice_while_it_lasts() -> None:
    with scripted(at("BODY", 3, DROP)) as server, carrier(server).round() as round_:
        assert fates(list(round_.carry(Pulled(2)))) == ["sent", "sent"]
        assert fates(list(round_.carry(Pulled(2)))) == ["uncertain", "untried"]
        unasked = Pulled(2)
        assert list(round_.carry(unasked)) == []
    assert unasked.numbers == []


def test_an_answer_out_of_step_is_not_believed() -> None:
    with scripted(at("BODY", 1, b"354 go on")) as server, carrier(server).round() as round_:
        outcomes = list(round_.carry(Pulled(2)))
    assert outcomes[0] == Outcome("uncertain", 0, GARBLED)
    assert outcomes[1].fate == "untried"


@both
@pytest.mark.parametrize(
    ("verb", "answer"), [("MAIL", b"354 go on"), ("RCPT", b"354 go on"), ("DATA", b"250 ok")]
)
def test_no_body_leaves_for_an_answer_to_something_else(
    offers: tuple[str, ...], verb: str, answer: bytes
) -> None:
    with (
        scripted(at(verb, 2, answer), offers=offers) as server,
        carrier(server).round() as round_,
    ):
        outcomes = list(round_.carry(Pulled(3)))
    assert outcomes[1] == Outcome("untried", 0, GARBLED)
    assert fates(outcomes[2:]) == ["untried"] * len(outcomes[2:])
    assert len(server.taken) == 1
    assert not any(line.startswith("To:") for line in server.said)


def test_nothing_of_a_round_that_was_left_in_the_middle_is_carried_later() -> None:
    with scripted() as server, carrier(server).round() as round_:
        outcomes = round_.carry(Pulled(3))
        assert isinstance(outcomes, Generator)
        next(outcomes)
        outcomes.close()
        assert list(round_.carry([parcel(9)])) == []
    assert [each.to for each in server.taken] == ["r1@example.org"]


def test_nothing_follows_a_source_that_failed() -> None:
    def parcels() -> Iterator[Parcel]:
        yield parcel(1)
        raise KeyError

    with scripted() as server, carrier(server).round() as round_:
        with pytest.raises(KeyError):
            list(round_.carry(parcels()))
        assert list(round_.carry([parcel(9)])) == []
    assert [each.to for each in server.taken] == ["r1@example.org"]
