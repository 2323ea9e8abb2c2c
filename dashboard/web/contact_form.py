"""The form of one contact: its address, and a field for each of its list."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from wtforms import DateField, Field, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from dashboard.jobs.contacts.address import NotAnAddress, normal_form
from dashboard.jobs.contacts.fields import NUMBER_DECIMALS, NUMBER_DIGITS, natural
from dashboard.models import Contact, ContactList
from dashboard.models.contact import VALUE_LIMIT
from dashboard.web.form import SpeakingForm
from dashboard.words import gettext as _, lazy_gettext, told

VALUE: Final = "value_"
ANSWERS: Final = {"yes": True, "no": False}


class NumberField(StringField):
    """A number as it is kept: a decimal comma is a point, and nothing is grouped."""

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Raise ValidationError for what is no number, or one of too many digits."""
        number = self.number
        if number is None and (self.data or "").strip():
            raise ValidationError(_("Not a number. Use 1234.5"))
        if number is None:
            return
        exponent = number.as_tuple().exponent
        assert isinstance(exponent, int)
        if number.adjusted() >= NUMBER_DIGITS - NUMBER_DECIMALS or -exponent > NUMBER_DECIMALS:
            raise ValidationError(_("This number has too many digits."))

    @property
    def number(self) -> Decimal | None:
        """The number that was typed, or None."""
        text = (self.data or "").strip().replace(",", ".")
        try:
            number = Decimal(text)
        except InvalidOperation:
            return None
        return number if number.is_finite() else None


class ContactForm(SpeakingForm):
    """One contact; contact_form makes a subclass for the fields of its list."""

    names: Mapping[str, str] = {}

    email = StringField(
        lazy_gettext("E-mail"), [DataRequired(lazy_gettext("Enter an e-mail address"))]
    )
    seen = HiddenField()

    def validate_email(self, field: StringField) -> None:
        """Raise ValidationError where it is no address, with the reason."""
        try:
            normal_form(field.data or "")
        except NotAnAddress as error:
            raise ValidationError(told(str(error))) from None

    @property
    def values(self) -> list[Field]:
        """The fields of the list."""
        return [self[attribute] for attribute in self.names]

    def chosen(self) -> dict[str, object]:
        """Give the values by the names of the list's fields; None for what is empty."""
        return {name: _value(self[attribute]) for attribute, name in self.names.items()}


def contact_form(found: ContactList, contact: Contact | None = None, **given: Any) -> ContactForm:
    """Give the form of a list's contact as it is kept, or with *given* as it was sent."""
    names = {f"{VALUE}{at}": each["name"] for at, each in enumerate(found.fields)}
    attributes = {
        f"{VALUE}{at}": _field(each["label"], each["type"]) for at, each in enumerate(found.fields)
    }
    made: Any = type("Form", (ContactForm,), {**attributes, "names": names})
    data = {}
    if contact is not None:
        types = {each["name"]: each["type"] for each in found.fields}
        data = {
            "email": contact.email,
            "seen": contact.changed_at.isoformat(),
            **{
                attribute: _typed(contact.values.get(name), types[name])
                for attribute, name in names.items()
            },
        }
    form: ContactForm = made(data=data, **given)
    return form


def _field(label: str, type_: str) -> Any:
    match type_:
        case "number":
            return NumberField(label)
        case "date":
            return DateField(label, [Optional()])
        case "boolean":
            return SelectField(
                label, choices=lambda: {"": _("not known"), "yes": _("Yes"), "no": _("No")}
            )
    return StringField(label, [Length(max=VALUE_LIMIT)])


def _typed(kept: Any, type_: str) -> Any:
    """Give what was kept as its field takes it."""
    if type_ == "boolean":
        return {True: "yes", False: "no"}.get(kept, "")
    return natural(kept, type_) if type_ == "date" else kept


def _value(field: Field) -> object:
    match field:
        case NumberField():
            return field.number
        case DateField():
            return field.data
        case SelectField():
            return ANSWERS.get(field.data)
    text = (field.data or "").replace("\0", "").strip()
    return text or None
