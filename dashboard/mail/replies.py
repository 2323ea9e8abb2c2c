"""What a mail server's answer means, in plain language.

Only an answer that says for good that the recipient's address is wrong counts as bad-address:
somebody is never written to again because of it.
"""

import re
from collections.abc import Mapping
from typing import Final

from dashboard.mail import mishaps
from dashboard.mail.codes import CODES, DETAILS, SUBJECTS
from dashboard.mail.readings import (
    FAST,
    FULL,
    GREYLISTED,
    LARGE,
    NO_ADDRESS,
    NOT_NOW,
    REFUSED,
    RULES,
    SENDER,
    SIGN_IN,
    SPAM,
    SWITCHED_OFF,
    TAKEN,
    UNPROVEN,
    Category,
    Reading,
)

# Our own sentences; whatever is not here is trouble of the server or of the way there.
MISHAPS: Final[Mapping[str, Category]] = {
    mishaps.BAD_RECIPIENT: "bad-address",
    mishaps.BAD_SENDER: "policy",
    mishaps.NO_UTF8: "policy",
    mishaps.TOO_LARGE: "too-large",
    mishaps.BROKE_OFF: "server-trouble",
    mishaps.TOO_LATE: "server-trouble",
    mishaps.GARBLED: "server-trouble",
    mishaps.INTERRUPTED: "unknown",
    mishaps.NOT_REACHED: "unknown",
    mishaps.WITHHELD: "unknown",
    mishaps.OUTBOX_UNWRITABLE: "server-trouble",
}

# These phrases say more than the codes beside them, which many servers use for all and sundry.
CLEAR_PHRASES: Final = (
    (
        (
            r"too (?:many|fast|quickly)|rate limit|throttl|receiving mail at a rate|unusual rate"
            r"|sending limit|temporarily deferred|slow down"
        ),
        FAST,
    ),
    (r"gr[ae]y ?-?list", GREYLISTED),
    (r"\b(?:spf|dkim|dmarc|unauthenticated)\b", UNPROVEN),
    (
        (
            r"\bspam|\bunsolicited|\bbulk mail|\b(?:block|black|deny) ?-?list|\bblocked using"
            r"|\breputation\b|\b(?:rbl|dnsbl)\b|\bjunk mail"
        ),
        SPAM,
    ),
    (
        (
            r"\bsender(?:'s)? (?:e-?mail |mail )?(?:address|domain|verif|reject|denied|blocked|not)"
            r"|\breturn[ -]?path\b|\bmail from\b"
        ),
        SENDER,
    ),
)
_whose = r"\b(?<!your )(?:user|recipient|mailbox|address|account|addressee|alias)\b"
# These are asked only where the code says nothing of its own.
PHRASES: Final = (
    (
        (
            r"mailbox (?:is )?full|over ?-?quota|quota exceeded|out of storage"
            r"|exceeded storage|(?:not enough|insufficient) (?:space|storage)"
        ),
        FULL,
    ),
    (
        (
            r"\b(?:message|mail|size)\b.{0,40}(?:too (?:large|big)|exceeds|larger)|size limit"
            r"|maximum (?:message )?size"
        ),
        LARGE,
    ),
    (
        rf"{_whose}.{{0,40}}\b(?:disabled|inactive|deactivated|no longer (?:active|in use))",
        SWITCHED_OFF,
    ),
    (
        (
            rf"{_whose}(?: \w+){{0,4}} (?:unknown|not found|invalid|not known)\b"
            rf"|\b(?:unknown|invalid|no such|non-?existent) (?:\w+ )?{_whose}"
            rf"|{_whose}.{{0,60}}\b(?:does not|doesn't) exist\b|\bdoesn't have an? \S+ account\b"
            r"|\buser not local\b|\bno mailbox here\b|\bnot a valid (?:mailbox|recipient|user)\b"
            r"|\brecipientnotfound\b|\brecipient address rejected: access denied"
        ),
        NO_ADDRESS,
    ),
    (r"authentication (?:is )?required|must (?:authenticate|log ?in|sign in)", SIGN_IN),
    (r"\brelay|not permitted|not allowed|prohibited|\bpolicy\b|\bdenied\b", RULES),
)

ENHANCED: Final = re.compile(r"(?<![\d.])#?([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
# Names and links in an answer are no part of what it says: a mailbox may be called “spam”.
NAMES: Final = re.compile(r"https?://\S+|\S+@\S+")


def plain(code: int, words: str) -> Reading:
    """Give what a server's *code* and *words* mean (of an Outcome, or of a bounce).

    The code is 0 for what the server did not say: *words* are then one of our own sentences.
    """
    if code == 0:
        return Reading(words, MISHAPS.get(words, "unknown"))
    if code < 400:
        return TAKEN
    said = words.removesuffix(mishaps.IN_REPLY_TO_MAIL)
    reading = _read(code, said)
    if reading.category == "bad-address":
        if code < 500:
            return FAST if code == 450 and "4.2.1" in said else NOT_NOW
        if said != words:
            return SENDER
    if reading is REFUSED and said != words:
        return SENDER
    return reading


def _read(code: int, words: str) -> Reading:
    text = NAMES.sub(" ", words.lower().replace("’", "'"))
    if reading := _matching(CLEAR_PHRASES, text):
        return reading
    enhanced = ENHANCED.search(words)
    subject, detail = enhanced.group(2, 3) if enhanced is not None else ("", "")
    if reading := DETAILS.get(f"{subject}.{detail}") or _matching(PHRASES, text):
        return reading
    if subject == "7" and code < 500:
        return FAST
    default = NOT_NOW if code < 500 else REFUSED
    return SUBJECTS.get(subject) or CODES.get(code) or default


def _matching(phrases: tuple[tuple[str, Reading], ...], text: str) -> Reading | None:
    return next((reading for phrase, reading in phrases if re.search(phrase, text)), None)
