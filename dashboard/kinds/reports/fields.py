"""The fields of a report's form: WTForms draws them, a parameter's type decides their value."""

from dataclasses import replace
from typing import Any, Final

from wtforms import Field, SelectField
from wtforms.validators import ValidationError
from wtforms.widgets import DateInput, NumberInput, TextInput

from dashboard.kinds.reports.lookup import LookupFailed, lookup
from dashboard.kinds.reports.parameters import Parameter, Value
from dashboard.kinds.reports.values import TEXT_LIMIT, WrongValue, typed
from dashboard.words import gettext as _, marked, told

ANSWERS: Final = {"yes": marked("Yes"), "no": marked("No")}


class TypedField(Field):
    """One value of a parameter; what was typed stays in the field when it is wrong."""

    data: Value
    _form: Any

    def __init__(self, parameter: Parameter, **kwargs: Any) -> None:
        super().__init__(description=parameter.help, **kwargs)
        self.parameter = parameter

    def process_data(self, value: Any) -> None:
        """Take a default or an earlier choice; one that fits no more is left out."""
        try:
            self.data = typed(self.parameter, value, self._form.today)
        except WrongValue:
            self.data = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was sent; raises WrongValue with the sentence for staff."""
        if valuelist:
            self.data = None
            value = valuelist[0] if len(valuelist) == 1 else valuelist
            self.data = typed(self.parameter, value, self._form.today)

    def pre_validate(self, form: Any) -> None:
        """Raise ValidationError when a required value is missing."""
        if self.parameter.required and self.data is None and not self.process_errors:
            label = self.parameter.label
            raise ValidationError(_("Enter a value for “%(label)s”.", label=label))

    def _value(self) -> str:
        typed_in = self.raw_data[0] if self.raw_data else self.data
        return "" if typed_in is None else str(typed_in)


class ChoiceField(SelectField):
    """A choice from a list, from a query of the source, or yes and no.

    *unread* says why there is no list, when the source did not give it.
    """

    def __init__(self, parameter: Parameter, **kwargs: Any) -> None:
        form = kwargs["_form"]
        super().__init__(
            description=parameter.help,
            coerce=lambda value: typed(parameter, value, form.today),
            validate_choice=False,
            **kwargs,
        )
        self.parameter = parameter
        self.invalid_value_message = _(
            "%(label)s must be one of its choices.", label=parameter.label
        )
        self.unread = ""
        if parameter.type == "yes-no":
            self.known = {name: told(answer) for name, answer in ANSWERS.items()}
        else:
            self.known = self._read(form.report.source)
        nothing = {"": told(parameter.empty)} if self._may_be_empty else {}
        self.choices = nothing | self.known

    @property
    def _may_be_empty(self) -> bool:
        return not self.parameter.required or self.parameter.default is None

    def _read(self, source: str) -> dict[str, str]:
        try:
            return dict(lookup().choices(source, self.parameter))
        except LookupFailed as error:
            self.unread = _(
                "The choices cannot be read at the moment. %(reason)s", reason=str(error)
            )
            return {}

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what was sent; raises ValueError with the sentence for staff."""
        if len(valuelist) > 1:
            self.data = None
            label = self.parameter.label
            raise WrongValue(_("%(label)s must be one value, not several.", label=label))
        super().process_formdata(valuelist)

    def pre_validate(self, form: Any) -> None:
        """Raise ValidationError when nothing or something unknown was chosen."""
        label = self.parameter.label
        if self.process_errors:
            return
        if self.data is None:
            if self.parameter.required:
                raise ValidationError(
                    self.unread or _("Choose a value for “%(label)s”.", label=label)
                )
        elif self.parameter.type == "choice" and self.data not in self.known:
            reason = _(
                "“%(value)s” is not one of the choices for “%(label)s”.",
                value=self.data,
                label=label,
            )
            raise ValidationError(self.unread or reason)


def field_for(parameter: Parameter, name: str) -> Any:
    """Give the unbound field called *name* of *parameter*."""
    label = parameter.label_of(name)
    if parameter.type == "date-range":
        # Each end is a day of its own; the form knows what holds them together.
        parameter = replace(parameter, type="date", label=label, default=None)
    if parameter.type in ("choice", "yes-no"):
        return ChoiceField(parameter, label=label, default=parameter.default)
    return TypedField(parameter, label=label, default=parameter.default, **_input(parameter))


def _input(parameter: Parameter) -> dict[str, Any]:
    """Give the widget of *parameter* and its HTML attributes."""
    match parameter.type:
        case "date":
            return {"widget": DateInput()}
        case "integer" | "number":
            bounds = {"min": parameter.least, "max": parameter.most}
            limits = {key: value for key, value in bounds.items() if value is not None}
            step = "1" if parameter.type == "integer" else "any"
            return {"widget": NumberInput(step=step), "render_kw": limits}
    return {"widget": TextInput(), "render_kw": {"maxlength": TEXT_LIMIT}}
