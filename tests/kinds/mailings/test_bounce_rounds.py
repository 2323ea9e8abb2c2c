"""The scheduler has the mailbox read beside its own work; a command reads it at once."""

import logging
import signal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from dashboard.jobs import sweep
from dashboard.jobs.scheduler import LedgerScheduler
from dashboard.kinds.mailings.bounces import go_on, reading, rounds
from dashboard.kinds.mailings.bounces.rounds import Rounds
from dashboard.models import Part
from dashboard.web.health import parts_heard
from tests.kinds.mailings.bounced import Mailbox, id_of
from tests.kinds.mailings.conftest import MakeMailing
from tests.kinds.mailings.hooks import becomes, delivery, suppressed
from tests.mail.bounce_mails import of_postfix
from tests.mail.dovecot import Somebody
from tests.mail.odd_imap import SILENCE, odd_server
from tests.parts import Parts, until

SECONDS = 30.0


@pytest.fixture
def mailbox(any_app: Flask, made_mailing: MakeMailing, somebody: Somebody) -> Mailbox:
    """Give the mailbox of a desk that has sent a mailing to somebody, with a report in it."""
    made_mailing(1)
    becomes(any_app, 1, state="sent", code=250, words="2.0.0 Ok", tries=1)
    mailbox = Mailbox(any_app, somebody).opened()
    mailbox.gets(of_postfix("p1@example.org", id_of(1)))
    return mailbox


@pytest.fixture
def app_with_silence(app: Flask) -> Any:
    """Give a desk whose mail server says nothing as long as the test goes on."""
    with odd_server(greeting=SILENCE) as server:
        Mailbox(app, None).opened(f"imap://b:secret@127.0.0.1:{server.port}")  # type: ignore[arg-type]
        yield app, server


def reader_of(app: Flask) -> Rounds:
    """Give what reads beside the scheduler."""
    found: Rounds = app.extensions["bounce_rounds"]
    return found


def ticks(app: Flask) -> LedgerScheduler:
    """Let a scheduler tick once."""
    scheduler = LedgerScheduler(app.extensions["celery"], lazy=True)
    scheduler.tick()
    return scheduler


def test_the_scheduler_has_the_mailbox_read(mailbox: Mailbox) -> None:
    ticks(mailbox.app)

    assert reader_of(mailbox.app).wait(SECONDS)
    assert delivery(mailbox.app, 1).reason == "bounced"
    assert suppressed(mailbox.app) == {"p1@example.org": ("bounced", 1)}


def test_it_is_not_read_again_at_once_also_by_another_scheduler(mailbox: Mailbox) -> None:
    ticks(mailbox.app)
    assert reader_of(mailbox.app).wait(SECONDS)
    tried = mailbox.row.tried_at
    ticks(mailbox.app)
    mailbox.app.extensions["bounce_rounds"] = Rounds()
    ticks(mailbox.app)

    assert reader_of(mailbox.app).wait(SECONDS)
    assert mailbox.row.tried_at == tried


def test_it_is_read_again_when_it_is_time(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "EVERY_SECONDS", 0.0)
    monkeypatch.setattr(rounds, "AGAIN_SECONDS", 0.0)
    ticks(mailbox.app)
    assert reader_of(mailbox.app).wait(SECONDS)
    tried = mailbox.row.tried_at
    ticks(mailbox.app)

    assert reader_of(mailbox.app).wait(SECONDS)
    assert mailbox.row.tried_at > tried


def test_a_desk_without_a_mailbox_reads_none(app: Flask) -> None:
    ticks(app)

    assert "bounce_rounds" not in app.extensions


def test_a_server_that_says_nothing_holds_up_no_tick_and_is_asked_once(
    app_with_silence: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, server = app_with_silence
    monkeypatch.setattr(rounds, "AGAIN_SECONDS", 0.0)
    for _ in range(3):
        ticks(app)

    # Each tick has come to its end, and the one reading still waits for the server.
    assert not reader_of(app).wait(0.0)
    with app.app_context():
        assert Part.SCHEDULER in parts_heard()
    server.gone.set()
    assert reader_of(app).wait(SECONDS)
    assert server.connections == 1


def test_leases_are_looked_after_while_the_mailbox_is_read(
    app_with_silence: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, server = app_with_silence
    seen: list[bool] = []
    monkeypatch.setattr(
        "dashboard.jobs.scheduler.EVERY_TICK",
        (sweep.take_back_expired, lambda: seen.append(True)),
    )
    ticks(app)
    ticks(app)

    assert not reader_of(app).wait(0.0)
    assert seen == [True, True]
    server.gone.set()
    assert reader_of(app).wait(SECONDS)


def test_trouble_is_logged_without_the_password_and_written_down(
    mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    mailbox.opened(mailbox.somebody.url(password="Wrong-Password"))
    with caplog.at_level(logging.INFO, "dashboard"):
        ticks(mailbox.app)
        assert reader_of(mailbox.app).wait(SECONDS)

    (line,) = [text for text in caplog.messages if "could not be read" in text]
    assert "does not take the user name and password" in line
    assert "Wrong-Password" not in caplog.text
    assert mailbox.row.trouble is not None


def test_a_mistake_of_our_own_is_logged_whole_and_owned_up_to(
    mailbox: Mailbox, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(raw: bytes) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(reading, "told_in", breaks)
    with caplog.at_level(logging.ERROR, "dashboard"):
        ticks(mailbox.app)
        assert reader_of(mailbox.app).wait(SECONDS)

    assert "ZeroDivisionError" in caplog.text
    assert mailbox.row.trouble == ["The desk itself made a mistake. Its log says which.", {}]
    assert mailbox.row.last_uid == 0


def test_what_is_wrong_with_mailings_does_not_keep_the_mailbox_from_being_read(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("dashboard.kinds.mailings.mend", breaks)
    ticks(mailbox.app)

    assert reader_of(mailbox.app).wait(SECONDS)
    assert mailbox.row.reports == 1


def test_a_scheduler_that_waits_for_a_silent_server_ends_calmly(
    app_with_silence: Any, tmp_path: Path
) -> None:
    app, server = app_with_silence
    parts = Parts(app, tmp_path)
    try:
        url = f"imap://b:secret@127.0.0.1:{server.port}"
        beat = parts.scheduler(FLASK_MAIL_BOUNCES_URL=url)
        until(app, lambda: server.connections > 0, SECONDS, alive=beat, log=parts.log)
        code = parts.stop(beat, signal.SIGTERM)
    finally:
        parts.end()

    assert code == 0, parts.log()
    assert "Traceback" not in parts.log()


def runs(app: Flask) -> tuple[int, str]:
    """Run the command; gives its exit code and all that it says."""
    done = app.test_cli_runner().invoke(args=["bounces"])
    return done.exit_code, done.output


def test_the_command_reads_at_once_and_says_what_it_found(mailbox: Mailbox) -> None:
    name = mailbox.account.name
    said = [
        f"New messages in {name}: 1",
        "Reports about e-mails of this desk: 1",
        "Recipients marked: 1",
        "Addresses new on the list: 1",
    ]
    assert runs(mailbox.app) == (0, "\n".join(said) + "\n")
    assert runs(mailbox.app)[1].startswith(f"New messages in {name}: 0\n")


def test_the_command_says_what_is_wrong(app: Flask, somebody: Somebody) -> None:
    assert runs(app) == (1, "Error: FLASK_MAIL_BOUNCES_URL is not set.\n")
    Mailbox(app, somebody).opened(somebody.url(password="Wrong-Password"))

    code, said = runs(app)

    assert code == 1
    assert f"Error: {somebody.name} could not be read. The mail server 127.0.0.1:" in said
    assert "Wrong-Password" not in said


def test_a_desk_can_be_asked_to_go_on_where_nothing_is_due(mailbox: Mailbox) -> None:
    with mailbox.app.app_context():
        go_on()
        assert reader_of(mailbox.app).wait(SECONDS)
        go_on()
    assert mailbox.row.messages == 1
