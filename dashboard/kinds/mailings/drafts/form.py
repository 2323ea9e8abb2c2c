"""The form of a draft: who sends it, what it is about, what it says."""

import secrets
from collections.abc import Sequence
from typing import Any, Final

from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from dashboard.kinds.mailings.drafts.texts import WRITTEN, base_of
from dashboard.mail.mime.bad import has_control
from dashboard.mail.writing import Draft, Unwritable
from dashboard.mail.writing.fields import clean
from dashboard.mail.writing.grammar import LARGEST, TOO_LARGE
from dashboard.models import SUBJECT_LIMIT, Mailing, Sender
from dashboard.models.mailing import MAILING_TITLE_LIMIT, WHY_LIMIT
from dashboard.web.form import SpeakingForm
from dashboard.words import gettext as _, lazy_gettext

TOO_LONG: Final = lazy_gettext("Use at most %(max)d characters.")
LONG_TEXTS: Final = ("body", "html", "text")


def _one_line(form: Any, field: Field) -> None:
    if has_control(field.data or ""):
        raise ValidationError(_("This is one line of plain text, without line breaks."))


def _light(form: Any, field: Field) -> None:
    size = len((field.data or "").encode(errors="replace"))
    if size > LARGEST:
        size, most = -(-size // 1000), LARGEST // 1000
        raise ValidationError(
            str(Unwritable(TOO_LARGE, where="body", line=0, size=size, most=most))
        )


class DraftForm(SpeakingForm):
    """What is wrong with a message that is not finished is said beside it and saved all the same.

    Refused is only what no draft can have.
    """

    title = StringField(
        lazy_gettext("Title"),
        [
            InputRequired(lazy_gettext("Enter a title")),
            Length(max=MAILING_TITLE_LIMIT, message=TOO_LONG),
            _one_line,
        ],
    )
    sender = StringField(lazy_gettext("From"))
    subject = StringField(
        lazy_gettext("Subject"), [Length(max=SUBJECT_LIMIT, message=TOO_LONG), _one_line]
    )
    body = TextAreaField(lazy_gettext("Message"), [_light])
    html = TextAreaField(lazy_gettext("HTML"), [_light])
    text = TextAreaField(lazy_gettext("Plain text"), [_light])
    why = StringField(
        lazy_gettext("Why people get this"), [Length(max=WHY_LIMIT, message=TOO_LONG), _one_line]
    )
    version = HiddenField()
    base = HiddenField()
    row = HiddenField(default="1")
    token = HiddenField(default=lambda: secrets.token_urlsafe(16))

    def __init__(self, formdata: Any, mailing: Mailing, senders: Sequence[Sender]) -> None:
        written = {name: getattr(mailing, name) for name in WRITTEN if name != "sender_id"}
        written |= {"sender": str(mailing.sender_id or ""), "version": str(mailing.version)}
        super().__init__(formdata=formdata, data={**written, "base": base_of(mailing)})
        self.mailing = mailing
        self.senders = senders
        for field in (self.html, self.text):
            if formdata is not None and field.name not in formdata:
                field.data = getattr(mailing, field.name)  # It is not on the page.
        for name in LONG_TEXTS:
            field = self[name]
            field.data = clean(field.data or "")

    def validate_sender(self, field: StringField) -> None:
        """Raise ValidationError for an address that the person may not send from."""
        may = {"", str(self.mailing.sender_id or ""), *(str(each.id) for each in self.senders)}
        if (field.data or "") not in may:
            raise ValidationError(_("You may not send from this address. Choose another one."))

    def values(self) -> dict[str, Any]:
        """Give the checked texts by the names that the ledger has."""
        chosen = self.sender.data or ""
        return {
            "title": _line(self.title.data),
            "sender_id": int(chosen) if chosen else None,
            "subject": _line(self.subject.data),
            "why": _line(self.why.data),
            **{name: self[name].data for name in LONG_TEXTS},
        }

    def draft(self) -> Draft:
        """Give what is to be shown, wrong or right."""
        return Draft(self.subject.data or "", *(self[name].data for name in LONG_TEXTS))

    def number(self, name: str) -> int:
        """Give what a hidden field counts, 0 for what is no number."""
        text = self[name].data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
