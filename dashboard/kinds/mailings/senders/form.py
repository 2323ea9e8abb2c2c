"""The form of a sender: its name, its addresses, who may send from it, and how fast."""

from collections.abc import Callable
from typing import Any, Final

from flask import request
from wtforms import HiddenField, IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from dashboard.kinds.mailings.senders import Unfit, sender_address, sender_name, version_of
from dashboard.models import Role, Sender
from dashboard.models.contact import EMAIL_LIMIT
from dashboard.web.filters import number
from dashboard.web.form import SpeakingForm
from dashboard.web.list_form import ROLES, WHO
from dashboard.words import gettext as _, lazy_gettext, told

FASTEST: Final = 100_000  # e-mails a minute


class SenderForm(SpeakingForm):
    """A new sender, or one that is changed; *seen* is the version that the writer has read."""

    name = StringField(
        lazy_gettext("Name"),
        [InputRequired(lazy_gettext("Enter a name"))],
        description=lazy_gettext("What recipients see, such as Events team."),
    )
    address = StringField(
        lazy_gettext("Address"),
        [InputRequired(lazy_gettext("Enter an e-mail address")), Length(max=EMAIL_LIMIT)],
        description=lazy_gettext("Your mail server must let the desk send from it."),
    )
    reply_to = StringField(
        lazy_gettext("Answers go to"),
        [Length(max=EMAIL_LIMIT)],
        description=lazy_gettext("Empty: to the same address."),
    )
    who = RadioField(
        lazy_gettext("Who may send from it"),
        choices=lambda: [
            (role, told(words), {"data-hint": told(hint)}) for role, (words, hint) in WHO.items()
        ],
        default=str(Role.STAFF),
    )
    a_minute = IntegerField(
        lazy_gettext("E-mails a minute"),
        [Optional()],
        description=lazy_gettext("At most; empty for no limit of its own."),
    )
    seen = HiddenField()

    def validate_name(self, field: StringField) -> None:
        """Raise ValidationError for what no header can hold."""
        _look(sender_name, field)

    def validate_address(self, field: StringField) -> None:
        """Raise ValidationError for what nothing can be sent from."""
        _look(sender_address, field)

    def validate_reply_to(self, field: StringField) -> None:
        """Raise ValidationError for what nobody can answer to."""
        if (field.data or "").strip():
            _look(sender_address, field)

    def validate_a_minute(self, field: IntegerField) -> None:
        """Raise ValidationError for what is no number of e-mails."""
        field.errors = []  # This sentence says what others would, too.
        is_empty = not any((text or "").strip() for text in field.raw_data or ())
        if not (is_empty or (field.data is not None and 1 <= field.data <= FASTEST)):
            raise ValidationError(_("Use a whole number from 1 to %(most)s", most=number(FASTEST)))

    @property
    def values(self) -> dict[str, Any]:
        """The checked values, as the ledger takes them."""
        return {
            "name": self.name.data or "",
            "address": self.address.data or "",
            "reply_to": self.reply_to.data or "",
            "roles": ROLES[self.who.data],
            "a_minute": self.a_minute.data,
        }


def form_for(sender: Sender) -> SenderForm:
    """Give the form for a sender that is there: as it is now, or as it was sent."""
    if request.method == "POST":
        return SenderForm()
    role = Role.STAFF if Role.STAFF in sender.roles else Role.ADMIN
    names = ("name", "address", "reply_to", "a_minute")
    data: dict[str, Any] = {name: getattr(sender, name) for name in names}
    data |= {"who": str(role), "seen": version_of(sender)}
    return SenderForm(formdata=None, data=data)


def _look(judge: Callable[[str], str], field: StringField) -> None:
    try:
        judge(field.data or "")
    except Unfit as error:
        raise ValidationError(told(str(error))) from error
