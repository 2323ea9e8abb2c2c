"""What the address of the mailbox of bounces says, and the names of folders in it."""

import pytest

from dashboard.mail import MailError, check_return_path
from dashboard.mail.bounces import Account
from dashboard.mail.bounces.folder import modified_utf7, quoted

URL = "imaps://bounces%40example.org:p%3Aw%2F%C3%B6@mail.example.org"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            URL,
            Account(*("mail.example.org", 993, "bounces@example.org", "p:w/ö"), implicit_tls=True),
        ),
        (
            "imaps://b:p@h:9993/Returned%20Mail%2FOld?ca=/a.pem",
            Account("h", 9993, "b", "p", "Returned Mail/Old", implicit_tls=True, ca="/a.pem"),
        ),
        ("imap://b:p@h/INBOX", Account("h", 143, "b", "p", starttls=True)),
        ("imap://b:p@localhost/", Account("localhost", 143, "b", "p")),
        ("imap://b:p@127.0.0.53:1143", Account("127.0.0.53", 1143, "b", "p")),
        ("imap://b:p@[::1]", Account("::1", 143, "b", "p")),
        ("imap://b:p@[::1]?starttls=require", Account("::1", 143, "b", "p", starttls=True)),
    ],
)
def test_an_address_says_everything(url: str, expected: Account) -> None:
    assert Account.of(url) == expected


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("pop3://b:p@h", "must be imaps://user:password@host/INBOX"),
        ("imaps://b:p/w@h", "must be imaps://user:password@host/INBOX"),
        ("imaps://b:p@h:99999", "must be imaps://user:password@host/INBOX"),
        ("imaps://b:p@[::1", "must be imaps://user:password@host/INBOX"),
        ("imaps://b:secret#w@h", "must be imaps://user:password@host/INBOX"),
        ("imaps:///INBOX", "names no host"),
        ("imaps://h/INBOX", "names no user and password"),
        ("imaps://b@h", "names no user and password"),
        ("imaps://b%0d%0aA1:secret@h", "odd sign"),
        ("imaps://b:secret%00@h", "odd sign"),
        ("imaps://b:secret@h/IN%0aBOX", "odd sign"),
        ("imaps://b:secret@h?colour=red", "unknown option: colour"),
        ("imaps://b:secret@h?starttls=require", "only for imap://"),
        ("imap://b:secret@h?starttls=never", "starttls is require"),
    ],
)
def test_an_address_that_makes_no_sense_is_refused_without_its_password(
    url: str, sentence: str
) -> None:
    with pytest.raises(MailError, match=sentence) as caught:
        Account.of(url)
    assert "secret" not in str(caught.value)


def test_the_name_of_a_mailbox_holds_no_password() -> None:
    account = Account.of(URL)

    assert (account.name, account.server) == ("bounces@example.org", "mail.example.org:993")
    assert Account.of("imaps://b:p@h/Returned").name == "b@h/Returned"
    assert Account.of("imaps://b:p@[::1]/inbox").server == "[::1]:993"
    assert "p:w" not in repr(account)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("INBOX", "INBOX"),
        ("Returned Mail", "Returned Mail"),
        ("R&D", "R&-D"),
        ("Rückläufer", "R&APw-ckl&AOQ-ufer"),
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
        ("a\tb", "a&AAk-b"),
    ],
)
def test_folders_are_named_as_servers_name_them(name: str, written: str) -> None:
    assert modified_utf7(name) == written


def test_signs_that_would_end_a_name_are_marked() -> None:
    assert quoted('a "b" \\c') == '"a \\"b\\" \\\\c"'


@pytest.mark.parametrize("address", ["bounces@example.org", "b+x@bücher.example"])
def test_any_address_may_be_where_e_mails_return(address: str) -> None:
    check_return_path(address)


@pytest.mark.parametrize(
    "address", ["bounces", "a b@example.org", "bö@example.org", "<b@example.org>", "b@x\r\nX: y", 7]
)
def test_what_is_none_is_refused(address: object) -> None:
    with pytest.raises(MailError, match="FLASK_MAIL_RETURN_PATH must be an address"):
        check_return_path(address)
