"""Whether SPF counts for DMARC where e-mails that bounce return to another domain."""

import pytest

from dashboard.mail.domain import Found, look
from tests.mail.name_server import PATIENCE, Zone, serving
from tests.mail.test_domain import GOOD

SPF = ["v=spf1 ip4:192.0.2.0/24 -all"]


def found_of(returning: str, zone: Zone, domain: str = "example.org") -> Found:
    """Look at *domain*, whose e-mails return to another one."""
    with serving({**GOOD, **zone}) as server:
        return look(domain, returning=returning, resolver=server.resolver, timeout=PATIENCE)


def test_where_nothing_returns_elsewhere_there_is_nothing_to_say() -> None:
    for returning in ("", "example.org", "EXAMPLE.org"):
        found = found_of(returning, {})
        assert found.alignment is None
        assert "example.org" in str(found.spf)


@pytest.mark.parametrize(
    ("returning", "policy", "is_aligned"),
    [
        ("bounces.example.org", "v=DMARC1; p=reject", True),
        ("bounces.example.org", "v=DMARC1; p=reject; aspf=r", True),
        ("bounces.example.org", "v=DMARC1; p=reject; aspf=s", False),
        ("bounces.example.org", "v=DMARC1; p=reject; ASPF = S;", False),
        ("example.net", "v=DMARC1; p=reject", False),
        ("badexample.org", "v=DMARC1; p=reject", False),
        ("bounces.example.org", "nothing of the kind", True),
    ],
)
def test_a_domain_below_the_senders_counts_unless_the_policy_is_strict(
    returning: str, policy: str, is_aligned: bool
) -> None:
    found = found_of(returning, {returning: SPF, "_dmarc.example.org": [policy]})

    assert found.spf.state == "good"
    assert returning in str(found.spf)
    assert (found.alignment is None) is is_aligned


def test_the_domain_above_the_senders_counts_too() -> None:
    zone = {"mail.example.org": SPF, "_dmarc.mail.example.org": ["v=DMARC1; p=none"]}

    assert found_of("example.org", zone, domain="mail.example.org").alignment is None


def test_what_dkim_does_not_prove_is_a_weakness() -> None:
    other: Zone = {"bounces.example.net": SPF}
    proved = found_of("bounces.example.net", other).alignment
    unproved = found_of(
        "bounces.example.net", {**other, "s1._domainkey.example.org": ["v=DKIM1; p="]}
    ).alignment

    assert proved is not None
    assert unproved is not None
    assert (proved.state, unproved.state) == ("good", "weak")
    assert "it is DKIM that proves" in str(proved)
    assert "SPF proves nothing to DMARC" in str(unproved)


def test_a_domain_to_return_to_that_is_not_there_is_wrong() -> None:
    found = found_of("gone.example.net", {})

    assert found.spf.state == "wrong"
    assert str(found.spf) == (
        "There is no domain gone.example.net, to which e-mails that bounce return."
    )


def test_a_silent_dns_makes_nothing_weak_that_may_be_aligned() -> None:
    found = found_of("bounces.example.org", {"_dmarc.example.org": "servfail"})

    assert found.dmarc.state == "unknown"
    assert found.alignment is None
