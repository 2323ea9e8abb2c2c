"""DKIM keys: found by their names, too weak, revoked, or by another name than expected."""

import pytest

from dashboard.mail.domain import Finding, look
from dashboard.mail.domain.dkim import USUAL
from tests.mail.name_server import PATIENCE, Zone, serving

# Real public keys, made for this test; nobody has their private halves any more.
KEYS = {
    "512": (
        "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALYDLlfggQWQEusEcT7BSvzgc6yarpjaHDw6+jmT3eb7Vnt1"
        "rs3ymoQE1ETosiFk8/jdcggWdfda7xnhKvYg+rkCAwEAAQ=="
    ),
    "1024": (
        "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQChTA58vuxTlqtvHOY9Nn20/Q5jE5KEWBbxVF0zAdmZ"
        "FcsPxVazMmXFccIiE8P9CeVVg9eGikOAexVvi4mEJvxSb8U3C2ZYHl5R+19LDWAD1OkxQuOsnGbD8tK1"
        "DqZiEkyDDwEq7l2YkUpkQq+9at9mDF5QIQt9Fp56LChxlZpHiwIDAQAB"
    ),
    "2048": (
        "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEArtB3jwMwdL/BA7+NwsiU9qYi0qb+Xspi8Xqy"
        "rwLGolAmo+7eFXs8MhMu2NbkUWlpY+lj0omqAUulMd/O2S9RDnYYoKpiQdkD2K0Wzz2kbhv5sBeSSHuC"
        "MeiqBWhDKOFwKqQQZ61ZYzC+HrTYK8XUrMj1WEaG8Zq/w5PMCcA1WrV1ZO9yeJRKAmllmWhglkjW/q66"
        "4wF8uSPzhMJ4bZfd7tulILPcGdkUVc/k6fN5+2TfqzoNfhu4hgxbRWcrcYzKybPdNnaCN0AaqlF1ZhIY"
        "SUFie7rl3xQpw7b98kUJB8Hegv9SKhTTPKj4138om4cI75hL0vlMqlgJ53FU8ciE+wIDAQAB"
    ),
    "ed25519": ("CNdqiSXtUXoJ8Qa98gDcR5ERYNhNCg7pTnDw3wt/6cc="),
}
RSA_2048 = f"v=DKIM1; k=rsa; p={KEYS['2048']}"


def dkim_of(zone: Zone, *selectors: str) -> Finding:
    """Look at the keys of example.org, whose names in *zone* are without what follows them."""
    below = {f"{name}._domainkey.example.org": records for name, records in zone.items()}
    with serving({"k1.provider.example": [RSA_2048], **below}) as server:
        return look(
            "example.org", selectors=selectors, resolver=server.resolver, timeout=PATIENCE
        ).dkim


@pytest.mark.parametrize("selector", USUAL)
def test_keys_are_found_by_the_usual_names(selector: str) -> None:
    finding = dkim_of({selector: [RSA_2048]})
    assert (finding.state, finding.record) == ("good", RSA_2048)
    assert str(finding) == f"example.org has a DKIM key: {selector}."


def test_a_key_by_another_name_is_found_by_whoever_says_it() -> None:
    zone = {"house.2026": [RSA_2048]}
    assert dkim_of(zone).state == "missing"
    assert "usual names" in str(dkim_of(zone))
    assert dkim_of(zone, " house.2026 ").state == "good"


def test_a_key_at_a_provider_is_found_through_its_alias() -> None:
    assert dkim_of({"selector1": "-> k1.provider.example"}).state == "good"
    assert dkim_of({"selector1": "-> gone.provider.example"}).state == "missing"


@pytest.mark.parametrize(
    ("record", "state", "words"),
    [
        (f"p={KEYS['2048']}", "good", "has a DKIM key"),
        (f"v=DKIM1;p={KEYS['2048'][:100]} {KEYS['2048'][100:]} ; ", "good", "has a DKIM key"),
        (f"v=DKIM1; k=ed25519; p={KEYS['ed25519']}", "good", "has a DKIM key"),
        (f"v=DKIM1; p={KEYS['1024']}", "weak", "2048 bits"),
        (f"v=DKIM1; t=s:y; p={KEYS['2048']}", "weak", "test"),
        (f"v=DKIM1; p={KEYS['512']}", "wrong", "too short"),
        (f"v=DKIM1; t=y; p={KEYS['512']}", "wrong", "too short"),
        ("v=DKIM1; k=rsa; p=", "wrong", "revoked"),
        ("v=DKIM1; k=rsa; p=***", "wrong", "cannot be read"),
        ("v=DKIM1; k=rsa; p=schlüssel", "wrong", "cannot be read"),
        ("v=DKIM1; k=rsa; p=AAAA", "wrong", "cannot be read"),
        (f"v=DKIM1; k=ed25519; p={KEYS['1024']}", "wrong", "cannot be read"),
        (f"v=DKIM1; k=dsa; p={KEYS['2048']}", "wrong", "cannot be read"),
    ],
)
def test_a_key_is_judged(record: str, state: str, words: str) -> None:
    finding = dkim_of({"s1": [record]})
    assert (finding.state, finding.record) == (state, record)
    assert words in str(finding)


@pytest.mark.parametrize(
    "record", ["v=spf1 -all", "hello", "v=DKIM2; p=AAAA", "p=AAAA; p=AAAA", "v=DKIM1; k=rsa", ""]
)
def test_what_a_wildcard_answers_is_no_key(record: str) -> None:
    assert dkim_of({"s1": [record]}).state == "missing"


def test_a_revoked_key_beside_a_good_one_is_no_harm() -> None:
    zone = {"s1": ["v=DKIM1; p="], "s2": [RSA_2048]}
    assert dkim_of(zone).state == "good"
    assert dkim_of(zone, "s1", "s2").state == "good"


def test_the_key_that_signs_counts_before_those_of_others() -> None:
    zone = {"own": ["v=DKIM1; p="], "google": [RSA_2048]}
    assert dkim_of(zone, "own").state == "wrong"


def test_a_key_that_is_not_the_one_that_signs_is_only_told() -> None:
    finding = dkim_of({"google": [RSA_2048]}, "own")
    assert (finding.state, finding.record) == ("weak", RSA_2048)
    assert "no DKIM key own, but google" in str(finding)


def test_a_name_that_nothing_stands_by_is_said() -> None:
    finding = dkim_of({"google": ["v=DKIM1; p="]}, "own", "other")
    assert finding.state == "missing"
    assert str(finding) == "example.org has no DKIM key own, other."


def test_a_name_that_the_dns_cannot_have_has_no_key() -> None:
    assert dkim_of({}, "x" * 64, "a..b", "\\").state == "missing"


def test_a_key_that_cannot_be_asked_for_is_unknown_unless_another_is_found() -> None:
    assert dkim_of({"s1": "servfail"}).state == "unknown"
    assert dkim_of({"s1": "servfail", "s2": ["v=DKIM1; p="]}).state == "unknown"
    assert dkim_of({"s1": "servfail", "s2": [RSA_2048]}).state == "good"
    assert dkim_of({"own": "servfail", "s2": [RSA_2048]}, "own").state == "unknown"
