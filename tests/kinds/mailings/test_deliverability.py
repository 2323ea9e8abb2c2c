"""What is found before a mailing is sent, as the page says it."""

import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from dns.message import Message
from flask import Flask

from dashboard.kinds.mailings.deliverability import records, report_of
from dashboard.kinds.mailings.deliverability.advice import ADVICE
from dashboard.mail.domain import alignment, dkim, dmarc, found, own, resolver_at, spf
from dashboard.mail.weight import attached, links, message
from dashboard.models import Mailing, MailingState, Sender, clock, transaction
from tests.mail.name_server import PATIENCE, NameServer, Zone, serving
from tests.mail.test_domain import GOOD
from tests.people import Person, words

BODY = "Dear {{ name }},\n\n" + "come to the fair and see what is new this autumn. " * 10
MakeDraft = Callable[..., str]


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a machine that is busy have its time, where nobody is silent."""
    monkeypatch.setattr(records, "SECONDS", PATIENCE)


@pytest.fixture
def draft(app: Flask, staff: Person) -> MakeDraft:
    """Give what makes a draft of staff's with some parts of its own; gives the page's path."""
    app.config["PUBLIC_URL"] = "https://desk.example.org"

    def make(**parts: Any) -> str:
        with app.app_context(), transaction() as session:
            now = clock()
            sender = Sender(
                name="Events", address="events@example.org", roles=["staff"], made_at=now
            )
            session.add(sender)
            session.flush()
            usual = {
                "title": "Autumn fair",
                "subject": "Come to the fair",
                "body": BODY,
                "sender_id": sender.id,
                "state": MailingState.DRAFT,
            }
            mailing = Mailing(made_by_id=staff.id, made_at=now, changed_at=now, **usual | parts)
            session.add(mailing)
            session.flush()
            return f"/mailings/{mailing.id}/deliverability"

    return make


@contextmanager
def answered(app: Flask, zone: Zone) -> Iterator[NameServer]:
    """Let the desk ask a name server with *zone*, and no other."""
    with serving(zone) as server:
        app.extensions["resolver"] = resolver_at(f"127.0.0.1:{server.port}")
        yield server


def signs(page: str) -> list[str]:
    """Give the words of all signs in front of findings, in order."""
    return re.findall(r'<li><span class="state"[^>]*>.*?<span>([^<]*)</span>', page)


@pytest.mark.parametrize(
    ("state", "page"),
    [(MailingState.DRAFT, "/edit"), (MailingState.ASKED, "/send"), (MailingState.FINISHED, "")],
)
def test_the_page_leads_back_to_where_the_mailing_is(
    app: Flask, draft: MakeDraft, staff: Person, state: MailingState, page: str
) -> None:
    path = draft(state=state)
    with answered(app, GOOD):
        crumbs = staff.opens(path).text.partition('class="crumbs"')[2].partition("</ol>")[0]

    mailing = path.removesuffix("/deliverability")
    assert re.findall('href="([^"]*)"', crumbs) == ["/mailings", f"{mailing}{page}"]


def test_where_all_is_well_the_page_says_so_and_shows_the_records(
    app: Flask, draft: MakeDraft, staff: Person
) -> None:
    with answered(app, GOOD):
        page = staff.opens(draft()).text

    assert signs(page) == ["Good"] * 9
    assert "Nothing speaks against it" in words(page)
    assert "v=spf1 ip4:192.0.2.0/24 -all" in html.unescape(page)
    assert "Nothing is attached." in words(page)
    assert "https://desk.example.org/unsubscribe/…" in page


def test_what_is_wrong_is_said_with_what_to_do(app: Flask, draft: MakeDraft, staff: Person) -> None:
    app.config["PUBLIC_URL"] = "http://desk.example.org"
    body = BODY + "[www.bank.example](https://evil.example)"
    files = [
        {"name": "fair.exe", "media_type": "application/x-dosexec", "key": "k", "size": 3_000_000}
    ]
    path = draft(subject="COME TO THE FAIR", body=body, attachments=files)
    with answered(app, {"example.org": ["v=spf1 ip4:192.0.2.0/24 ?all"]}):
        page = staff.opens(path).text

    assert signs(page) == [
        *("Could be better", "Missing", "Missing"),
        *("Good", "Wrong", "Good", "Wrong", "Could be better"),
        *("Could be better", "Wrong"),
    ]
    said = words(page)
    assert "5 things speak against it" in said
    assert "Let the record end in ~all" in said
    assert "www.bank.example → https://evil.example" in html.unescape(page)
    assert "as FLASK_PUBLIC_URL" in said
    assert "fair.exe" in said


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (BODY, "There are no links."),
        (f"{BODY}[See it](http://fair.example)", "instead of https://: 1. Write https://"),
    ],
)
def test_a_link_of_the_desk_is_no_link_of_the_message(
    app: Flask, draft: MakeDraft, staff: Person, body: str, says: str
) -> None:
    app.config["PUBLIC_URL"] = "http://desk.example.org"
    with answered(app, GOOD):
        page = words(staff.opens(draft(body=body)).text)

    assert says in page
    assert page.count("Links that begin with http://") == page.count("http://fair.example")
    assert "as FLASK_PUBLIC_URL" in page


def test_where_the_dns_is_silent_nothing_is_called_missing_and_it_is_said(
    app: Flask, draft: MakeDraft, staff: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "SECONDS", 0.3)
    names = ("example.org", "_dmarc.example.org", "s1._domainkey.example.org")
    path = draft()
    with answered(app, dict.fromkeys(names, "silent")):
        page = staff.opens(path).text

    assert signs(page) == [*["Not checked"] * 3, *["Good"] * 6]
    assert "3 things could not be checked" in words(page)
    assert "SPF of example.org could not be checked: the DNS did not answer." in words(page)


def test_without_any_network_it_is_said_at_once(
    app: Flask, draft: MakeDraft, staff: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def unreachable(query: Message, *args: object, **kwargs: object) -> None:
        asked.append(str(query.question[0]))
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr("dns.query.udp", unreachable)
    app.extensions["resolver"] = resolver_at("127.0.0.1:9")
    path = draft()
    page = staff.opens(path).text

    assert signs(page)[:3] == ["Not checked"] * 3
    # Nobody knocks again and again at what cannot be reached.
    assert len(asked) == len(set(asked)) >= 3


def test_the_dns_is_asked_once_for_all_who_look_and_again_when_somebody_says_so(
    app: Flask, draft: MakeDraft, staff: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = draft()
    with answered(app, GOOD) as server:
        for _ in range(3):
            staff.opens(path)
        once = len(server.asked)
        staff.opens(path, again="1")  # A moment later: that would tell nothing new.
        assert len(server.asked) == once
        monkeypatch.setattr(records, "AGAIN_SECONDS", 0.0)
        app.extensions.pop("domain_records")  # As behind a new start.
        staff.opens(path)
        staff.opens(path, again="1")
        assert len(server.asked) == 3 * once


def test_what_could_not_be_checked_is_looked_at_anew_soon(
    app: Flask, draft: MakeDraft, staff: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "UNSURE_SECONDS", 0.0)
    path = draft()
    with answered(app, {"example.org": "servfail"}):
        assert signs(staff.opens(path).text)[0] == "Not checked"
    with answered(app, GOOD):
        assert signs(staff.opens(path).text)[:3] == ["Good"] * 3


def test_the_keys_that_an_administrator_names_are_the_ones_that_count(
    app: Flask, draft: MakeDraft, staff: Person
) -> None:
    app.config["MAIL_DKIM_SELECTORS"] = "2026, mine"
    path = draft()
    with answered(app, GOOD):
        said = words(staff.opens(path).text)

    assert "example.org has no DKIM key 2026, mine, but s1. Is it the one that signs?" in said


def test_a_message_that_cannot_be_sent_is_wrong_and_no_fault_of_the_page(
    app: Flask, draft: MakeDraft, staff: Person
) -> None:
    path = draft(body="{% for one in all %}{{ one }}{% endfor %}")
    with answered(app, GOOD):
        answer = staff.opens(path)

    assert answer.status_code == 200
    assert signs(answer.text) == ["Good", "Good", "Good", "Wrong", "Good"]
    assert "Nothing can be repeated in an e-mail" in words(answer.text)


def test_without_a_sender_no_domain_is_asked_for(
    app: Flask, draft: MakeDraft, staff: Person
) -> None:
    path = draft(sender_id=None)
    with answered(app, GOOD) as server:
        page = staff.opens(path).text

    assert signs(page)[0] == "Not checked"
    assert server.asked == []


def test_who_may_not_see_the_mailing_sees_nothing_of_it(
    app: Flask, draft: MakeDraft, admin: Person
) -> None:
    viewer = Person.joins(app, "Vera Viewer", role="viewer")
    path = draft()
    with answered(app, GOOD):
        assert viewer.opens(path).status_code == 404
        assert admin.opens(path).status_code == 200
        assert admin.opens("/mailings/999/deliverability").status_code == 404


def test_numbers_are_written_as_the_reader_writes_them(
    app: Flask, draft: MakeDraft, staff: Person
) -> None:
    files = [{"name": "plan.pdf", "media_type": "application/pdf", "key": "k", "size": 8_000_000}]
    draft(attachments=files)
    with answered(app, GOOD), app.app_context():
        report = report_of(_only_mailing())

    assert "together 10,948 KB" in report.groups[2].lines[0].sentence


def _only_mailing() -> Mailing:
    with transaction() as session:
        return session.query(Mailing).one()


SENTENCES = {
    value: f"{module.__name__}.{name}"
    for module in (spf, dkim, own, dmarc, alignment, found, message, links, attached)
    for name, value in vars(module).items()
    if name.isupper() and isinstance(value, str) and " " in value
}
FINE = {
    *(
        spf.GOOD,
        dkim.GOOD,
        dmarc.GOOD,
        alignment.BY_DKIM,
        message.SIZE,
        links.NO_LINKS,
        links.LINKS,
    ),
    *(message.NO_IMAGES, message.IMAGES, message.CAN_LEAVE, message.SUBJECT),
    *(attached.NONE, attached.LIGHT),
}


@pytest.mark.parametrize("sentence", sorted(SENTENCES), ids=SENTENCES.get)
def test_everything_that_is_not_good_has_an_advice(sentence: str) -> None:
    assert (sentence in ADVICE) != (sentence in FINE)
