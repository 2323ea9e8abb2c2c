"""What a mail server can mean by an answer: a sentence, and what sort of trouble it is."""

from typing import Final, Literal, NamedTuple

from dashboard.words import marked

Category = Literal[
    "bad-address",
    "mailbox-full",
    "too-large",
    "refused-as-spam",
    "too-fast",
    "policy",
    "server-trouble",
    "unknown",
]


class Reading(NamedTuple):
    """A sentence (English, marked for translation) and what sort of trouble it is."""

    sentence: str
    category: Category


TAKEN: Final = Reading(marked("The mail server took the message."), "unknown")
NO_ADDRESS: Final = Reading(marked("There is no such address."), "bad-address")
NO_DOMAIN: Final = Reading(marked("The address’s domain takes no mail."), "bad-address")
SWITCHED_OFF: Final = Reading(marked("The mailbox is switched off."), "bad-address")
FULL: Final = Reading(marked("The mailbox is full."), "mailbox-full")
LARGE: Final = Reading(marked("The message is too large for the mail server."), "too-large")
SPAM: Final = Reading(marked("The mail server takes the message for spam."), "refused-as-spam")
FAST: Final = Reading(marked("The mail server wants fewer messages at a time."), "too-fast")
GREYLISTED: Final = Reading(
    marked("The mail server lets unknown senders wait and asks for another try."), "policy"
)
SENDER: Final = Reading(marked("The mail server does not accept the sender’s address."), "policy")
UNPROVEN: Final = Reading(
    marked("The sender’s domain does not prove that the message is genuine (SPF, DKIM, DMARC)."),
    "policy",
)
SIGN_IN: Final = Reading(marked("The mail server asks for a sign-in first."), "policy")
RULES: Final = Reading(marked("The mail server’s rules do not allow the message."), "policy")
TROUBLE: Final = Reading(marked("The mail server has trouble of its own."), "server-trouble")
NOT_NOW: Final = Reading(marked("The mail server could not take the message for now."), "unknown")
REFUSED: Final = Reading(marked("The mail server refused the message."), "unknown")
