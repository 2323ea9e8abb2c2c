"""What the buttons of a draft do once its texts are saved."""

from collections.abc import Callable
from typing import Any, Final

from flask import flash, url_for
from flask_login import current_user

from dashboard.kinds.mailings.drafts.attached import remove
from dashboard.kinds.mailings.drafts.ledger import save
from dashboard.mail.writing import Unwritable, as_html, as_text
from dashboard.models import Mailing
from dashboard.words import gettext as _

Act = Callable[[Mailing], None]


def _begin(name: str, made: Callable[[str], str]) -> Act:
    """Give what makes the text *name* of the message, for somebody to edit."""

    def act(mailing: Mailing) -> None:
        try:
            begun = made(mailing.body)
        except Unwritable:
            flash(_("First put right what is said beside the message."), "bad")
            return
        if not begun.strip():
            flash(_("First write a message."), "bad")
            return
        _change(mailing, **{name: begun})

    return act


def _drop(name: str) -> Act:
    return lambda mailing: _change(mailing, **{name: ""})


def _change(mailing: Mailing, **values: Any) -> None:
    save(mailing.id, mailing.version, by=current_user, **values)


ACTS: Final[dict[str, Act]] = {
    "write-html": _begin("html", as_html),
    "write-text": _begin("text", as_text),
    "drop-html": _drop("html"),
    "drop-text": _drop("text"),
}
REMOVE: Final = "remove:"
ROW: Final = "row:"


def then(mailing: Mailing, wanted: str, row: int) -> str:
    """Do what the button *wanted*; gives the address to go on to. Raises Changed."""
    here = url_for("drafts.edit", mailing_id=mailing.id, row=row if row > 1 else None)
    if wanted in ACTS:
        ACTS[wanted](mailing)
        return f"{here}#by-hand"
    if wanted.startswith(REMOVE):
        remove(mailing, wanted.removeprefix(REMOVE), by=current_user)
        return f"{here}#attachments"
    match wanted:
        case "recipients":
            return url_for("audience.show", mailing_id=mailing.id)
        case "keep-letter":
            return url_for("letters.keep", mailing_id=mailing.id)
        case "use-letter":
            return url_for("letters.use", mailing_id=mailing.id)
    return here


def row_of(wanted: str, otherwise: int) -> int:
    """Give the row that a button asks the preview for."""
    number = wanted.removeprefix(ROW)
    is_row = wanted.startswith(ROW) and number.isascii() and number.isdigit() and len(number) < 10
    return max(1, int(number)) if is_row else otherwise
