"""What is in the mailbox of bounces is done once, whoever reads it, dies over it or comes late."""

import os
import signal
import subprocess
import sys
import threading
from typing import Any

import pytest
from sqlalchemy import delete

from dashboard.extensions import db
from dashboard.kinds.mailings.bounces import Found, ledger, read, reading
from dashboard.kinds.mailings.bounces.ledger import key_of
from dashboard.kinds.mailings.hooks import effects
from dashboard.kinds.mailings.suppressions import put
from dashboard.mail.bounces import inbox
from dashboard.models import BounceMailbox, Suppression, transaction
from tests.kinds.mailings.bounced import PEOPLE, Mailbox, id_of, states, to
from tests.kinds.mailings.hooks import delivery, suppressed
from tests.mail.bounce_mails import (
    away,
    of_postfix,
)
from tests.parts import ROOT


def test_nothing_is_read_twice_and_what_comes_later_is_read(mailbox: Mailbox) -> None:
    mailbox.gets(of_postfix(to(1), id_of(1)))
    mailbox.is_read()

    assert mailbox.is_read() == Found()
    mailbox.gets(of_postfix(to(2), id_of(2)))
    assert mailbox.is_read() == Found(1, 1, 1, 1)

    assert len(delivery(mailbox.app, 1).past or []) == 1
    assert (mailbox.row.messages, mailbox.row.reports) == (2, 2)


def test_a_mailbox_made_anew_is_read_from_its_beginning_and_nothing_is_done_twice(
    mailbox: Mailbox,
) -> None:
    mailbox.somebody.makes("Returned")
    mailbox.opened(mailbox.somebody.url("Returned"))
    mailbox.gets(of_postfix(to(1), id_of(1)), away(id_of(2)), away(id_of(2)))
    mailbox.is_read()
    before = mailbox.row.uidvalidity
    mailbox.somebody.makes("Returned", anew=True)
    mailbox.gets(of_postfix(to(1), id_of(1)), of_postfix(to(2), id_of(2)))

    assert mailbox.is_read() == Found(2, 2, 1, 1)

    assert mailbox.row.uidvalidity != before
    assert mailbox.row.last_uid == 2
    assert len(delivery(mailbox.app, 1).past or []) == 1


def test_another_mailbox_is_another_row(mailbox: Mailbox) -> None:
    mailbox.somebody.makes("Returned")
    mailbox.gets(of_postfix(to(1), id_of(1)))
    mailbox.is_read()
    first = key_of(mailbox.account)

    mailbox.opened(mailbox.somebody.url("Returned"))
    assert mailbox.is_read() == Found()

    with mailbox.app.app_context():
        keys = {row.key for row in db.session.query(BounceMailbox)}
    assert keys == {first, key_of(mailbox.account)}
    assert not any("bounces" in key for key in keys)


def test_each_batch_is_done_with_its_mark_or_not_at_all(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "BATCH", 1)
    mailbox.gets(*(of_postfix(to(place), id_of(place)) for place in (1, 2, 3)))
    calls = []

    def breaks(*given: Any) -> int:
        calls.append(given)
        number = put(*given)
        if len(calls) == 2:
            raise ZeroDivisionError
        return number

    monkeypatch.setattr(effects, "put", breaks)
    with pytest.raises(ZeroDivisionError):
        mailbox.is_read()

    assert states(mailbox.app)[:3] == ["failed", "sent", "sent"]
    assert list(suppressed(mailbox.app)) == [to(1)]
    assert mailbox.row.last_uid == 1
    assert mailbox.is_read() == Found(2, 2, 2, 2)


KILLED = """
import os, signal
from dashboard import create_app
from dashboard.kinds.mailings.bounces import read
from dashboard.kinds.mailings.hooks import effects
from dashboard.kinds.mailings.suppressions import put
from dashboard.mail.bounces import inbox

inbox.BATCH = 1
put, calls = effects.put, []

def dies(*given):
    calls.append(put(*given))
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return calls[-1]

effects.put = dies
app = create_app()
with app.app_context():
    read(app.extensions["bounces"])
"""


def test_who_is_killed_between_two_batches_has_done_the_first_and_nothing_of_the_second(
    mailbox: Mailbox,
) -> None:
    mailbox.gets(*(of_postfix(to(place), id_of(place)) for place in (1, 2, 3)))
    env = {
        "FLASK_INSTANCE_PATH": mailbox.app.instance_path,
        "FLASK_SQLALCHEMY_DATABASE_URI": mailbox.app.config["SQLALCHEMY_DATABASE_URI"],
        "FLASK_MAIL_BOUNCES_URL": mailbox.somebody.url(),
    }
    done = subprocess.run(
        [sys.executable, "-c", KILLED], cwd=ROOT, env={**os.environ, **env}, timeout=60, check=False
    )

    assert done.returncode == -signal.SIGKILL
    assert states(mailbox.app)[:3] == ["failed", "sent", "sent"]
    assert (mailbox.row.last_uid, mailbox.row.read_at) == (1, None)
    assert mailbox.is_read() == Found(2, 2, 2, 2)
    assert [len(delivery(mailbox.app, place).past or []) for place in (1, 2, 3)] == [1, 1, 1]


def test_two_that_read_at_once_do_nothing_twice(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "BATCH", 1)
    mailbox.gets(*(of_postfix(to(place), id_of(place)) for place in range(1, PEOPLE + 1)))
    both, own, found = threading.Barrier(2), threading.local(), []
    keep = ledger.keep

    def keep_together(*given: Any) -> Any:
        if not hasattr(own, "has_waited"):
            own.has_waited = True
            both.wait(30)  # Both have fetched the first message now.
        return keep(*given)

    monkeypatch.setattr(reading, "keep", keep_together)
    readers = [threading.Thread(target=lambda: found.append(mailbox.is_read())) for _ in range(2)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    assert sorted(each.messages for each in found) == [0, PEOPLE]
    assert mailbox.is_read() == Found()
    assert (mailbox.row.messages, mailbox.row.reports, mailbox.row.marked) == (PEOPLE,) * 3
    assert [len(delivery(mailbox.app, place).past or []) for place in range(1, PEOPLE + 1)] == [
        1
    ] * PEOPLE


def test_who_is_overtaken_does_nothing_and_says_so(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.gets(of_postfix(to(1), id_of(1)))
    keep = ledger.keep

    def overtaken(*given: Any) -> Any:
        monkeypatch.setattr(reading, "keep", keep)
        assert mailbox.is_read() == Found(1, 1, 1, 1)
        return keep(*given)

    monkeypatch.setattr(reading, "keep", overtaken)

    assert mailbox.is_read() == Found()
    assert (mailbox.row.messages, mailbox.row.marked) == (1, 1)


def test_a_mailbox_that_was_read_a_moment_ago_can_be_left_for_later(mailbox: Mailbox) -> None:
    mailbox.gets(of_postfix(to(1), id_of(1)))
    with mailbox.app.app_context():
        assert read(mailbox.account, pause=300) == Found(1, 1, 1, 1)
        assert read(mailbox.account, pause=300) is None
        assert read(mailbox.account) == Found()


def test_somebody_who_was_let_off_is_not_put_on_the_list_again_by_an_old_report(
    mailbox: Mailbox,
) -> None:
    mailbox.somebody.makes("Returned")
    mailbox.opened(mailbox.somebody.url("Returned"))
    mailbox.gets(of_postfix(to(1), id_of(1)))
    mailbox.is_read()
    with mailbox.app.app_context(), transaction() as session:
        session.execute(delete(Suppression))

    assert mailbox.is_read() == Found()
    mailbox.somebody.makes("Returned", anew=True)
    mailbox.gets(of_postfix(to(1), id_of(1)))
    assert mailbox.is_read() == Found(messages=1, reports=1)
    assert suppressed(mailbox.app) == {}
