"""DMARC records: of the domain itself, of its organisation, and those that say nothing."""

import pytest

from dashboard.mail.domain import Finding, look
from tests.mail.name_server import PATIENCE, Zone, serving


def dmarc_of(zone: Zone, domain: str = "example.org") -> Finding:
    """Look at *domain* in *zone*."""
    with serving({domain: (), **zone}) as server:
        return look(domain, resolver=server.resolver, timeout=PATIENCE).dmarc


@pytest.mark.parametrize(
    ("record", "state", "words"),
    [
        ("v=DMARC1; p=reject; rua=mailto:d@example.org", "good", "policy: reject"),
        ("v=DMARC1;p=quarantine", "good", "policy: quarantine"),
        ("v = DMARC1 ; P = Reject ; pct=100;", "good", "policy: reject"),
        ("v=DMARC1; p=reject; pct=lots", "good", "policy: reject"),
        ("v=DMARC1; p=reject; sp=none", "good", "policy: reject"),
        ("v=DMARC1; p=none", "weak", "only watches"),
        ("v=DMARC1; p=reject; pct=20", "weak", "20 of 100"),
        ("v=DMARC1; rua=mailto:d@example.org", "wrong", "does not say"),
        ("v=DMARC1; p=", "wrong", "does not say"),
        ("v=DMARC1; p=rejekt", "wrong", "does not say"),
        ("v=DMARC1; p=none; p=reject", "wrong", "does not say"),
        ("v=DMARC1", "wrong", "does not say"),
    ],
)
def test_a_record_is_judged(record: str, state: str, words: str) -> None:
    finding = dmarc_of({"_dmarc.example.org": [record]})
    assert (finding.state, finding.record) == (state, record)
    assert words in str(finding)


@pytest.mark.parametrize("record", ["v=spf1 -all", "p=reject; v=DMARC1", "v=DMARC12; p=reject"])
def test_another_text_is_no_dmarc_record(record: str) -> None:
    finding = dmarc_of({"_dmarc.example.org": [record]})
    assert (finding.state, finding.record) == ("missing", "")


def test_two_records_are_followed_by_nobody() -> None:
    finding = dmarc_of({"_dmarc.example.org": ["v=DMARC1; p=none", "v=DMARC1; p=reject", "x"]})
    assert finding.state == "wrong"
    assert "more than one DMARC record" in str(finding)


@pytest.mark.parametrize(
    ("record", "state", "words"),
    [
        ("v=DMARC1; p=reject", "good", "as example.co.uk"),
        ("v=DMARC1; p=none; sp=reject", "good", "policy: reject"),
        ("v=DMARC1; p=reject; sp=none", "weak", "from example.co.uk"),
        ("v=DMARC1; sp=reject", "wrong", "does not say"),
    ],
)
def test_the_record_of_the_organisation_holds_below_it(record: str, state: str, words: str) -> None:
    finding = dmarc_of({"_dmarc.example.co.uk": [record]}, "news.mail.example.co.uk")
    assert (finding.state, finding.record) == (state, record)
    assert words in str(finding)


def test_a_record_of_its_own_holds_before_that_of_the_organisation() -> None:
    zone = {
        "_dmarc.news.example.org": ["v=DMARC1; p=none"],
        "_dmarc.example.org": ["v=DMARC1; p=reject"],
    }
    assert dmarc_of(zone, "news.example.org").state == "weak"


def test_what_many_organisations_share_is_asked_nothing() -> None:
    with serving({"_dmarc.co.uk": ["v=DMARC1; p=reject"], "example.co.uk": ()}) as server:
        found = look("example.co.uk", resolver=server.resolver, timeout=PATIENCE)
    assert found.dmarc.state == "missing"
    assert "_dmarc.co.uk" not in server.asked


def test_an_organisation_that_cannot_be_asked_leaves_it_unknown() -> None:
    assert dmarc_of({"_dmarc.example.org": "servfail"}, "news.example.org").state == "unknown"
