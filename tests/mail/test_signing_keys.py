"""Keys are read where the setting says, and what cannot sign is refused in a sentence."""

import base64
import logging
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from dashboard import create_app
from dashboard.config import ConfigError
from dashboard.mail import MailError
from dashboard.mail.signing import setting, signers_of
from tests.mail.keys import Form, ed25519, key_file, pem, rsa
from tests.mail.mime_messages import written
from tests.mail.signed import is_believed, zone_of

KEY = rsa()
DER = base64.b64decode(b"".join(KEY.pem().split(b"\n")[1:-2]))
FORM = "must name a domain, a selector and a file for each key, with commas between keys"


def refusal(value: object) -> str:
    """Give what is said of a setting."""
    with pytest.raises(MailError) as caught:
        signers_of(value)
    return str(caught.value)


@pytest.mark.parametrize("value", [None, "", " ", ",", []])
def test_without_a_key_nothing_is_signed(value: object) -> None:
    found = signers_of(value)
    assert found.keys == ()
    assert found.signed(written()) == written()


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("example.org", FORM),
        ("example.org m1", FORM),
        ("example.org m1 {key}, example.net", FORM),
        (["example.org m1 {key}"], FORM),
        (True, FORM),
        ("org m1 {key}", "“org” is no domain, as example.org is."),
        ("-x.example.org m1 {key}", "“-x.example.org” is no domain"),
        ("example..org m1 {key}", "“example..org” is no domain"),
        ("me@example.org m1 {key}", "“me@example.org” is no domain"),
        ("example.org m_1 {key}", "“m_1” is no selector: letters from a to z, digits"),
        ("example.org .m1 {key}", "“.m1” is no selector"),
        ("example.org schlüssel {key}", "“schlüssel” is no selector"),
        (f"{'a' * 63}.example.org {'.'.join(['b' * 60] * 3)} {{key}}", "is too long for a name"),
        (
            "example.org m1 {key}, Example.ORG M1 {key}",
            "names two keys for m1._domainkey.example.org: give each its own selector.",
        ),
        ("example.org m1 {folder}/none.pem", "none.pem cannot be read: No such file or directory."),
        ("example.org m1 {folder}", "cannot be read: Is a directory."),
        ("example.org m1 a\0b", "cannot be read: embedded null byte."),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_its_name(
    tmp_path: Path, value: object, sentence: str
) -> None:
    key = key_file(tmp_path, KEY.pem())
    if isinstance(value, str):
        value = value.format(key=key, folder=tmp_path)
    said = refusal(value)
    assert said.startswith("FLASK_MAIL_DKIM_KEYS")
    assert sentence in said


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "has no private key in it, in PEM as openssl writes it."),
        (DER, "has no private key in it"),
        (pem("PUBLIC KEY", DER), "has no private key in it"),
        (pem("CERTIFICATE", DER), "has no private key in it"),
        (KEY.pem().replace(b"-----END", b"-----E"), "has no private key in it"),
        (pem("ENCRYPTED PRIVATE KEY", DER), "is locked with a passphrase"),
        (
            pem("RSA PRIVATE KEY", DER).replace(b"Y-----\n", b"Y-----\nProc-Type: 4,ENCRYPTED\n\n"),
            "is locked with a passphrase",
        ),
        (KEY.pem().replace(b"\nMII", b"\nM*I"), "is damaged"),
        (pem("PRIVATE KEY", b""), "is neither one of RSA nor one of Ed25519."),
        (pem("PRIVATE KEY", DER[:-40]), "is neither one of RSA nor one of Ed25519."),
        (pem("EC PRIVATE KEY", bytes.fromhex("30310201010420") + bytes(32)), "is neither one"),
        (rsa(768).pem(), "has 768 bits. Below 1024 mail servers refuse it"),
        (
            pem("PRIVATE KEY", DER[:100] + bytes([DER[100] ^ 1]) + DER[101:]),
            "is damaged: its parts do not fit each other.",
        ),
        (
            pem("PRIVATE KEY", DER[:-20] + bytes([DER[-20] ^ 1]) + DER[-19:]),
            "is damaged: its parts do not fit each other.",
        ),
    ],
    ids=range(14),
)
def test_a_desk_does_not_start_with_a_key_that_cannot_sign_and_shows_nothing_of_it(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    key = key_file(tmp_path, content)
    with pytest.raises(ConfigError) as caught:
        create_app(INSTANCE_PATH=tmp_path / "state", MAIL_DKIM_KEYS=f"example.org m1 {key}")

    said = str(caught.value)
    assert said.startswith("FLASK_MAIL_DKIM_KEYS: ")
    assert str(key) in said
    assert sentence in said
    lines = [line for line in content.decode(errors="replace").splitlines() if "-----" not in line]
    assert not [line for line in lines if len(line) > 8 and line in said]


def test_without_the_engine_a_key_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setting, "find_spec", lambda name: None)
    key = key_file(tmp_path, KEY.pem())
    assert refusal(f"example.org m1 {key}") == (
        "FLASK_MAIL_DKIM_KEYS is set, but what signs is not installed: dkimpy and PyNaCl,"
        " the extra “dkim”."
    )
    assert signers_of(None).keys == ()


@pytest.mark.parametrize("form", ["pkcs1", "pkcs8"])
def test_both_forms_of_a_key_are_read_whatever_stands_around_them(
    tmp_path: Path, form: Form
) -> None:
    content = b"# made in 2026\r\n" + pem("CERTIFICATE", b"x") + KEY.pem(form)
    folder = tmp_path / "our keys"
    folder.mkdir()
    key = key_file(folder, content.replace(b"\n", b"\r\n"))

    found = signers_of(f" example.org  m1 {key} ,")

    assert is_believed(found.signed(written()), zone_of(found))
    secret = base64.b64encode(DER).decode()[40:80]
    assert secret not in repr(found.keys)
    assert secret not in str(vars(found))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="There is no openssl here.")
@pytest.mark.parametrize(
    ("command", "kind"),
    [
        ("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048", "rsa"),
        ("genrsa -traditional 2048", "rsa"),
        ("genpkey -algorithm ED25519", "ed25519"),
    ],
)
def test_keys_that_openssl_makes_are_read_and_their_record_is_what_it_says(
    tmp_path: Path, command: str, kind: str
) -> None:
    made = subprocess.run(["openssl", *command.split()], check=True, capture_output=True).stdout
    public = subprocess.run(
        ["openssl", "pkey", "-pubout", "-outform", "DER"],
        input=made,
        check=True,
        capture_output=True,
    ).stdout
    # Of Ed25519 only the key itself is published (RFC 8463, 4.2).
    expected = base64.b64encode(public if kind == "rsa" else public[-32:]).decode()

    found = signers_of(f"example.org m1 {key_file(tmp_path, made)}")

    (key,) = found.keys
    assert key.record.name == "m1._domainkey.example.org"
    assert key.record.value == f"v=DKIM1; k={kind}; p={expected}"
    assert is_believed(found.signed(written()), zone_of(found))


def test_a_line_of_a_zone_file_has_short_strings_which_are_the_text_again(tmp_path: Path) -> None:
    key = key_file(tmp_path, rsa(2048).pem())
    (found,) = signers_of(f"example.org m1 {key}").keys

    name, rest = found.record.line().split(" ", 1)

    strings = re.findall('"([^"]*)"', rest)
    assert (name, rest.split(" ")[:3]) == ("m1._domainkey.example.org.", ["IN", "TXT", "("])
    assert "".join(strings) == found.record.value
    assert max(map(len, strings)) == 255


@pytest.mark.parametrize(("mode", "warns"), [(0o600, False), (0o640, False), (0o644, True)])
def test_a_key_that_everybody_may_read_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mode: int, *, warns: bool
) -> None:
    key = key_file(tmp_path, ed25519())
    key.chmod(mode)

    with caplog.at_level(logging.WARNING):
        assert len(signers_of(f"example.org m1 {key}").keys) == 1

    sentence = f"Everybody on this machine may read the DKIM key {key}: chmod o= {key}"
    assert [record.getMessage() for record in caplog.records] == [sentence] * warns
