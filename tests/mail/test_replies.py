"""What mail servers say, in plain language; most answers are as large providers give them."""

import pytest
from hypothesis import given, strategies as st

from dashboard.mail import mishaps, plain, readings
from dashboard.mail.readings import Category, Reading
from dashboard.mail.replies import MISHAPS


@pytest.mark.parametrize(
    ("code", "words", "expected"),
    [
        (
            550,
            (
                "5.1.1 The email account that you tried to reach does not exist. Please try "
                "double-checking. https://support.google.com/mail/?p=NoSuchUser x-gsmtp"
            ),
            readings.NO_ADDRESS,
        ),
        (550, "5.1.10 RESOLVER.ADR.RecipientNotFound; not found", readings.NO_ADDRESS),
        (
            550,
            "5.4.1 Recipient address rejected: Access denied. [x.protection.outlook.com]",
            readings.NO_ADDRESS,
        ),
        (
            554,
            "delivery error: dd This user doesn't have a yahoo.com account (m@yahoo.com) [0]",
            readings.NO_ADDRESS,
        ),
        (
            550,
            (
                "5.1.1 <antispam@example.org>: Recipient address rejected: User unknown in virtual "
                "mailbox table"
            ),
            readings.NO_ADDRESS,
        ),
        (550, "No such user here", readings.NO_ADDRESS),
        (550, "#5.1.0 Address rejected.", readings.REFUSED),
        (551, "User not local; please try <x@y>", readings.NO_ADDRESS),
        (556, "5.1.10 Recipient address has null MX", readings.NO_ADDRESS),
        (
            550,
            "5.2.1 The email account that you tried to reach is disabled.",
            readings.SWITCHED_OFF,
        ),
        (
            450,
            (
                "4.2.1 The user you are trying to contact is receiving mail at a rate that "
                "prevents additional messages from being delivered."
            ),
            readings.FAST,
        ),
        (550, "5.2.1 The user is receiving mail too quickly", readings.FAST),
        (421, "4.7.28 Our system has detected an unusual rate of unsolicited mail", readings.FAST),
        (421, "4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred", readings.FAST),
        (421, "Service not available, closing transmission channel", readings.FAST),
        (450, "mailbox busy", readings.FAST),
        (451, "4.7.500 Server busy. Please try again later", readings.FAST),
        (421, "4.3.2 Service shutting down", readings.TROUBLE),
        (452, "4.5.3 Error: too many recipients", readings.FAST),
        (452, "4.2.2 The recipient's inbox is out of storage space", readings.FULL),
        (552, "5.2.2 Mailbox over quota", readings.FULL),
        (554, "mailbox is full", readings.FULL),
        (452, "4.3.1 Insufficient system resources", readings.TROUBLE),
        (552, "5.3.4 Message size exceeds fixed limit", readings.LARGE),
        (552, "message exceeds maximum fixed size", readings.LARGE),
        (550, "5.7.1 Message rejected as spam by Content Filtering.", readings.SPAM),
        (
            554,
            "5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org",
            readings.SPAM,
        ),
        (550, "5.7.26 Unauthenticated email from x is not accepted", readings.UNPROVEN),
        (550, "5.7.509 Access denied, sending domain does not pass", readings.UNPROVEN),
        (450, "4.2.0 <m@x>: Recipient address rejected: Greylisted", readings.GREYLISTED),
        (553, "5.7.1 <d@x>: Sender address rejected: not owned by user", readings.SENDER),
        (550, "5.1.8 <d@x>: Sender address rejected: Domain not found", readings.SENDER),
        (530, "Authentication required", readings.SIGN_IN),
        (554, "5.7.1 <m@x>: Relay access denied", readings.RULES),
        (552, "5.7.0 This message was blocked because of its content", readings.RULES),
        (451, "4.3.0 Error: queue file write error", readings.TROUBLE),
        (503, "5.5.1 Error: nested MAIL command", readings.TROUBLE),
        (554, "Transaction failed", readings.REFUSED),
        (432, "", readings.NOT_NOW),
        (250, "2.0.0 OK", readings.TAKEN),
    ],
)
def test_answers_are_told_in_plain_language(code: int, words: str, expected: Reading) -> None:
    assert plain(code, words) == expected


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (450, "4.1.1 <m@x>: Recipient address rejected: User unknown in local recipient table"),
        (450, "4.1.2 <m@x>: Recipient address rejected: Domain not found"),
        (451, "4.2.1 mailbox disabled"),
        (550, "5.1.1 <desk@x>: user unknown (in reply to MAIL FROM)"),
        (550, "5.1.1 Sender verify failed"),
        (550, "Requested action not taken: mailbox unavailable"),
        (554, "5.7.1 Your account has been disabled"),
        (550, "5.1.1 rejected as spam"),
    ],
)
def test_nobody_is_given_up_for_what_may_not_be_their_address(code: int, words: str) -> None:
    assert plain(code, words).category != "bad-address"


@given(st.integers(400, 499), st.text() | st.from_regex(r"\A4\.[1-7]\.\d{1,2} user unknown\Z"))
def test_what_is_said_for_now_never_makes_an_address_bad(code: int, words: str) -> None:
    assert plain(code, words).category != "bad-address"


@given(st.integers(400, 599), st.text(max_size=500))
def test_every_answer_has_a_sentence(code: int, words: str) -> None:
    assert plain(code, words).sentence.endswith(".")


@pytest.mark.parametrize(
    ("sentence", "category"),
    [
        (mishaps.BAD_RECIPIENT, "bad-address"),
        (mishaps.TOO_LARGE, "too-large"),
        (mishaps.NO_UTF8, "policy"),
        (mishaps.TOO_LATE, "server-trouble"),
    ],
)
def test_our_own_sentences_are_told_as_they_are(sentence: str, category: Category) -> None:
    assert plain(0, sentence) == Reading(sentence, category)


def test_each_of_our_own_sentences_on_a_failure_has_a_category() -> None:
    own = {value for name, value in vars(mishaps).items() if name.isupper()}
    assert own - {mishaps.IN_REPLY_TO_MAIL, mishaps.KEPT} == set(MISHAPS)
