"""The forms of the list: addresses that are added, and one that is let off."""

from typing import Any, Final

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from dashboard.kinds.mailings.suppressions.pasted import MOST, Pasted, pasted
from dashboard.web.filters import number
from dashboard.web.form import SpeakingForm
from dashboard.words import gettext as _, lazy_gettext, ngettext, told

REASON_LIMIT: Final = 300  # characters
SHOWN_FAULTS: Final = 20  # lines; whoever sees more has pasted something else


def reason_field(label: Any, hint: Any) -> StringField:
    """Give the field for a sentence that is kept with a name and a time."""
    return StringField(
        label,
        [DataRequired(lazy_gettext("Say why in a few words"))],
        description=hint,
        filters=[lambda text: one_line(text) if text else text],
    )


def one_line(text: str) -> str:
    """Give *text* without line ends, and without what no database takes."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


class ReasonedForm(SpeakingForm):
    """Something that is done for a reason."""

    def validate_reason(self, field: StringField) -> None:
        """Raise ValidationError for more than is kept."""
        if len(field.data or "") > REASON_LIMIT:
            raise ValidationError(
                _("Use at most %(number)s characters", number=number(REASON_LIMIT))
            )


class AddForm(ReasonedForm):
    """Addresses to which nothing is to go, all of them or none."""

    addresses = TextAreaField(
        lazy_gettext("E-mail addresses"),
        [DataRequired(lazy_gettext("Enter an e-mail address"))],
        description=lazy_gettext("One a line, up to 1,000 of them."),
    )
    reason = reason_field(
        lazy_gettext("Reason"),
        lazy_gettext("It is kept with your name and the time, for those who ask later."),
    )

    def validate_addresses(self, field: TextAreaField) -> None:
        """Raise ValidationError with a sentence for each line that holds no address."""
        self.pasted: Pasted = pasted(field.data or "")
        if self.pasted.lines > MOST:
            sentence = _(
                "These are %(lines)s lines: add at most %(most)s at a time.",
                lines=number(self.pasted.lines),
                most=number(MOST),
            )
            raise ValidationError(sentence)
        field.errors = [
            _("Line %(line)s: %(fault)s.", line=fault.line, fault=told(fault.sentence))
            for fault in self.pasted.faults[:SHOWN_FAULTS]
        ]
        if rest := len(self.pasted.faults) - len(field.errors):
            field.errors += [
                ngettext("%(num)s more line is none.", "%(num)s more lines are none.", rest)
            ]


class LetOffForm(ReasonedForm):
    """Why e-mails may go to somebody again."""

    reason = reason_field(
        lazy_gettext("Reason"),
        lazy_gettext("Who asked for it, and when. It is kept with your name and the time."),
    )
