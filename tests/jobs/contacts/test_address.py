"""What is an e-mail address, and which two are one."""

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import assume, given, strategies as st

from dashboard.jobs.contacts.address import NotAnAddress, compared, normal_form


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("ada@example.org", "ada@example.org"),
        (" Ada@EXAMPLE.org\t", "ada@example.org"),
        ("Ada@BÜCHER.example", "ada@xn--bcher-kva.example"),
        ("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("ÄDA@example.org", "äda@example.org"),
        ("A\u0308DA@example.org", "äda@example.org"),
        ("o'hara+news@mail.example.org", "o'hara+news@mail.example.org"),
    ],
)
def test_an_address_is_compared_without_capitals_and_with_the_domain_of_mail_servers(
    text: str, form: str
) -> None:
    assert normal_form(text) == form


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the @ is missing"),
        ("ada", "the @ is missing"),
        ("@example.org", "nothing stands before the @"),
        ("ada@", "nothing stands behind the @"),
        ("ada@example", "there is no dot behind the @"),
        ("ada@example.", "there is no dot behind the @"),
        ("a da@example.org", "it has a space in it"),
        ("ada@ex\u00a0ample.org", "it has a space in it"),
        ("ada@b@example.org", "it has more than one @"),
        ('"ada b"@example.org', "quotation marks"),
        ("ada@desk.test", "reserved"),
        ("ada@example..org", "Not an e-mail address$"),
        (".ada@example.org", "Not an e-mail address$"),
        ("ada@-example.org", "Not an e-mail address$"),
        ("ada@example.org\u202e", "Not an e-mail address$"),
        ("ada\x00@example.org", "Not an e-mail address$"),
        ("ada@[127.0.0.1]", "Not an e-mail address$"),
        ("ada@" + "x" * 250 + ".org", "it is too long"),
    ],
)
def test_what_is_no_address_says_why(text: str, sentence: str) -> None:
    with pytest.raises(NotAnAddress, match=sentence):
        normal_form(text)
    assert compared(text) == text.strip().casefold()


@given(st.from_regex(r"[a-zA-Z0-9.!#+_-]{1,20}@[a-zA-Z0-9.-]{1,20}\.[a-z]{2,6}", fullmatch=True))
def test_the_short_cut_takes_nothing_that_the_rules_refuse(text: str) -> None:
    try:
        form = normal_form(text)
    except NotAnAddress:
        assume(False)
    try:
        found = validate_email(text, check_deliverability=False)
    except EmailNotValidError as error:
        pytest.fail(f"{text}: {error}")
    assert form == f"{found.local_part.lower()}@{found.ascii_domain.lower()}"
