"""Where the mailbox of bounces stands, as the page says it; and its settings, shown to nobody."""

from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from dashboard import create_app
from dashboard.config import ConfigError
from dashboard.kinds.mailings.bounces.ledger import key_of
from dashboard.mail import NoRound
from dashboard.mail.domain.dkim import GOOD
from dashboard.models import BounceMailbox, User, clock, transaction
from dashboard.web.redaction import Redaction
from tests.kinds.mailings.bounced import Mailbox
from tests.kinds.mailings.conftest import MakeMailing
from tests.kinds.mailings.real import sending
from tests.kinds.mailings.test_deliverability import MakeDraft, answered, draft, signs
from tests.mail.bounce_mails import of_gmail
from tests.mail.dovecot import Somebody
from tests.mail.scripted import scripted
from tests.mail.test_domain import GOOD as GOOD_ZONE
from tests.people import Person, words
from tests.web.test_queries import counted

__all__ = ["draft"]

URL = "imaps://bounces%40example.org:Very%2FSecret@mail.example.org"
RETURN_PATH = "returned@bounces.example.net"


def stands(app: Flask, **values: Any) -> None:
    """Let the mailbox stand so in the ledger."""
    mailbox = Mailbox(app, None).opened(URL)  # type: ignore[arg-type]
    with app.app_context(), transaction() as session:
        session.add(BounceMailbox(key=key_of(mailbox.account), tried_at=clock(), **values))


def seen(person: Person) -> str:
    """Give what a person reads of the list."""
    return words(person.opens("/suppressions").text)


def test_a_desk_without_a_mailbox_says_nothing_of_it(staff: Person) -> None:
    assert "Bounces are read" not in seen(staff)


def test_a_mailbox_that_was_never_read_says_so(app: Flask, staff: Person) -> None:
    Mailbox(app, None).opened(URL)  # type: ignore[arg-type]

    assert (
        "Bounces are read from bounces@example.org every five minutes. It has not been done yet."
    ) in seen(staff)


@pytest.mark.parametrize(
    ("reports", "marked", "said"),
    [
        (0, 0, "No report has come so far."),
        (1, 1, "1 report has come so far. 1 person has been marked."),
        (1300, 2, "1,300 reports have come so far. 2 people have been marked."),
    ],
)
def test_one_line_says_what_came_of_it(
    app: Flask, staff: Person, reports: int, marked: int, said: str
) -> None:
    with app.app_context():
        read_at = clock() - timedelta(minutes=3)
    stands(app, read_at=read_at, reports=reports, marked=marked)

    page = seen(staff)

    assert "read from bounces@example.org every five minutes, last 3 minutes ago ." in page
    assert said in page


def test_trouble_is_said_with_what_becomes_of_it(app: Flask, staff: Person) -> None:
    error = NoRound("The mail server %(server)s offers no known way to sign in.", server="mail:993")
    with app.app_context():
        read_at = clock() - timedelta(hours=2)
    stands(app, read_at=read_at, trouble=[error.message, error.values])

    page = seen(staff)

    assert "The mailbox of bounces, bounces@example.org , could not be read just now ." in page
    assert "The mail server mail:993 offers no known way to sign in." in page
    assert "tried again every five minutes" in page
    assert "It was last read 2 hours ago ." in page
    assert "Bounces are read from" not in page


def test_the_sentence_is_said_in_the_language_of_whoever_reads(app: Flask, staff: Person) -> None:
    error = NoRound("The mail server %(server)s offers no known way to sign in.", server="<b>")
    stands(app, trouble=[error.message, error.values])
    with app.app_context(), transaction() as session:
        session.get_one(User, staff.id).locale = "de-DE"

    page = staff.opens("/suppressions").text

    assert "Der Mailserver &lt;b&gt;" in page


def test_the_page_asks_the_ledger_once_more_for_it_and_no_oftener(
    app: Flask, staff: Person
) -> None:
    def asks() -> int:
        staff.opens("/suppressions")
        with counted(app) as statements:
            staff.opens("/suppressions")
        return len(statements)

    before = asks()
    stands(app, reports=3)
    assert asks() == before + 1


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("MAIL_BOUNCES_URL", "imaps://b:Very%2FSecret@h:x", "FLASK_MAIL_BOUNCES_URL must be"),
        ("MAIL_BOUNCES_URL", "imaps://h", "names no user and password"),
        ("MAIL_RETURN_PATH", "Bounces <b@example.org>", "FLASK_MAIL_RETURN_PATH must be"),
    ],
)
def test_a_desk_does_not_start_with_what_it_cannot_use(
    tmp_path: Path, setting: str, value: str, sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence) as caught:
        create_app(INSTANCE_PATH=tmp_path, **{setting: value})
    assert "Secret" not in str(caught.value)


def test_the_password_leaves_the_desk_in_no_file_for_support(tmp_path: Path, app: Flask) -> None:
    app.config["MAIL_BOUNCES_URL"] = URL
    with app.app_context():
        left = Redaction(set()).of(f"{URL} Very/Secret Very%2FSecret")

    assert "Secret" not in left


def test_an_e_mail_that_comes_back_is_a_mailing_sent_read_and_told(
    any_app: Flask, made_mailing: MakeMailing, somebody: Somebody
) -> None:
    any_app.config["MAIL_RETURN_PATH"] = RETURN_PATH
    mailing = sending(any_app, made_mailing(2))
    with scripted() as server:
        mailing.reaches(server)
        assert mailing.works().state == "succeeded"
    assert [(each.sender, each.to) for each in server.taken] == [
        (RETURN_PATH, "P1@example.org"),
        (RETURN_PATH, "P2@example.org"),
    ]
    assert server.said[1].startswith(f"MAIL FROM:<{RETURN_PATH}>")
    came = message_from_bytes(server.taken[0].body, policy=policy.default)
    assert str(came["From"]) == "Events <events@example.org>"

    mailbox = Mailbox(any_app, somebody).opened()
    mailbox.gets(of_gmail("P1@example.org", str(came["Message-ID"])))
    mailbox.is_read()

    assert mailing.fates == {"failed": 1, "sent": 1}
    one = mailing.delivery(1)
    admin = Person.joins(any_app, "Ada Admin", role="admin")
    page = words(admin.opens(f"/mailings/{mailing.id}/people/{one.id}").text)
    assert "Nothing goes to this address any more" in page
    assert "The mail server took it." in page
    assert "It came back: the address takes no e-mails. Nothing more goes there." in page
    assert "550-5.1.1 The email account that you tried to reach does not exist." in page
    listed = words(admin.opens("/suppressions").text)
    assert "p1@example.org Address does not exist 550-5.1.1 The email account" in listed
    assert "1 report has come so far. 1 person has been marked." in listed


@pytest.mark.parametrize(
    ("path", "zone", "sign", "said"),
    [
        (
            RETURN_PATH,
            {"bounces.example.net": ["v=spf1 ip4:192.0.2.0/24 -all"]},
            ["Good"] * 4,
            "so it is DKIM that proves to DMARC who sends.",
        ),
        (
            "b@bounces.example.org",
            {"bounces.example.org": ["v=spf1 ip4:192.0.2.0/24 -all"]},
            ["Good"] * 3,
            "SPF says which servers may send for bounces.example.org.",
        ),
        (
            "b@gone.example.net",
            {"example.net": ["v=spf1 -all"]},
            ["Wrong", "Good", "Good", "Good"],
            "There is no domain gone.example.net, to which e-mails that bounce return.",
        ),
    ],
)
def test_spf_is_that_of_the_domain_to_which_e_mails_return(
    app: Flask,
    draft: MakeDraft,
    staff: Person,
    path: str,
    zone: Any,
    sign: list[str],
    said: str,
) -> None:
    app.config["MAIL_RETURN_PATH"] = path
    with answered(app, {**GOOD_ZONE, **zone}):
        page = staff.opens(draft()).text

    assert signs(page)[: len(sign)] == sign
    assert said in words(page)
    assert GOOD % {"domain": "example.org", "selector": "s1"} in words(page)
