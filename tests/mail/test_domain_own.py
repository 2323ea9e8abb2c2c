"""The keys with which the desk itself signs, beside what the DNS says of them."""

import pytest

from dashboard.mail.domain import Finding, look
from dashboard.mail.signing import Record
from tests.mail.name_server import PATIENCE, Zone, serving
from tests.mail.test_domain_dkim import KEYS, RSA_2048

OWN = Record("example.org", "m2026", RSA_2048)
EDWARDS = Record("example.org", "e2026", f"v=DKIM1; k=ed25519; p={KEYS['ed25519']}")
PLAIN = KEYS["2048"]


def dkim_of(zone: Zone, *own: Record, domain: str = "example.org") -> Finding:
    """Look at *own* keys where *zone* is all that the DNS knows."""
    with serving(zone) as server:
        return look(
            domain, selectors=["s1"], own=own, resolver=server.resolver, timeout=PATIENCE
        ).dkim


@pytest.mark.parametrize(
    "record",
    [
        RSA_2048,
        f"p={PLAIN}",
        f"v=DKIM1;t=s;h=sha256;p={PLAIN[:90]} {PLAIN[90:]};",
    ],
)
def test_the_same_key_is_good_however_its_record_is_written(record: str) -> None:
    finding = dkim_of({OWN.name: [record, "another text"]}, OWN)
    assert (finding.state, finding.record, finding.wanted) == ("good", record, "")
    assert str(finding) == "example.org has a DKIM key: m2026."


@pytest.mark.parametrize(
    "zone",
    [
        {"example.org": ["v=spf1 -all"]},
        {OWN.name: ()},
        {OWN.name: ["hello"]},
        {"s1._domainkey.example.org": [RSA_2048]},
    ],
)
def test_a_key_that_is_not_published_is_told_with_the_record_to_publish(zone: Zone) -> None:
    finding = dkim_of(zone, OWN)
    assert (finding.state, finding.record) == ("missing", "")
    assert (finding.name, finding.wanted) == ("m2026._domainkey.example.org", RSA_2048)
    assert str(finding) == (
        "The DKIM key m2026 of example.org, with which this desk signs, is not published."
    )
    assert Finding.from_json(finding.as_json()) == finding


@pytest.mark.parametrize(
    "records",
    [
        [f"v=DKIM1; k=rsa; p={KEYS['1024']}"],
        ["v=DKIM1; p="],
        ["v=DKIM1; p=***"],
        [f"v=DKIM1; k=ed25519; p={PLAIN}"],
        [RSA_2048, f"v=DKIM1; p={KEYS['1024']}"],
    ],
)
def test_another_key_under_the_name_is_wrong_and_both_are_shown(records: list[str]) -> None:
    finding = dkim_of({OWN.name: records}, OWN)
    assert (finding.state, finding.wanted) == ("wrong", RSA_2048)
    assert sorted(finding.record.split("\n")) == sorted(records)
    assert str(finding).startswith("Under m2026._domainkey.example.org stands another key")


def test_a_short_key_of_ours_and_one_marked_as_a_test_could_be_better() -> None:
    short = Record("example.org", "m2026", f"v=DKIM1; k=rsa; p={KEYS['1024']}")
    finding = dkim_of({short.name: [short.value]}, short)
    assert finding.state == "weak"
    assert "with which this desk signs, is short" in str(finding)
    tested = dkim_of({OWN.name: [f"v=DKIM1; t=y; p={PLAIN}"]}, OWN)
    assert (tested.state, "marked as a test" in str(tested)) == ("weak", True)


def test_of_several_keys_the_worst_is_told() -> None:
    zone = {OWN.name: [OWN.value], EDWARDS.name: [EDWARDS.value]}
    assert dkim_of(zone, OWN, EDWARDS).state == "good"
    assert dkim_of({OWN.name: [OWN.value]}, OWN, EDWARDS).values["selector"] == "e2026"
    assert dkim_of({**zone, OWN.name: [EDWARDS.value]}, OWN, EDWARDS).state == "wrong"


def test_the_key_of_a_domain_above_is_looked_for_there() -> None:
    zone = {"news.example.org": (), OWN.name: [OWN.value]}
    assert dkim_of(zone, OWN, domain="news.example.org").state == "good"


def test_a_key_that_cannot_be_asked_for_is_unknown() -> None:
    finding = dkim_of({OWN.name: "servfail"}, OWN)
    assert (finding.state, finding.wanted) == ("unknown", "")
