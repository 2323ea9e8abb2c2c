"""The mailbox of bounces is read on a real server, and left as it was."""

import pytest

from dashboard.mail.bounces import Account, inbox, opened
from tests.mail.dovecot import Somebody


def message(number: int, size: int = 0) -> bytes:
    """Give a message that can be told from others."""
    return b"Subject: %d\r\n\r\n" % number + b"x" * size


def read(account: Account, after: int = 0) -> list[bytes]:
    """Give all messages behind a number."""
    with opened(account) as box:
        return [each for batch in box.batches(after) for each in batch.messages]


@pytest.mark.parametrize("scheme", ["imaps", "imap"])
@pytest.mark.parametrize("folder", ["INBOX", 'R&D "Rückläufer"'])
def test_messages_are_read_in_their_order_and_stay_as_they_were(
    somebody: Somebody, scheme: str, folder: str
) -> None:
    if folder != "INBOX":
        somebody.makes(folder)
    somebody.gets(message(1), message(2), folder=folder)
    before = somebody.flags(folder)
    account = Account.of(somebody.url(folder, scheme=scheme))

    with opened(account) as box:
        (batch,) = box.batches(0)

    assert batch == (2, 2, [message(1), message(2)])
    assert read(account, 1) == [message(2)]
    assert read(account, 2) == []
    assert somebody.flags(folder) == before
    assert b"Recent" in b"".join(before)
    assert b"Seen" not in b"".join(before)


def test_a_line_is_made_private_where_that_is_asked_for(somebody: Somebody) -> None:
    somebody.gets(message(1))
    ca = f"?starttls=require&ca={somebody.server.certificate}"

    assert read(Account.of(somebody.url(scheme="imap") + ca)) == [message(1)]


def test_a_mailbox_is_read_a_batch_at_a_time(
    somebody: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "BATCH", 2)
    monkeypatch.setattr(inbox, "WINDOW", 3)
    somebody.gets(*map(message, range(1, 6)))
    with somebody.signed_in() as client:
        client.select("INBOX")
        client.store("2", "+FLAGS", "\\Deleted")
        client.expunge()

    with opened(Account.of(somebody.url())) as box:
        found = list(box.batches(0))

    assert [(batch.last, batch.number) for batch in found] == [(3, 2), (5, 2)]
    assert [each for batch in found for each in batch.messages] == [*map(message, (1, 3, 4, 5))]


def test_of_a_long_message_only_the_beginning_is_fetched(somebody: Somebody) -> None:
    somebody.gets(message(1, inbox.LARGEST), message(2))

    first, second = read(Account.of(somebody.url()))

    assert first == message(1, inbox.LARGEST)[: inbox.LARGEST]
    assert second == message(2)


def test_a_reading_that_takes_long_ends_behind_a_batch_and_goes_on_later(
    somebody: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "BATCH", 1)
    somebody.gets(*map(message, range(1, 4)))
    with opened(Account.of(somebody.url())) as box:
        batches = box.batches(0)
        assert next(batches).last == 1
        monkeypatch.setattr(box, "_until", 0.0)
        assert list(batches) == []


def test_a_message_that_goes_while_it_is_read_is_no_trouble(somebody: Somebody) -> None:
    somebody.gets(message(1), message(2))
    with opened(Account.of(somebody.url())) as box:
        with somebody.signed_in() as client:
            client.select("INBOX")
            client.store("1", "+FLAGS", "\\Deleted")
            client.expunge()
        found = list(box.batches(0))

    assert found[-1].last == 2
    assert found[-1].messages[-1] == message(2)


def test_a_folder_made_anew_is_another_one(somebody: Somebody) -> None:
    somebody.makes("Returned")
    account = Account.of(somebody.url("Returned"))
    with opened(account) as box:
        before = box.uidvalidity
    somebody.makes("Returned", anew=True)

    with opened(account) as box:
        assert box.uidvalidity != before
