"""What a message asks of its recipients."""

from typing import NamedTuple

from dashboard.kinds.mailings.drafts import draft_of
from dashboard.mail.writing import Unwritable, compile as made_ready
from dashboard.models import Mailing


class Needs(NamedTuple):
    """*fields* must have a value in each row; those in *subject* have no line breaks.

    *used* are all names that the message has, also where it can do without.
    """

    fields: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    used: tuple[str, ...] = ()


def needs_of(mailing: Mailing) -> Needs:
    """Give what *mailing* asks of its recipients; nothing while it cannot be read."""
    try:
        written = made_ready(draft_of(mailing))
    except Unwritable:
        return Needs()
    return Needs(written.needed, written.in_subject, written.fields)
