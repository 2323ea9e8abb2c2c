"""Reports in the mailbox of bounces do what webhooks do, but only about e-mails of ours."""

from typing import Any

import pytest
from sqlalchemy import delete

from dashboard.kinds.mailings.bounces import Found, ledger
from dashboard.kinds.mailings.bounces.ledger import key_of
from dashboard.kinds.mailings.watch.again import retryable
from dashboard.mail import NoRound
from dashboard.models import BounceMailbox, transaction
from tests.kinds.mailings.bounced import PEOPLE, Mailbox, id_of, states, to
from tests.kinds.mailings.hooks import bounce, delivery, opened, suppressed, tells
from tests.mail.bounce_mails import (
    away,
    in_html,
    many_parts,
    nested,
    of_exchange,
    of_gmail,
    of_postfix,
)
from tests.servers import free_port


def test_who_has_no_mailbox_is_marked_and_gets_no_more(mailbox: Mailbox) -> None:
    mailbox.gets(
        of_postfix("P1@Example.org", id_of(1)),
        of_exchange(to(2), id_of(2)),
        of_gmail(to(3), id_of(3)),
    )

    assert mailbox.is_read() == Found(messages=3, reports=3, marked=3, suppressed=3)

    assert suppressed(mailbox.app) == {to(place): ("bounced", 1) for place in (1, 2, 3)}
    assert states(mailbox.app) == ["failed", "failed", "failed", "sent", "sent"]
    first = delivery(mailbox.app, 1)
    assert (first.reason, first.words) == (
        "bounced",
        "550 5.1.1 <P1@Example.org>: Recipient address rejected: User unknown",
    )
    assert first.past == [[None, "sent", 250, "2.0.0 Ok 1"]]
    row = mailbox.row
    assert (row.last_uid, row.messages, row.reports, row.marked) == (3, 3, 3, 3)
    assert row.read_at is not None
    assert row.trouble is None


@pytest.mark.parametrize(
    "faked",
    [
        of_postfix(to(1), "<1.999@example.org>"),
        of_postfix(to(1), "<made.up@example.net>"),
        of_postfix(to(1), ""),
        of_postfix(to(1), id_of(2)),
        of_postfix("stranger@example.net", id_of(1)),
        of_postfix("stranger@example.net", "<gone@example.net>"),
        of_postfix(to(1), "<2.0.0 Ok 1>"),
        of_postfix("nobody", id_of(1)),
    ],
    ids=range(8),
)
def test_a_report_that_is_not_about_an_e_mail_of_ours_is_passed_over(
    mailbox: Mailbox, faked: bytes
) -> None:
    mailbox.gets(faked)

    assert mailbox.is_read() == Found(messages=1)

    assert suppressed(mailbox.app) == {}
    assert states(mailbox.app) == ["sent"] * PEOPLE
    assert (mailbox.row.messages, mailbox.row.reports) == (1, 0)


def test_of_a_service_that_has_proved_itself_more_is_believed_than_of_a_mailbox(
    mailbox: Mailbox,
) -> None:
    tells(opened(mailbox.app), bounce("stranger@example.net", message_id="<gone@example.net>"))

    assert list(suppressed(mailbox.app)) == ["stranger@example.net"]


@pytest.mark.parametrize("where", ["header_to", "original"])
def test_where_an_e_mail_was_forwarded_the_address_that_we_wrote_to_counts(
    mailbox: Mailbox, where: str
) -> None:
    forwarded: dict[str, Any] = {where: "Ada <P1@example.org>"}
    mailbox.gets(of_postfix("ada@elsewhere.example", id_of(1), **forwarded))

    assert mailbox.is_read() == Found(1, 1, 1, 1)

    assert suppressed(mailbox.app) == {to(1): ("bounced", 1)}
    assert states(mailbox.app)[:2] == ["failed", "sent"]


def test_what_may_pass_is_noted_and_what_is_lost_has_failed_but_both_get_the_next_mailing(
    mailbox: Mailbox,
) -> None:
    mailbox.gets(
        of_postfix(to(1), id_of(1), action="delayed", status="4.4.1", said="no route"),
        of_postfix(to(2), id_of(2), status="5.2.2", said="552 5.2.2 Mailbox full"),
        of_postfix(to(3), id_of(3), status="4.4.7", said="delivery time expired"),
        of_postfix(to(4), id_of(4), action="delivered", status="2.0.0", said="250 ok"),
    )

    assert mailbox.is_read() == Found(messages=4, reports=3, marked=3, suppressed=0)

    assert suppressed(mailbox.app) == {}
    assert states(mailbox.app) == ["sent", "failed", "failed", "sent", "sent"]
    found = [delivery(mailbox.app, place) for place in (1, 2, 3, 4)]
    assert [each.reason for each in found] == ["soft-bounce", "returned", "returned", None]
    assert [each.words for each in found[:3]] == [
        "no route",
        "552 5.2.2 Mailbox full",
        "delivery time expired",
    ]
    with mailbox.app.app_context():
        assert retryable(1) == 2


def test_first_late_and_then_lost_is_lost(mailbox: Mailbox) -> None:
    late = of_postfix(to(1), id_of(1), action="delayed", status="4.4.1")
    mailbox.gets(late, of_postfix(to(1), id_of(1), status="4.4.7", said="expired"), late)

    assert mailbox.is_read() == Found(3, 3, 2, 0)

    assert (delivery(mailbox.app, 1).state, delivery(mailbox.app, 1).reason) == (
        "failed",
        "returned",
    )


def test_whatever_else_comes_is_passed_over(mailbox: Mailbox) -> None:
    rubbish = [
        away(id_of(1)),
        in_html(to(1), id_of(1)),
        nested(500),
        many_parts(2000),
        b"\x01\xff\r\n\r\n" * 20,
        of_gmail(to(1), id_of(1))[:900],
        b"Subject: none",
    ]
    mailbox.gets(*rubbish, of_postfix(to(1), id_of(1)))

    assert mailbox.is_read() == Found(len(rubbish) + 1, 1, 1, 1)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (lambda one: one.url(password="Wrong"), "does not take the user name and password"),
        (lambda one: one.url("Gone"), "has no folder “Gone” that can be read"),
        (lambda one: one.url().partition("?")[0], "cannot be trusted: self-signed certificate"),
        (lambda one: f"imap://b:secret@127.0.0.1:{free_port()}", "does not answer: Connection ref"),
    ],
    ids=["password", "folder", "certificate", "server"],
)
def test_why_it_cannot_be_read_is_written_down_until_it_can(
    mailbox: Mailbox, url: Any, sentence: str
) -> None:
    mailbox.gets(of_postfix(to(1), id_of(1)))
    mailbox.opened(url(mailbox.somebody))
    with pytest.raises(NoRound, match=sentence[:20]):
        mailbox.is_read()

    said, values = mailbox.row.trouble or ("", {})
    assert sentence in said % values
    assert (mailbox.row.read_at, mailbox.row.messages) == (None, 0)

    with mailbox.app.app_context(), transaction() as session:
        session.execute(delete(BounceMailbox))
        session.add(
            BounceMailbox(
                key=key_of(mailbox.opened().account),
                tried_at=ledger.NEVER,
                trouble=[said, values],
            )
        )
    assert mailbox.is_read() == Found(1, 1, 1, 1)
    assert mailbox.row.trouble is None
    assert mailbox.row.read_at is not None
