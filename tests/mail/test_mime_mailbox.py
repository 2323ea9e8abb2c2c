"""Names and addresses in headers come back as they were given."""

from email import message_from_string, policy
from email.header import decode_header, make_header
from email.utils import parseaddr

import pytest
from hypothesis import assume, example, given, strategies as st

from dashboard.mail.mime import BadHeader, Mailbox, Mould, needs_utf8
from tests.mail.mime_messages import (
    MARA,
    SENDER,
    broken,
    head,
    is_well_formed,
    line,
    parsed,
    written,
)

atom = st.from_regex(r"\A[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,12}\Z")
label = st.from_regex(r"\A[a-z0-9](?:[a-z0-9-]{0,8}[a-z0-9])?\Z")
wide_atom = st.text(st.characters(categories=("Ll", "Lo", "Nd")), min_size=1, max_size=8)
name = line.map(lambda text: " ".join(text.split()))


def addresses(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Give addresses whose local part is of *part*s."""
    local = st.lists(part, min_size=1, max_size=4).map(".".join)
    domain = st.lists(label, min_size=1, max_size=5).map(".".join)
    return st.builds("{}@{}".format, local, domain)


def read_name(message: bytes, field: str, name: str) -> str:
    """Give the name in *field*: *name* as the parser found it, where it reads that correctly.

    It leaves blanks between the words of a name encoded on several lines (RFC 2047, 6.2), which
    the older reader takes away.
    """
    raw = message_from_string(message.decode(), policy=policy.compat32)[field]
    if raw.count("=?utf-8?") < 2:
        return name
    return str(make_header(decode_header(parseaddr(raw)[0])))


@given(addresses(atom), name)
@example("a@example.org", "Mara " * 60 + "M")
@example("a@example.org", "M" * 500)
@example("a@example.org", 'O\'Brien, "Mo" \\ (Sales) <x@y.example>')
@example("a@example.org", "=?utf-8?q?no?=")
@example("a" * 64 + "@" + "b" * 60 + ".example.org", "")
def test_a_name_and_an_address_come_back(address: str, name: str) -> None:
    mailbox = Mailbox(address, name)
    message = written(Mould(mailbox, reply_to=mailbox), to=mailbox)
    assert is_well_formed(message)
    assert not needs_utf8(message)
    assert all(len(each) <= 78 or address.encode() in each for each in head(message))
    found = parsed(message)
    for field in ("From", "Reply-To", "To"):
        (one,) = found[field].addresses
        assert one.addr_spec == address
        assert read_name(message, field, one.display_name) == name


@given(addresses(atom | wide_atom), name)
@example("jürgen@example.org", "Jürgen")
@example("jürgen@ex--ample.org", "")
def test_an_address_beyond_ascii_stands_in_the_message_as_utf8(address: str, name: str) -> None:
    assume(not address.isascii())
    message = written(to=Mailbox(address, name))
    assert needs_utf8(message)
    assert needs_utf8(Mailbox(address))
    assert is_well_formed(message)
    (one,) = parsed(message)["To"].addresses
    assert one.addr_spec == address
    assert read_name(message, "To", one.display_name) == name


def test_a_domain_is_written_in_ascii() -> None:
    mailbox = Mailbox("mara@BÜCHER.example", "Mara")
    assert mailbox.spec() == "mara@xn--bcher-kva.example"
    assert not needs_utf8(mailbox)
    assert not needs_utf8(written(to=mailbox))
    assert parsed(written(to=mailbox))["To"] == "Mara <mara@xn--bcher-kva.example>"


def test_blanks_around_a_name_are_left_out_and_several_in_it_are_one() -> None:
    assert parsed(written(to=Mailbox("a@example.org", "  ")))["To"] == "a@example.org"
    to = Mailbox("a@example.org", " Mara\u00a0 Ü ")
    assert parsed(written(to=to))["To"] == "Mara Ü <a@example.org>"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "@",
        "mara",
        "mara@",
        "@example.org",
        "mara@example..org",
        "mara@.example.org",
        "mara@example.org.",
        "mara@-example.org",
        "mara@exa_mple.org",
        "mara@[127.0.0.1]",
        ".mara@example.org",
        "ma..ra@example.org",
        "ma ra@example.org",
        "ma\u3000ra@example.org",
        '"ma ra"@example.org',
        "mara@bob@example.org",
        "mara@example.org, bob@example.org",
        "<mara@example.org>",
        "mara(comment)@example.org",
        "mara@exam ple.org",
        "mara@☃\u00ad.example:25",
        "m" * 250 + "@example.org",
        "mara@" + "ü" * 240 + ".example",
        "mara\ud83c@example.org",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    mailbox = Mailbox(address)
    with pytest.raises(BadHeader):
        written(to=mailbox)
    with pytest.raises(BadHeader):
        Mould(mailbox)
    with pytest.raises(BadHeader):
        mailbox.spec()


@given(broken)
@example("Mara\r\nBcc: all@example.org")
def test_no_header_can_be_smuggled_in_by_a_name_or_an_address(bad: str) -> None:
    for mailbox in (
        Mailbox("a@example.org", bad),
        Mailbox(bad),
        Mailbox(f"a@{bad}"),
        Mailbox(f"{bad}@example.org"),
    ):
        with pytest.raises(BadHeader):
            written(to=mailbox)
        with pytest.raises(BadHeader):
            Mould(mailbox)
        with pytest.raises(BadHeader):
            Mould(SENDER, reply_to=mailbox)


def test_a_refusal_names_the_address_in_a_sentence() -> None:
    with pytest.raises(BadHeader) as caught:
        written(to=Mailbox("m" * 300))
    assert str(caught.value) == f"“{'m' * 80}” is no e-mail address that a message can carry."
    with pytest.raises(BadHeader, match="The header To has a line break"):
        written(to=Mailbox(MARA.address, "Mara\r\nBcc: all@example.org"))
