"""What can become of a parcel without a word of the mail server's."""

from typing import Final

from dashboard.words import marked

BAD_RECIPIENT: Final = marked("This is no address that a mail server could take.")
BAD_SENDER: Final = marked("The sender’s address is none that a mail server could take.")
NO_UTF8: Final = marked(
    "The mail server takes no addresses with letters such as ü in front of the @."
)
TOO_LARGE: Final = marked("The message is larger than the mail server takes.")

BROKE_OFF: Final = marked("The mail server broke off the connection.")
TOO_LATE: Final = marked("The mail server did not answer in time.")
GARBLED: Final = marked("The mail server gave an answer that makes no sense.")
INTERRUPTED: Final = marked("Sending was stopped.")
NOT_REACHED: Final = marked("The connection ended before it was this message’s turn.")
WITHHELD: Final = marked("It was held back at the last moment.")
KEPT: Final = marked("Kept in the outbox.")
OUTBOX_UNWRITABLE: Final = marked("The outbox cannot be written.")

# Put behind a server's words where they are about the sender, not about who should get it.
IN_REPLY_TO_MAIL: Final = " (in reply to MAIL FROM)"
