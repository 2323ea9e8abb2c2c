"""The form of a contact list: what it is called, who sees it, what is known of its people."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from flask import request
from wtforms import Field, HiddenField, RadioField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from dashboard.jobs.contacts.fields import TYPES
from dashboard.jobs.kind import STARTERS
from dashboard.models import ContactList, Role
from dashboard.models.contact_list import (
    FIELD_LABEL_LIMIT,
    LIST_SUMMARY_LIMIT,
    LIST_TITLE_LIMIT,
    MOST_FIELDS,
)
from dashboard.web.form import SpeakingForm
from dashboard.words import gettext as _, lazy_gettext, marked, told

WHO: Final = {
    str(Role.STAFF): (marked("Staff"), marked("Everybody who may start jobs")),
    str(Role.ADMIN): (marked("Administrators"), marked("Nobody else")),
}
ROLES: Final = {
    str(Role.STAFF): STARTERS,
    str(Role.ADMIN): frozenset({str(Role.ADMIN)}),
}
BLANK: Final = 3  # lines for more fields; a page that was saved has as many again


class Line(NamedTuple):
    """A field of a list as the form has it; *name* is "" for a new one."""

    name: str
    label: str
    type: str


class FieldsField(Field):
    """The fields of a list, a line each; a line without a label is none."""

    data: list[Line]

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take what was sent, or the fields of the list."""
        self.process_errors = []
        if formdata is None:
            self.data = [Line(*map(str, line)) for line in data or ()]
            return
        columns = [formdata.getlist(f"field-{part}") for part in Line._fields]
        self.data = [Line(*(part.strip() for part in line)) for line in zip(*columns, strict=False)]

    @property
    def lines(self) -> list[Line]:
        """What the form shows: what there is, and some empty lines."""
        kept = [line for line in self.data if line.label or line.name]
        room = max(0, min(BLANK, MOST_FIELDS - len(kept)))
        return [*kept, *[Line("", "", "text")] * room]

    @property
    def chosen(self) -> list[dict[str, str]]:
        """The fields as a list keeps them."""
        return [line._asdict() for line in self.data if line.label]

    def pre_validate(self, form: Any) -> None:
        """Raise ValidationError with the first thing that is wrong with the lines."""
        chosen = [line for line in self.data if line.label]
        labels = [" ".join(line.label.split()).casefold() for line in chosen]
        if len(chosen) > MOST_FIELDS:
            raise ValidationError(_("A list has at most %(num)s fields.", num=MOST_FIELDS))
        for line, label in zip(chosen, labels, strict=True):
            if len(line.label) > FIELD_LABEL_LIMIT:
                raise ValidationError(
                    _("The name of a field has at most %(max)s letters.", max=FIELD_LABEL_LIMIT)
                )
            if labels.count(label) > 1:
                raise ValidationError(_("Two fields are called “%(label)s”.", label=line.label))
            if line.type not in TYPES:
                raise ValidationError(_("Choose what “%(label)s” holds.", label=line.label))


class ListForm(SpeakingForm):
    """What a list is called, who may see it and import into it, and its fields."""

    title = StringField(
        lazy_gettext("Title"),
        [DataRequired(lazy_gettext("Enter a title")), Length(max=LIST_TITLE_LIMIT)],
        description=lazy_gettext("What people see, such as Newsletter readers."),
    )
    summary = StringField(
        lazy_gettext("Summary"),
        [Length(max=LIST_SUMMARY_LIMIT)],
        description=lazy_gettext("Who is in it, in one sentence. It may stay empty."),
    )
    who = RadioField(
        lazy_gettext("Who may see it and import into it"),
        choices=lambda: [
            (role, told(words), {"data-hint": told(hint)}) for role, (words, hint) in WHO.items()
        ],
        default=str(Role.STAFF),
    )
    fields = FieldsField(lazy_gettext("Fields"))
    seen = HiddenField()

    @property
    def roles(self) -> frozenset[str]:
        """The roles that were chosen."""
        return ROLES[self.who.data]


def form_for(found: ContactList) -> ListForm:
    """Give the form for a list that is there: as it is now, or as it was sent."""
    if request.method == "POST":
        return ListForm()
    return ListForm(
        formdata=None,
        data={
            "title": found.title,
            "summary": found.summary,
            "who": str(Role.STAFF) if str(Role.STAFF) in found.roles else str(Role.ADMIN),
            "fields": [(each["name"], each["label"], each["type"]) for each in found.fields],
            "seen": found.changed_at.isoformat(),
        },
    )


def moment_of(text: str | None) -> datetime | None:
    """Give the moment in a hidden field; None for what is none."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
