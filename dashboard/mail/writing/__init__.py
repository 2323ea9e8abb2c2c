"""What people write, in Markdown with fields, becomes the text and the HTML of many e-mails."""

from dashboard.mail.writing.draft import Draft, Rendered
from dashboard.mail.writing.foot import UNSUBSCRIBE, frame
from dashboard.mail.writing.refusals import BadLink, MissingField, Refusal, Unwritable
from dashboard.mail.writing.written import (
    Written,
    as_html,
    as_text,
    compile,  # noqa: A004 - It is called as re.compile is.
    unknown,
)

__all__ = [
    "UNSUBSCRIBE",
    "BadLink",
    "Draft",
    "MissingField",
    "Refusal",
    "Rendered",
    "Unwritable",
    "Written",
    "as_html",
    "as_text",
    "compile",
    "frame",
    "unknown",
]
