"""A mailing and mail servers as nobody wants them: each person's fate is true, nobody is lost."""

import ssl
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from dashboard.kinds.mailings.bulk.standing import pause, resume, stop
from dashboard.kinds.mailings.sending import breaker, lane
from dashboard.kinds.mailings.sending.work import PATIENCE_SECONDS
from dashboard.kinds.mailings.suppressions import suppress
from dashboard.mail.mishaps import BROKE_OFF, INTERRUPTED, TOO_LATE
from dashboard.mail.smtp.round import GRACE_SECONDS
from dashboard.models import Cause, MailingState
from tests.kinds.mailings.conftest import MakeMailing
from tests.kinds.mailings.real import Sending, sending
from tests.mail.certificates import self_signed
from tests.mail.script import DROP, SILENCE, Choice, Script
from tests.mail.scripted import ScriptedServer, at, scripted
from tests.servers import free_port

PEOPLE = 30
LATE = PATIENCE_SECONDS + GRACE_SECONDS + 0.5  # longer than a stop waits for an answer


@pytest.fixture
def any_app(app: Flask) -> Flask:
    """Give a desk on SQLite: what is tested here is the same on each database."""
    return app


@pytest.fixture
def mailing(any_app: Flask, made_mailing: MakeMailing) -> Sending:
    """Give a mailing to thirty people that waits for its worker, over one connection."""
    return sending(any_app, made_mailing(PEOPLE))


@pytest.fixture
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the pauses between connections be short."""
    monkeypatch.setattr(lane, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(lane, "LONGEST_PAUSE", 0.02)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file with the key and certificate of 127.0.0.1, signed by nobody else."""
    return self_signed(tmp_path_factory.mktemp("tls"))


def taken(server: ScriptedServer) -> Counter[str]:
    """Give how many messages the server took for each address."""
    return Counter(message.to for message in server.taken)


def everybody() -> Counter[str]:
    """Give one message for each address."""
    return Counter(f"P{place}@example.org" for place in range(1, PEOPLE + 1))


@pytest.mark.usefixtures("_hurry")
def test_a_server_that_is_down_pauses_it_and_everybody_gets_it_when_it_is_back(
    mailing: Sending,
) -> None:
    port = free_port()
    mailing.reaches(port)

    fact = mailing.works()

    paused, why = mailing.state
    assert (fact.state, paused) == ("waiting", MailingState.PAUSED)
    assert "The mail server could not be reached 5 times." in why
    assert f"127.0.0.1:{port} does not answer: Connection refused" in why
    assert mailing.fates == {"queued": PEOPLE}
    with scripted() as server:
        mailing.reaches(server)
        mailing.presses(resume)
        assert mailing.works().state == "succeeded"
    assert taken(server) == everybody()
    assert mailing.fates == {"sent": PEOPLE}


@pytest.mark.usefixtures("_hurry")
def test_a_server_that_goes_down_in_the_middle_leaves_nobody_out_and_nobody_uncertain(
    mailing: Sending,
) -> None:
    def dies(verb: str, nth: int) -> bytes | None:
        return DROP if (verb == "MAIL" and nth == 11) or (verb == "CONNECT" and nth > 1) else None

    with scripted(dies) as server:
        mailing.reaches(server)
        mailing.works()
    assert mailing.state[0] == MailingState.PAUSED
    assert mailing.fates == {"sent": 10, "queued": 20}
    with scripted() as second:
        mailing.reaches(second)
        mailing.presses(resume)
        assert mailing.works().state == "succeeded"
    assert taken(server) + taken(second) == everybody()


@pytest.mark.parametrize(("press", "state"), [(pause, "waiting"), (stop, "cancelled")])
def test_a_slow_server_holds_up_nobody_who_pauses_or_stops(
    mailing: Sending, press: Callable[..., bool], state: str
) -> None:
    def slowly(verb: str, nth: int) -> bytes | None:
        if (verb, nth) == ("BODY", 3):
            mailing.presses(press)
        server.stopped.wait(0.1)
        return None

    with scripted(slowly) as server:
        mailing.reaches(server, "?timeout=60")
        fact = mailing.works()
    sent = mailing.fates["sent"]
    assert fact.state == state
    # What is slow is not uncertain: its answer came while the work was stopping.
    assert mailing.fates == {"sent": sent, "queued": PEOPLE - sent}
    assert 3 <= sent < PEOPLE
    assert len(server.taken) == sent


def test_a_server_that_says_nothing_more_holds_up_no_stop_and_one_is_uncertain(
    mailing: Sending,
) -> None:
    def silent(verb: str, nth: int) -> bytes | None:
        if (verb, nth) == ("BODY", 3):
            mailing.presses(stop)
            return SILENCE
        return None

    with scripted(silent) as server:
        mailing.reaches(server, "?timeout=60")
        fact = mailing.works()
    assert fact.state == "cancelled"
    assert mailing.fates == {"sent": 2, "uncertain": 1, "queued": PEOPLE - 3}
    assert (mailing.delivery(3).state, mailing.delivery(3).words) == ("uncertain", INTERRUPTED)


def test_a_pause_waits_for_an_answer_that_is_due_so_that_nobody_is_uncertain(
    mailing: Sending,
) -> None:
    def late(verb: str, nth: int) -> bytes | None:
        if (verb, nth) == ("BODY", 3):
            mailing.presses(pause)
            server.stopped.wait(LATE)
        return None

    with scripted(late) as server:
        mailing.reaches(server, "?timeout=60")
        fact = mailing.works()
    assert (fact.state, mailing.state[0]) == ("waiting", MailingState.PAUSED)
    sent = mailing.fates["sent"]
    assert sent in (3, 4)  # The envelope of one more has left with the body before it.
    assert mailing.fates == {"sent": sent, "queued": PEOPLE - sent}
    assert len(server.taken) == sent


@pytest.mark.parametrize(
    ("verb", "answer", "fate"),
    [
        ("MAIL", b"554 5.7.1 Not from you", "failed"),
        ("RCPT", b"550 5.7.1 Relaying denied", "failed"),
        ("BODY", b"554 5.7.1 Spam", "failed"),
        ("MAIL", b"451 4.3.0 Try later", "deferred"),
        ("RCPT", b"450 4.2.0 Greylisted", "deferred"),
        ("BODY", b"452 4.3.1 Out of space", "deferred"),
    ],
)
def test_a_server_that_refuses_everything_is_left_before_all_are_refused(
    mailing: Sending, verb: str, answer: bytes, fate: str
) -> None:
    with scripted(lambda said, nth: answer if said == verb else None) as server:
        mailing.reaches(server)
        fact = mailing.works()
    paused, why = mailing.state
    assert (fact.state, paused) == ("waiting", MailingState.PAUSED)
    assert f"refused 20 of the last 20 e-mails. It said: {answer[4:].decode()}" in why
    bad = mailing.fates[fate]
    assert 20 <= bad <= 22  # Of two more the envelopes may have been refused already.
    assert mailing.fates == {fate: bad, "queued": PEOPLE - bad}
    assert server.taken == []


def test_a_server_that_drops_behind_a_message_leaves_exactly_that_one_uncertain(
    mailing: Sending,
) -> None:
    with scripted(at("BODY", 5, DROP)) as server:
        mailing.reaches(server)
        fact = mailing.works()
    assert fact.state == "succeeded"
    assert mailing.fates == {"sent": PEOPLE - 1, "uncertain": 1}
    assert (mailing.delivery(5).state, mailing.delivery(5).words) == ("uncertain", BROKE_OFF)
    assert taken(server) == everybody()


@pytest.mark.usefixtures("_hurry")
def test_a_server_that_drops_behind_every_message_is_left_and_none_goes_twice(
    mailing: Sending,
) -> None:
    with scripted(lambda verb, nth: DROP if verb == "BODY" else None) as server:
        mailing.reaches(server)
        mailing.works()
    assert mailing.state[0] == MailingState.PAUSED
    assert BROKE_OFF in mailing.state[1]
    uncertain = mailing.fates["uncertain"]
    assert uncertain <= 5
    assert mailing.fates == {"uncertain": uncertain, "queued": PEOPLE - uncertain}
    assert set(taken(server).values()) == {1}
    assert len(server.taken) == uncertain


def test_who_is_answered_too_late_is_uncertain_and_gets_it_once(mailing: Sending) -> None:
    is_over = threading.Event()

    def late(verb: str, nth: int) -> bytes | None:
        if (verb, nth) == ("CONNECT", 2):
            is_over.set()
        if (verb, nth) == ("BODY", 5):
            is_over.wait(6.0)  # Twice as long as anybody waits for it.
        return None

    with scripted(late) as server:
        mailing.reaches(server, "?timeout=3")
        fact = mailing.works()
    assert fact.state == "succeeded"
    assert mailing.fates == {"sent": PEOPLE - 1, "uncertain": 1}
    assert (mailing.delivery(5).state, mailing.delivery(5).words) == ("uncertain", TOO_LATE)
    assert taken(server) == everybody()


def tls(certificate: Path, choice: Choice = lambda verb, nth: None) -> Script:
    """Give a script that offers STARTTLS and, behind it, AUTH."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return Script(("PIPELINING", "AUTH PLAIN"), choice, tls=context)


def refuses_to_go_on(mailing: Sending, server: ScriptedServer, words: str) -> None:
    """See that the mailing has paused and says why, and that nothing has left."""
    fact = mailing.works()
    paused, why = mailing.state
    assert (fact.state, paused) == ("waiting", MailingState.PAUSED)
    assert words in why
    assert mailing.fates == {"queued": PEOPLE}
    assert not any(line.startswith(("MAIL", "RCPT")) for line in server.said)


@pytest.mark.usefixtures("_hurry")
def test_without_encryption_nothing_leaves_where_it_is_asked_for(mailing: Sending) -> None:
    with scripted() as server:
        mailing.reaches(server, "?starttls=require")
        refuses_to_go_on(mailing, server, "offers no encryption (STARTTLS)")


@pytest.mark.usefixtures("_hurry")
@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "smtps"])
def test_a_certificate_that_nobody_vouches_for_pauses_it_and_a_good_one_lets_it_go_on(
    mailing: Sending, certificate: Path, implicit: bool
) -> None:
    script = tls(certificate)
    script.implicit_tls = implicit
    scheme, options = ("smtps", "?") if implicit else ("smtp", "?starttls=require&")
    with ScriptedServer(script) as server:
        mailing.reaches(server, options.rstrip("?&"), scheme=scheme)
        refuses_to_go_on(mailing, server, "cannot be trusted: self-signed certificate")
        mailing.reaches(server, f"{options}ca={certificate}", scheme=scheme)
        mailing.presses(resume)
        assert mailing.works().state == "succeeded"
    assert taken(server) == everybody()


@pytest.mark.usefixtures("_hurry")
def test_a_wrong_password_pauses_it_and_stands_in_no_page(
    mailing: Sending, certificate: Path
) -> None:
    script = tls(certificate, lambda verb, nth: b"535 5.7.8 No" if verb == "AUTH" else None)
    with ScriptedServer(script) as server:
        mailing.reaches(server, f"?ca={certificate}", user="mara:s3cret@")
        refuses_to_go_on(mailing, server, "does not take the user name and password: 535 5.7.8 No")
    assert "s3cret" not in mailing.state[1]


@pytest.mark.usefixtures("_hurry")
def test_where_a_person_must_act_no_second_try_is_made(mailing: Sending) -> None:
    with scripted() as server:
        mailing.reaches(server, "?starttls=require")
        mailing.works()
    assert mailing.state[0] == MailingState.PAUSED
    assert len(server.connections) == 1


def test_who_asks_for_no_more_while_a_slow_server_has_the_one_before_gets_none(
    mailing: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lane, "FRESH_SECONDS", 0.0)  # Any answer takes longer than that.
    monkeypatch.setattr(breaker, "CONNECTIONS", 1)  # To hold one back is no fault of the server's.

    def asks(verb: str, nth: int) -> None:
        if (verb, nth) == ("BODY", 3):  # The envelope of the fourth has come with it.
            with mailing.app.app_context():
                assert suppress(mailing.delivery(4).address, Cause.UNSUBSCRIBED)

    with scripted(asks) as server:
        mailing.reaches(server)
        fact = mailing.works()
    assert fact.result["fates"] == {"sent": PEOPLE - 1, "suppressed": 1}
    assert mailing.delivery(4).state == "suppressed"
    assert taken(server)[mailing.delivery(4).email] == 0
    assert len(server.taken) == PEOPLE - 1
    assert len(server.connections) == 2
