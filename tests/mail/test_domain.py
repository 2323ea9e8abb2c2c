"""A sender's domain is looked at as a whole, whatever its DNS does."""

from collections.abc import Iterator

import dns.resolver
import pytest
from hypothesis import given, settings, strategies as st

from dashboard.mail.domain import Finding, Found, look
from dashboard.mail.domain.found import AT_ONCE
from dashboard.mail.domain.organisation import organisational
from tests.mail.name_server import PATIENCE, Fault, NameServer, Zone, serving

KEY = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A" + "A" * 360  # As long as one of 2048 bits.
GOOD: Zone = {
    "example.org": ["google-site-verification=x", "v=spf1 ip4:192.0.2.0/24 -all"],
    "s1._domainkey.example.org": [f"v=DKIM1; k=rsa; p={KEY}"],
    "_dmarc.example.org": ["v=DMARC1; p=reject"],
}


def all_of(found: Found) -> tuple[Finding, Finding, Finding]:
    """Give the three findings."""
    return found.spf, found.dkim, found.dmarc


def test_a_domain_that_is_set_up_well_is_good_in_all_three() -> None:
    with serving(GOOD) as server:
        found = look("example.org", resolver=server.resolver, timeout=PATIENCE)
    assert [each.state for each in all_of(found)] == ["good", "good", "good"]
    assert found.spf.record == "v=spf1 ip4:192.0.2.0/24 -all"
    assert found.dkim.record == f"v=DKIM1; k=rsa; p={KEY}"
    assert found.dmarc.record == "v=DMARC1; p=reject"


def test_a_domain_that_has_nothing_misses_all_three() -> None:
    with serving({"example.org": ()}) as server:
        found = look("example.org", resolver=server.resolver, timeout=PATIENCE)
    assert [each.state for each in all_of(found)] == ["missing", "missing", "missing"]
    assert [each.record for each in all_of(found)] == ["", "", ""]


def test_a_domain_that_is_not_there_is_wrong() -> None:
    with serving(GOOD) as server:
        found = look("exmaple.org", resolver=server.resolver, timeout=PATIENCE)
    assert found.spf.state == "wrong"
    assert str(found.spf) == "There is no domain exmaple.org."


@pytest.mark.parametrize("fault", ["servfail", "refused", "silent"])
def test_a_name_server_with_a_fault_makes_nothing_missing(fault: Fault) -> None:
    names = ("example.org", "_dmarc.example.org", "s1._domainkey.example.org")
    with serving(dict.fromkeys(names, fault)) as server:
        found = look("example.org", resolver=server.resolver, timeout=0.3)
    assert [each.state for each in all_of(found)] == ["unknown", "unknown", "unknown"]
    assert str(found.dmarc) == (
        "DMARC of example.org could not be checked: the DNS did not answer."
    )


def test_what_one_fault_hides_leaves_the_others_known() -> None:
    with serving({**GOOD, "_dmarc.example.org": "servfail"}) as server:
        found = look("example.org", resolver=server.resolver, timeout=PATIENCE)
    assert [each.state for each in all_of(found)] == ["good", "good", "unknown"]


def test_a_network_that_is_silent_costs_the_time_once_and_not_for_each_question() -> None:
    selectors = [f"s{number}" for number in range(30)]
    names = ("example.org", *(f"{name}._domainkey.example.org" for name in selectors))
    with serving(dict.fromkeys(names, "silent")) as server:
        found = look("example.org", selectors=selectors, resolver=server.resolver, timeout=0.5)
    assert found.spf.state == found.dkim.state == "unknown"
    # The time is over for all of them once it is for the first ones: nobody asks the others.
    assert sum(name in names for name in server.asked) <= AT_ONCE < len(names)


def test_a_machine_that_knows_no_name_server_tells_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unknown() -> None:
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.resolver, "Resolver", unknown)
    found = look("example.org")
    assert [each.state for each in all_of(found)] == ["unknown", "unknown", "unknown"]


@pytest.mark.parametrize(
    "domain", ["", " ", "not a domain", "a..org", "x" * 64 + ".org", "ada@example.org", "a_b.org"]
)
def test_what_is_no_domain_is_said_to_be_none(domain: str) -> None:
    found = look(domain, resolver=dns.resolver.Resolver(configure=False))
    assert [each.state for each in all_of(found)] == ["wrong", "wrong", "wrong"]
    assert str(found.spf) == f"“{domain.strip()}” is no domain."


@pytest.mark.parametrize("domain", ["Bücher.example", "xn--bcher-kva.EXAMPLE.", " bücher.example "])
def test_a_domain_beyond_ascii_is_asked_for_in_the_form_of_the_dns(domain: str) -> None:
    with serving({"xn--bcher-kva.example": ["v=spf1 a -all"]}) as server:
        found = look(domain, resolver=server.resolver, timeout=PATIENCE)
    assert (found.domain, found.spf.state) == ("xn--bcher-kva.example", "good")


def test_records_larger_than_a_packet_are_read_whole() -> None:
    large = "v=spf1 " + " ".join(f"ip4:192.0.2.{number}" for number in range(200)) + " -all"
    with serving({"example.org": [large, "x" * 2000]}) as server:
        found = look("example.org", resolver=server.resolver, timeout=PATIENCE)
    assert (found.spf.state, found.spf.record) == ("good", large)


def test_a_finding_is_kept_and_comes_back() -> None:
    with serving(GOOD) as server:
        found = look("example.org", resolver=server.resolver, timeout=PATIENCE)
    for finding in all_of(found):
        assert Finding.from_json(finding.as_json()) == finding


zone: dict[str, list[str]] = {}


@pytest.fixture(scope="module")
def server() -> Iterator[NameServer]:
    """Run one name server for all examples; they change what is in its zone."""
    with serving(zone) as server:
        yield server


signs = st.text(st.characters(codec="utf-8"), max_size=60)
terms = st.sampled_from(["v=spf1", "v=DMARC1;", "p=", "p=none;", "+all", "a", "mx/33", "include:"])
record = st.builds(" ".join, st.lists(terms | signs, max_size=6))


@settings(max_examples=40, deadline=None)
@given(record, record, record)
def test_whatever_stands_in_the_dns_a_finding_comes_of_it(
    server: NameServer, spf: str, dkim: str, dmarc: str
) -> None:
    zone.update({"example.org": ["v=spf1 " + spf], "dkim._domainkey.example.org": [dkim]})
    zone["_dmarc.example.org"] = ["v=DMARC1;" + dmarc]
    found = look("example.org", resolver=server.resolver, timeout=PATIENCE)
    for finding in all_of(found):
        assert finding.state in ("good", "weak", "missing", "wrong")
        assert "%(" not in str(finding) or "%(" in f"{spf}{dkim}{dmarc}"


@pytest.mark.parametrize(
    ("domain", "owner"),
    [
        ("example.org", "example.org"),
        ("news.mail.example.org", "example.org"),
        ("mail.example.co.uk", "example.co.uk"),
        ("example.co.uk", "example.co.uk"),
        ("Mail.Example.ORG", "example.org"),
        ("a.b.gv.at", "b.gv.at"),
        ("a.gv.de", "gv.de"),
        ("news.co.com", "co.com"),
        ("localhost", "localhost"),
    ],
)
def test_a_domain_belongs_to_whoever_registered_it(domain: str, owner: str) -> None:
    assert organisational(domain) == owner


labels = st.lists(st.sampled_from(["co", "uk", "at", "com", "x", "mail"]), min_size=1, max_size=6)


@given(labels)
def test_who_owns_a_domain_owns_what_is_below_it(parts: list[str]) -> None:
    owner = organisational(".".join(parts))
    assert organisational(owner) == owner
    if len(parts) > 3:
        assert organisational(".".join(parts[1:])) == owner
