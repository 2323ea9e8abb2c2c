"""The form by which the recipients of a mailing are chosen."""

from typing import Any

from wtforms import HiddenField, IntegerField, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # New in 3.3.
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from dashboard.formats.reading import SIGNS
from dashboard.kinds.mailings.audience.proposal import Proposal
from dashboard.web import read_as
from dashboard.web.form import SpeakingForm
from dashboard.words import gettext as _, lazy_gettext

READ_AS = ("encoding", "delimiter", "sheet", "header", "email")


class AudienceForm(SpeakingForm):
    """What is chosen, as a *proposal* has it; *version* is that of the mailing that was read."""

    upload = HiddenField()
    list = HiddenField()
    file = HiddenField()
    encoding = SelectField(lazy_gettext("Encoding"))
    delimiter = SelectField(lazy_gettext("Cells are separated by"))
    sheet = SelectField(lazy_gettext("Sheet"))
    header = SelectField(lazy_gettext("The first row"))
    email = SelectField(lazy_gettext("The column with the addresses"))
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])

    def __init__(self, proposal: Proposal, formdata: Any = None, **data: Any) -> None:
        audience = proposal.audience
        manner = audience.manner
        names = {sign: name for name, sign in SIGNS.items()}
        read = manner and {
            "encoding": manner.encoding,
            "delimiter": names.get(manner.delimiter, ""),
            "sheet": manner.sheet,
            "header": "yes" if manner.header else "no",
        }
        data |= {audience.origin: audience.id, "email": audience.email, **(read or {})}
        super().__init__(formdata=formdata, data=data)
        self.proposal = proposal
        offered = read_as.choices(proposal.recognised)
        if proposal.recognised is None:  # A list, or lines that are read in one manner only.
            offered = {name: [SelectChoice("", "")] for name in offered}
        for name, choices in offered.items():
            self[name].choices = choices
        columns = zip(proposal.fields, proposal.columns, strict=True)
        self.email.choices = [
            SelectChoice("", _("Choose a column")),
            *(SelectChoice(name, column) for name, column in columns),
        ]
        for name in READ_AS:  # What the form does not show is not asked for.
            if name not in self.shown:
                self[name].data = data.get(name, "")

    @property
    def shown(self) -> tuple[str, ...]:
        """The names of the fields that say how a file is read."""
        if self.proposal.trouble or self.proposal.audience.origin == "list":
            return ()
        found = self.proposal.recognised
        if found is None:
            return ("email",)
        if found.manner.kind == "xlsx":
            return ("sheet", "header", "email")
        return ("encoding", "delimiter", "header", "email")

    def validate_email(self, field: SelectField) -> None:
        """Raise ValidationError where a file has no column with addresses."""
        if "email" in self.shown and not field.data:
            raise ValidationError(_("Choose the column with the addresses."))
