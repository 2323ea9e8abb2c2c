"""SPF records as they are found in the wild, and each way in which they can be wrong."""

import pytest
from hypothesis import given, strategies as st

from dashboard.mail.domain import Finding, look
from dashboard.mail.domain.spf_record import BadTerm, SpfRecord, is_spf
from tests.mail.name_server import PATIENCE, Zone, serving


def spf_of(zone: Zone) -> Finding:
    """Look at example.org in *zone*."""
    with serving({"_dmarc.example.org": (), **zone}) as server:
        return look("example.org", resolver=server.resolver, timeout=PATIENCE).spf


@pytest.mark.parametrize(
    ("record", "state", "words"),
    [
        ("v=spf1 mx -all", "good", "1 of 10"),
        ("V=SPF1 MX ~ALL", "good", "1 of 10"),
        ("v=spf1 ip4:192.0.2.1 ip6:2001:db8::/32 ~all", "good", "0 of 10"),
        ("v=spf1 a:mail.example.org/24//64 exists:%{i}._spf.example.org -all", "good", "2 of 10"),
        ("v=spf1 a exp=why.example.org future=x/y -all", "good", "1 of 10"),
        ("v=spf1 include:%{d}.example.net -all", "good", "1 of 10"),
        ("v=spf1  a   -all ", "good", "1 of 10"),
        ("v=spf1 a -all include:nowhere.example", "good", "1 of 10"),
        ("v=spf1 a ?all", "weak", "leaves open"),
        ("v=spf1 a", "weak", "leaves open"),
        ("v=spf1", "weak", "leaves open"),
        ("v=spf1 ptr -all", "weak", "ptr"),
        ("v=spf1 +all", "wrong", "every server"),
        ("v=spf1 all", "wrong", "every server"),
        ("v=spf1 a mx all -all", "wrong", "every server"),
        ("v=spf1 ip4:0.0.0.0/0 -all", "wrong", "every server"),
        ("v=spf1 a/0 -all", "wrong", "every server"),
        ("v=spf1 mx:example.org/0//64 -all", "wrong", "every server"),
        ("v=spf1 a//0 -all", "wrong", "every server"),
        ("v=spf1 a/20 ip6:2001:db8::/10 -all", "good", "1 of 10"),
        ("v=spf1 -all", "wrong", "no server"),
        ("v=spf1 -ip4:192.0.2.1 ~all", "wrong", "no server"),
        ("v=spf1 ipv4:192.0.2.1 -all", "wrong", "“ipv4:192.0.2.1”"),
        ("v=spf1 ip4:192.0.2.300 -all", "wrong", "“ip4:192.0.2.300”"),
        ("v=spf1 ip4:192.0.2.0/33 -all", "wrong", "“ip4:192.0.2.0/33”"),
        ("v=spf1 ip4:2001:db8::1 -all", "wrong", "“ip4:2001:db8::1”"),
        ("v=spf1 ip4:192.0.2.0/255.255.255.0 -all", "wrong", "“ip4:192.0.2.0/255.255.255.0”"),
        ("v=spf1 ip4:0.0.0.0/00 -all", "wrong", "“ip4:0.0.0.0/00”"),
        ("v=spf1 a/33 -all", "wrong", "“a/33”"),
        ("v=spf1 a//129 -all", "wrong", "“a//129”"),
        ("v=spf1 include: -all", "wrong", "“include:”"),
        ("v=spf1 include -all", "wrong", "“include”"),
        ("v=spf1 all:example.org", "wrong", "“all:example.org”"),
        ("v=spf1 -all; a", "wrong", "“-all;”"),
        ("v=spf1 a:%(x)s -all", "wrong", "“a:%(x)s”"),
        ("v=spf1 redirect=a.example redirect=b.example", "wrong", "“redirect=b.example”"),
    ],
)
def test_a_record_is_judged(record: str, state: str, words: str) -> None:
    finding = spf_of({"example.org": [record]})
    assert (finding.state, finding.record) == (state, record)
    assert words in str(finding)


def test_other_texts_are_no_spf_record() -> None:
    finding = spf_of({"example.org": ["v=spf10 -all", "spf1 -all", " v=spf1 -all", "v=spf2.0"]})
    assert finding.state == "missing"


def test_two_records_are_wrong_and_both_are_shown() -> None:
    finding = spf_of({"example.org": ["v=spf1 a -all", "v=spf1 mx -all"]})
    assert finding.state == "wrong"
    assert "more than one SPF record" in str(finding)
    assert set(finding.record.splitlines()) == {"v=spf1 a -all", "v=spf1 mx -all"}


def test_lookups_are_counted_through_all_that_is_included() -> None:
    zone = {
        "example.org": ["v=spf1 a include:one.example redirect=two.example"],
        "one.example": ["v=spf1 mx ip4:192.0.2.1 include:three.example ~all"],
        "three.example": ["v=spf1 exists:x.example -all a mx ptr"],
        "two.example": ["v=spf1 a a mx -all"],
    }
    finding = spf_of(zone)
    # a, include, mx, include, exists; redirect, a, a, mx
    assert (finding.state, finding.values["lookups"]) == ("good", 9)


@pytest.mark.parametrize(("hosts", "state"), [(9, "good"), (10, "wrong")])
def test_the_tenth_lookup_is_taken_and_the_eleventh_is_not(hosts: int, state: str) -> None:
    finding = spf_of(
        {
            "example.org": ["v=spf1 include:one.example -all"],
            "one.example": ["v=spf1 " + "a " * hosts + "-all"],
        }
    )
    assert finding.state == state


def test_records_that_include_one_another_come_to_an_end() -> None:
    zone = {
        "example.org": ["v=spf1 include:one.example include:one.example -all"],
        "one.example": ["v=spf1 include:example.org include:example.org -all"],
    }
    with serving(zone) as server:
        finding = look("example.org", resolver=server.resolver, timeout=PATIENCE).spf
    assert (finding.state, "more than 10 lookups" in str(finding)) == ("wrong", True)
    assert sum(name in zone for name in server.asked) <= 11


@pytest.mark.parametrize(
    ("record", "inner", "state", "words"),
    [
        ("v=spf1 include:in.example -all", "v=spf1 +all", "wrong", "every server"),
        ("v=spf1 redirect=in.example", "v=spf1 +all", "wrong", "every server"),
        ("v=spf1 redirect=in.example", "v=spf1 a -all", "good", "2 of 10"),
        ("v=spf1 redirect=in.example", "v=spf1 a", "weak", "leaves open"),
        ("v=spf1 redirect=in.example -all a", "v=spf1 +all", "good", "0 of 10"),
        ("v=spf1 a include:in.example -all", "v=spf1 ?all", "good", "2 of 10"),
        ("v=spf1 a -include:in.example ~all", "v=spf1 +all", "good", "2 of 10"),
        ("v=spf1 include:in.example -all", "v=spf1 a:", "wrong", "of in.example cannot be read"),
        ("v=spf1 include:in.example -all", "no record", "wrong", "in.example, which has no SPF"),
        ("v=spf1 include:gone.example -all", "v=spf1 a", "wrong", "gone.example, which has no"),
        ("v=spf1 include:a..b -all", "v=spf1 a", "wrong", "a..b, which has no SPF"),
    ],
)
def test_what_is_included_counts_as_if_it_stood_there(
    record: str, inner: str, state: str, words: str
) -> None:
    finding = spf_of({"example.org": [record], "in.example": [inner]})
    assert (finding.state, finding.record) == (state, record)
    assert words in str(finding)


def test_an_included_record_that_cannot_be_asked_for_leaves_all_unknown() -> None:
    zone: Zone = {"example.org": ["v=spf1 include:in.example -all"], "in.example": "servfail"}
    assert spf_of(zone).state == "unknown"


mechanisms = st.sampled_from(
    ["a", "mx", "a:x.example/24", "ip4:192.0.2.1", "ip6:::1", "include:x.example", "ptr", "all"]
)
written = st.lists(st.builds("".join, st.tuples(st.sampled_from("+-~?"), mechanisms)))


@given(written)
def test_each_word_is_read_as_it_was_written(words: list[str]) -> None:
    read = SpfRecord.read(" ".join(["v=spf1", *words])).mechanisms
    again = [each.qualifier + each.name + (f":{each.value}" if each.value else "") for each in read]
    assert again == words


@given(st.text(max_size=80))
def test_any_other_text_is_read_or_refused_by_one_of_its_words(text: str) -> None:
    assert is_spf(f"v=spf1 {text}")
    refused = ""
    try:
        SpfRecord.read(f"v=spf1 {text}")
    except BadTerm as bad:
        refused = str(bad)
    assert not refused or refused in text.split(" ")
