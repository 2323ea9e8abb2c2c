"""Why the mailbox of bounces cannot be read is said in plain words, and without its password."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.mail import NoRound, Unwelcome
from dashboard.mail.bounces import Account, inbox, line, opened
from dashboard.mail.mishaps import BROKE_OFF, GARBLED, TOO_LATE
from tests.mail.dovecot import Somebody
from tests.mail.odd_imap import CLOSE, SILENCE, odd_server
from tests.mail.test_bounces_inbox import read
from tests.servers import free_port


def why(account: Account) -> NoRound:
    """Give why a mailbox cannot be read."""
    with pytest.raises(NoRound) as caught:
        read(account)
    assert account.password not in str(caught.value)
    return caught.value


def test_a_wrong_password_is_said(somebody: Somebody) -> None:
    error = why(Account.of(somebody.url(password="Wrong One")))

    assert isinstance(error, Unwelcome)
    assert f":{somebody.server.private} does not take the user name and password" in str(error)
    assert "Authentication failed" in str(error)


def test_a_certificate_that_nobody_vouches_for_is_not_believed(somebody: Somebody) -> None:
    for url in (
        somebody.url().partition("?")[0],
        f"{somebody.url(scheme='imap')}?starttls=require",
    ):
        error = why(Account.of(url))
        assert isinstance(error, Unwelcome)
        assert "certificate of the mail server 127.0.0.1" in str(error)
        assert "self-signed" in str(error)


def test_a_certificate_of_another_server_is_not_believed(somebody: Somebody) -> None:
    url = somebody.url().replace("@127.0.0.1:", "@localhost:")

    assert "Hostname mismatch" in str(why(Account.of(url)))


def test_certificates_that_cannot_be_read_are_said(somebody: Somebody, tmp_path: Path) -> None:
    url = f"{somebody.url().partition('?')[0]}?ca={tmp_path / 'none.pem'}"

    assert "cannot be read from" in str(why(Account.of(url)))


def test_a_folder_that_is_not_there_is_said(somebody: Somebody) -> None:
    error = why(Account.of(somebody.url("Bäche")))

    assert isinstance(error, Unwelcome)
    assert "no folder “Bäche” that can be read: Mailbox doesn't exist" in str(error)


def test_a_server_that_is_not_there_is_said() -> None:
    error = why(Account("127.0.0.1", free_port(), "b", "secret"))

    assert not isinstance(error, Unwelcome)
    assert "does not answer: Connection refused." in str(error)


def test_a_line_that_is_not_private_is_left_before_the_password_is_said() -> None:
    with odd_server() as server:
        error = why(Account("127.0.0.1", server.port, "b", "secret", starttls=True))

    assert isinstance(error, Unwelcome)
    assert "offers no encryption (STARTTLS)" in str(error)
    assert not any("AUTH" in line for line in server.said)


def test_who_is_let_in_before_the_line_is_private_leaves() -> None:
    greeting = b"* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] hello\r\n"
    with odd_server(
        lambda verb, rest: (
            b"* CAPABILITY IMAP4rev1 STARTTLS\r\n%TAG% OK done\r\n"
            if verb == "CAPABILITY"
            else None
        ),
        greeting=greeting,
    ) as server:
        error = why(Account("127.0.0.1", server.port, "b", "secret", starttls=True))

    assert "offers no encryption" in str(error)


@pytest.mark.parametrize(
    ("verb", "answer", "sentence"),
    [
        ("AUTHENTICATE", b"%TAG% NO [UNAVAILABLE] later\r\n", "lets nobody in for now: [UNAVAIL"),
        ("AUTHENTICATE", b"%TAG% NO go away\r\n", "does not take the user name and password: go"),
        ("AUTHENTICATE", CLOSE, BROKE_OFF),
        (
            "CAPABILITY",
            b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n%TAG% OK done\r\n",
            "no known way",
        ),
        ("CAPABILITY", b"* CAPABILITY POP3\r\n%TAG% OK done\r\n", "refuses what it was asked for"),
        ("EXAMINE", b"%TAG% NO not yours\r\n", "that can be read: not yours"),
        ("EXAMINE", b"%TAG% OK empty\r\n", GARBLED),
        ("EXAMINE", b"* BYE shutting down\r\n" + CLOSE, BROKE_OFF),
        ("SEARCH", b"%TAG% NO too busy\r\n", "refuses what it was asked for: too busy"),
        ("SEARCH", b"what?\r\n%TAG% OK done\r\n", GARBLED),
        ("SEARCH", SILENCE, TOO_LATE),
        ("FETCH", b"* 1 FETCH (BODY[]<0> {100}\r\nabc" + CLOSE, BROKE_OFF),
        ("FETCH", b"* 1 FETCH (BODY[]<0> {100}\r\nabc" + SILENCE, TOO_LATE),
        ("FETCH", b"* 1 FETCH (BODY[]<0> {99999999999}\r\n", GARBLED),
        ("FETCH", b"%TAG% NO disk broken\r\n", "refuses what it was asked for: disk broken"),
        ("FETCH", b"%TAG% BAD what\r\n", "refuses what it was asked for"),
    ],
)
def test_what_goes_wrong_on_the_way_is_said(verb: str, answer: bytes, sentence: str) -> None:
    with odd_server(lambda said, rest: answer if said == verb else None) as server:
        # What is said properly before must come in time as well.
        timeout = 2.0 if sentence == TOO_LATE else 30.0
        account = Account("127.0.0.1", server.port, "b", "secret", timeout=timeout)
        assert sentence in str(why(account))


@pytest.mark.parametrize("greeting", [b"* BYE too many of you\r\n", b"220 hello\r\n", b"\r\n"])
def test_a_server_that_does_not_want_us_is_left(greeting: bytes) -> None:
    with odd_server(greeting=greeting) as server:
        why(Account("127.0.0.1", server.port, "b", "secret", timeout=30.0))


def test_a_server_without_plain_is_told_the_password_in_quotation_marks() -> None:
    def answer(verb: str, rest: str) -> bytes | None:
        return b"* CAPABILITY IMAP4rev1\r\n%TAG% OK done\r\n" if verb == "CAPABILITY" else None

    with odd_server(answer) as server:
        account = Account("127.0.0.1", server.port, 'b "x', 'se"cret')
        assert read(account) == [b"abc"]
        assert any(line.endswith(r'LOGIN "b \"x" "se\"cret"') for line in server.said)
        assert "letters from a to z" in str(why(replace(account, password="größer")))


def test_a_server_that_does_not_say_what_comes_next_is_asked_for_all() -> None:
    def answer(verb: str, rest: str) -> bytes | None:
        if verb == "EXAMINE":
            return b"* 3 EXISTS\r\n* OK [UIDVALIDITY 4294967295]\r\n%TAG% OK done\r\n"
        return (
            b"* SEARCH 9 70000\r\n* SEARCH 4 x\r\n%TAG% OK done\r\n" if verb == "SEARCH" else None
        )

    with odd_server(answer) as server, opened(Account("127.0.0.1", server.port, "b", "p")) as box:
        assert box.uidvalidity == 4294967295
        assert [(batch.last, batch.number) for batch in box.batches(5)] == [(70000, 2)]
    assert sum("UID 6:*" in line for line in server.said) == 1


def dripping(size: int) -> Callable[[str, str], bytes | None]:
    """Give a server whose answer never ends."""
    line = b"* 1 FETCH (FLAGS ())\r\n"
    return lambda verb, rest: line * (size // len(line) + 1) if verb == "FETCH" else None


def test_an_answer_without_an_end_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "ANSWER_LIMIT", 10_000)
    with odd_server(dripping(20_000)) as server:
        assert str(why(Account("127.0.0.1", server.port, "b", "secret"))) == GARBLED


def test_a_server_that_is_never_late_and_never_done_is_cut_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inbox, "CUT_SECONDS", 0.2)
    with odd_server(lambda verb, rest: SILENCE if verb == "FETCH" else None) as server:
        assert str(why(Account("127.0.0.1", server.port, "b", "secret"))) == TOO_LATE
