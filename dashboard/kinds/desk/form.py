"""The form of the list of jobs: the filters of History, the formats, and whether to tell."""

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from flask_login import current_user
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField
from wtforms.validators import Length, Optional, ValidationError

from dashboard.jobs.search import STATE_WORDS
from dashboard.kinds.desk.days import PRESETS, days_of, today
from dashboard.kinds.desk.work import FORMATS
from dashboard.web.choosing import PresetDays, marked_chosen, strangers
from dashboard.web.form import SpeakingForm
from dashboard.web.formats_field import FormatsField
from dashboard.web.history import kind_choices, people
from dashboard.words import gettext as _, lazy_gettext, marked, told

FIND_LIMIT: Final = 200  # characters
KNOWN: Final = frozenset({"q", "kind", "state", "person", "first", "last"})
DAYS: Final = frozenset({"first", "last"})
EVERYTHING: Final = {
    "kind": marked("All kinds"),
    "state": marked("All states"),
    "person": marked("Anyone"),
}


def choose(label: str) -> SelectField:
    """Give a field that chooses one of a list, or everything; the form knows the list."""
    return SelectField(label, choices=[], default="", validate_choice=True)


class JobListForm(SpeakingForm):
    """What the list holds; a program sends the same by the same names.

    The days may be named by “days”, as in days=last-7-days.
    """

    q = StringField(
        lazy_gettext("Find"),
        [Length(max=FIND_LIMIT, message=lazy_gettext("Use at most %(max)d characters."))],
        description=lazy_gettext("Words of a title, a number or a person’s name."),
        render_kw={"maxlength": FIND_LIMIT},
    )
    kind = choose(lazy_gettext("Kind"))
    state = choose(lazy_gettext("State"))
    person = choose(lazy_gettext("Started by"))
    first = DateField(lazy_gettext("First day"), [Optional()])
    last = DateField(lazy_gettext("Last day"), [Optional()])
    formats = FormatsField(FORMATS)
    notify = BooleanField(
        lazy_gettext("E-mail me the link when it is ready"),
        default=lambda: bool(current_user.notify),
    )
    token = HiddenField(default=lambda: secrets.token_urlsafe(16))

    def __init__(
        self,
        formdata: Any = None,
        *,
        initial: Mapping[str, Any] | None = None,
        csrf: bool = True,
    ) -> None:
        self.is_page = csrf
        self.today = today()
        self.named = ""
        self.others: dict[str, list[str]] = {}
        sent = None if formdata is None else MultiDict(formdata)
        data = {name: _given(name, value) for name, value in (initial or {}).items()}
        self._unfold(data, sent)
        if sent is not None and not csrf:
            self.others |= strangers(sent, KNOWN)
        super().__init__(formdata=sent, data=data, meta={} if csrf else {"csrf": False})
        known = {
            "kind": kind_choices(current_user),
            "state": [(name, told(word)) for name, word in STATE_WORDS.items()],
            "person": people(current_user),
        }
        for name, choices in known.items():
            self[name].choices = {"": told(EVERYTHING[name]), **dict(choices)}
            self[name].data = self[name].data or ""

    @property
    def errors(self) -> dict[str, list[str]]:
        """The sentences by field; “days” stands for the named days."""
        return {**super().errors, **self.others}

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was sent; errors then names each wrong field."""
        return bool(super().validate(extra_validators)) and not self.others

    def validate_last(self, field: DateField) -> None:
        """Raise ValidationError when the last day lies before the first."""
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(_("The last day lies before the first."))

    def params(self) -> dict[str, Any]:
        """Give the checked choices as flat JSON values, with “formats”."""
        days = {name: self._day(name) for name in ("first", "last")}
        narrowed = {name: self[name].data or None for name in ("kind", "state", "person")}
        return {
            "q": " ".join((self.q.data or "").split()) or None,
            **narrowed,
            **days,
            "formats": list(self.formats.data or []),
        }

    def relative(self) -> dict[str, str]:
        """Give the days that were chosen by name, as in {"days": "last-7-days"}.

        A page sends the days themselves: what a program gives as days is meant as days.
        """
        chosen = [each.value for each in self.presets("days") if each.chosen]
        named = next(iter(chosen), "") if self.is_page else self.named
        return {"days": named} if named else {}

    def presets(self, name: str) -> list[PresetDays]:
        """Give the named days."""
        offered = []
        for value, label in PRESETS.items():
            first, last = days_of(value, self.today)
            offered.append(PresetDays(value, told(label), first.isoformat(), last.isoformat()))
        chosen = self._day("first"), self._day("last")
        return marked_chosen(offered, chosen, rather=())

    def _unfold(self, data: dict[str, Any], sent: "MultiDict[str, Any] | None") -> None:
        """Turn named days into the two."""
        named = data.pop("days", None) if sent is None else sent.pop("days", None)
        # A page sends them beside the days, which count; none of them has the days of another.
        if not named or (sent is not None and self.is_page and DAYS & sent.keys()):
            return
        if str(named) not in PRESETS:
            self.others["days"] = [_("“%(name)s” names no days that are known here.", name=named)]
            return
        self.named = str(named)
        first, last = days_of(self.named, self.today)
        if sent is None:
            data |= {"first": first, "last": last}
        else:
            sent["first"], sent["last"] = first.isoformat(), last.isoformat()

    def _day(self, name: str) -> str | None:
        day: date | None = self[name].data
        return day.isoformat() if day else None


def _given(name: str, value: Any) -> Any:
    """Give a choice from an address as its field has it; one that is no day is left out."""
    if name not in DAYS:
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
