"""Finding a mail server, encrypting and signing in, and why no round may begin."""

import socket
import ssl
from pathlib import Path

import pytest

from dashboard.mail import Letter, MailError, MailRefused, NoRound, SmtpMailer, Unwelcome
from dashboard.mail.mishaps import BROKE_OFF, GARBLED, TOO_LATE
from tests.mail.certificates import self_signed
from tests.mail.parcels import Pulled, carrier, fates
from tests.mail.script import DROP, SILENCE, Choice, Script
from tests.mail.scripted import ScriptedServer, at, scripted
from tests.mail.test_smtp import LETTER
from tests.servers import free_port


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file with the key and certificate of 127.0.0.1, signed by nobody else."""
    return self_signed(tmp_path_factory.mktemp("tls"))


def encrypting(certificate: Path, choice: Choice = lambda verb, nth: None) -> Script:
    """Give a script that offers STARTTLS, and AUTH behind it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return Script(("PIPELINING", "AUTH PLAIN"), choice, tls=context)


@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "smtps"])
def test_an_encrypted_round_signs_in_and_carries(certificate: Path, implicit: bool) -> None:
    script = encrypting(certificate)
    script.implicit_tls = implicit
    with ScriptedServer(script) as server:
        scheme = "smtps" if implicit else "smtp"
        url = f"{scheme}://mara:s%40cret@127.0.0.1:{server.port}?ca={certificate}"
        found = carrier(server, url=url)
        with found.round() as round_:
            assert fates(list(round_.carry(Pulled(30)))) == ["sent"] * 30
    assert len(server.taken) == 30
    assert [line.split()[0].upper() for line in server.said[:4]] == (
        ["EHLO", "AUTH", "MAIL", "RCPT"] if implicit else ["EHLO", "STARTTLS", "EHLO", "AUTH"]
    )
    assert found.name == f"127.0.0.1:{server.port}"
    assert "cret" not in repr(found.settings)


@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "smtps"])
def test_a_certificate_that_nobody_vouches_for_is_refused(
    certificate: Path, implicit: bool
) -> None:
    script = encrypting(certificate)
    script.implicit_tls = implicit
    with ScriptedServer(script) as server:
        options = "" if implicit else "?starttls=require"
        found = carrier(server, options, scheme="smtps" if implicit else "smtp")
        with pytest.raises(Unwelcome, match=f"certificate of .*{server.port}.*self.signed"):
            found.round().__enter__()
    assert not any(line.startswith(("AUTH", "MAIL")) for line in server.said)


def test_a_letter_is_not_given_up_because_of_a_certificate(certificate: Path) -> None:
    with ScriptedServer(encrypting(certificate)) as server:
        mailer = SmtpMailer(f"smtp://x:y@127.0.0.1:{server.port}", "desk@example.org")
        with pytest.raises(MailError, match="cannot be trusted") as caught:
            mailer.send(LETTER)
    assert not isinstance(caught.value, MailRefused)


def test_a_letter_goes_out_encrypted(certificate: Path) -> None:
    with ScriptedServer(encrypting(certificate)) as server:
        url = f"smtp://x:y@127.0.0.1:{server.port}?ca={certificate}"
        SmtpMailer(url, "desk@example.org").send(LETTER)
    assert isinstance(LETTER, Letter)
    assert [each.to for each in server.taken] == [LETTER.to]


def test_without_encryption_no_password_leaves() -> None:
    with scripted(offers=("AUTH PLAIN",)) as server:
        found = carrier(server, url=f"smtp://mara:secret@127.0.0.1:{server.port}")
        with pytest.raises(Unwelcome, match="offers no encryption"):
            found.round().__enter__()
    assert not any(line.startswith("AUTH") for line in server.said)


def test_a_password_may_be_sent_openly_where_that_is_wished() -> None:
    with scripted(offers=("AUTH PLAIN",)) as server:
        url = f"smtp://mara:secret@127.0.0.1:{server.port}?starttls=never"
        with carrier(server, url=url).round() as round_:
            assert fates(list(round_.carry(Pulled(1)))) == ["sent"]


def test_smtps_to_a_server_that_speaks_openly_is_refused() -> None:
    with scripted() as server, pytest.raises(Unwelcome, match="No encryption could be agreed on"):
        carrier(server, scheme="smtps").round().__enter__()


@pytest.mark.parametrize(
    ("offers", "answer", "sentence"),
    [
        (("AUTH PLAIN",), b"535 5.7.8 wrong", "does not take the user name and password: 535"),
        (("AUTH GSSAPI",), b"", "no known way to sign in"),
        ((), b"", "no known way to sign in"),
    ],
)
def test_who_cannot_sign_in_must_act(offers: tuple[str, ...], answer: bytes, sentence: str) -> None:
    with scripted(at("AUTH", 1, answer), offers=offers) as server:
        url = f"smtp://mara:secret@127.0.0.1:{server.port}?starttls=never"
        with pytest.raises(Unwelcome, match=sentence) as caught:
            carrier(server, url=url).round().__enter__()
    assert isinstance(caught.value, MailRefused)
    assert "secret" not in str(caught.value)


def test_a_password_with_odd_letters_is_named() -> None:
    with scripted(offers=("AUTH PLAIN",)) as server:
        url = f"smtp://mara:%C3%BC@127.0.0.1:{server.port}?starttls=never"
        with pytest.raises(Unwelcome, match="letters from a to z"):
            carrier(server, url=url).round().__enter__()


def test_a_sign_in_that_fails_for_now_may_be_tried_later() -> None:
    with scripted(at("AUTH", 1, b"454 4.7.0 busy"), offers=("AUTH PLAIN",)) as server:
        url = f"smtp://mara:secret@127.0.0.1:{server.port}?starttls=never"
        with pytest.raises(NoRound, match="454 4.7.0 busy") as caught:
            carrier(server, url=url).round().__enter__()
    assert not isinstance(caught.value, MailRefused)


@pytest.mark.parametrize("verbs", [("CONNECT",), ("EHLO", "HELO")], ids=["greeting", "EHLO"])
@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (DROP, BROKE_OFF),
        (SILENCE, TOO_LATE),
        (b"22" + SILENCE, TOO_LATE),
        (b"hello", GARBLED),
        (b"250-" + b"x" * 10_000_000, GARBLED),
        (b"250-x\r\n" * 1_000_000 + b"250 x", GARBLED),
        (b"421 4.3.2 going down", "421 4.3.2 going down"),
        (b"451 later", "451 later"),
    ],
    ids=lambda value: value[:8] if isinstance(value, bytes) else "",
)
def test_a_bad_beginning_may_be_tried_later(
    verbs: tuple[str, ...], answer: bytes, sentence: str
) -> None:
    options = "?timeout=2" if sentence == TOO_LATE else "?timeout=30"
    with (
        scripted(lambda said, nth: answer if said in verbs else None) as server,
        pytest.raises(NoRound) as caught,
    ):
        carrier(server, options).round().__enter__()
    assert sentence in str(caught.value)
    assert not isinstance(caught.value, MailRefused)


def test_a_server_from_before_ehlo_is_spoken_to_step_by_step() -> None:
    with scripted(at("EHLO", 1, b"502 what?")) as server, carrier(server).round() as round_:
        assert fates(list(round_.carry(Pulled(3)))) == ["sent"] * 3
    assert "MAIL FROM:<desk@example.org>" in server.said


def test_a_server_that_wants_nothing_from_us_says_so() -> None:
    with (
        scripted(at("CONNECT", 1, b"554 5.7.1 you are on our list")) as server,
        pytest.raises(Unwelcome, match="refused the connection: 554 5.7.1 you are on our"),
    ):
        carrier(server).round().__enter__()


def test_nobody_listening_may_be_tried_later() -> None:
    port = free_port()
    with scripted() as server:
        found = carrier(server, url=f"smtp://127.0.0.1:{port}")
        with pytest.raises(NoRound, match=f"127.0.0.1:{port} does not answer: Connection refused"):
            found.round().__enter__()


def test_a_host_that_nobody_knows_may_be_tried_later() -> None:
    with scripted() as server, pytest.raises(NoRound, match="does not answer"):
        carrier(server, url="smtp://mail.invalid").round().__enter__()


def test_a_server_that_never_accepts_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, scripted() as server:
        found = carrier(server, url=f"smtp://127.0.0.1:{listener.getsockname()[1]}?timeout=2")
        with pytest.raises(NoRound, match=TOO_LATE):
            found.round().__enter__()


def test_certificates_that_cannot_be_read_are_named() -> None:
    with scripted() as server, pytest.raises(Unwelcome, match="cannot be read from /no/such.pem"):
        carrier(server, "?ca=/no/such.pem&starttls=require").round().__enter__()
