"""The form of one e-mail: to whom, about what, and what it says."""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from flask_login import current_user
from wtforms import BooleanField, EmailField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from dashboard.jobs.contacts.address import NotAnAddress, normal_form
from dashboard.kinds.mailings.sending.letters import literal
from dashboard.mail.writing import Draft, Refusal, compile as made_ready
from dashboard.models import SUBJECT_LIMIT
from dashboard.models.contact import EMAIL_LIMIT
from dashboard.web.form import SpeakingForm
from dashboard.words import gettext as _, lazy_gettext, told

MESSAGE_LIMIT: Final = 50_000  # characters
TOO_LONG: Final = lazy_gettext("Use at most %(max)d characters.")


class EmailForm(SpeakingForm):
    """What a program sends by the same names: to, subject, message."""

    to = EmailField(
        lazy_gettext("To"),
        [
            InputRequired(lazy_gettext("Enter an e-mail address")),
            Length(max=EMAIL_LIMIT, message=TOO_LONG),
        ],
    )
    subject = StringField(
        lazy_gettext("Subject"),
        [
            InputRequired(lazy_gettext("Enter a subject")),
            Length(max=SUBJECT_LIMIT, message=TOO_LONG),
        ],
        render_kw={"maxlength": SUBJECT_LIMIT},
    )
    message = TextAreaField(
        lazy_gettext("Message"),
        [
            InputRequired(lazy_gettext("Write a message")),
            Length(max=MESSAGE_LIMIT, message=TOO_LONG),
        ],
        description=lazy_gettext(
            "An empty line begins a new paragraph; **stars** make words bold."
        ),
        render_kw={"maxlength": MESSAGE_LIMIT, "rows": 10},
    )
    notify = BooleanField(
        lazy_gettext("E-mail me when it has left"), default=lambda: bool(current_user.notify)
    )
    token = HiddenField(default=lambda: secrets.token_urlsafe(16))

    def __init__(
        self,
        formdata: Any = None,
        *,
        initial: Mapping[str, Any] | None = None,
        csrf: bool = True,
    ) -> None:
        meta = {} if csrf else {"csrf": False}
        super().__init__(formdata=formdata, data=dict(initial or {}), meta=meta)

    def validate_to(self, field: EmailField) -> None:
        """Raise ValidationError for what is no address."""
        try:
            normal_form(field.data or "")
        except NotAnAddress as error:
            raise ValidationError(told(str(error))) from error

    def validate_subject(self, field: StringField) -> None:
        """Raise ValidationError where there is more than one line."""
        if any(sign < " " or sign == "\x7f" for sign in field.data or ""):
            raise ValidationError(_("A subject is one line."))

    def validate_message(self, field: TextAreaField) -> None:
        """Raise ValidationError for what no e-mail can have, such as a link that leads nowhere."""
        try:
            made_ready(Draft("", literal(field.data or "")))
        except Refusal as error:
            raise ValidationError(str(error)) from error

    def params(self) -> dict[str, Any]:
        """Give the checked choices; line ends are those of the ledger, one character each."""
        message = (self.message.data or "").replace("\r\n", "\n").replace("\r", "\n")
        return {
            "to": (self.to.data or "").strip(),
            "subject": " ".join((self.subject.data or "").split()),
            "message": message.strip("\n"),
        }
