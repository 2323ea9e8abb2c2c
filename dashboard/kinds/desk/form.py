"""The form of the list of jobs: the filters of History, the formats, and whether to tell."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from flask_login import current_user
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField
from wtforms.validators import Length, Optional, ValidationError

from dashboard.jobs.search import STATE_WORDS
from dashboard.kinds.desk.work import FORMATS
from dashboard.web.form import SpeakingForm
from dashboard.web.formats_field import FormatsField
from dashboard.web.history import kind_choices, people
from dashboard.words import gettext as _, lazy_gettext, marked, reader, told

FIND_LIMIT: Final = 200  # characters
BESIDE: Final = frozenset({"formats", "notify"})
DAYS: Final = {"today": 1, "last-7-days": 7, "last-30-days": 30, "last-90-days": 90}
EVERYTHING: Final = {
    "kind": marked("All kinds"),
    "state": marked("All states"),
    "person": marked("Anyone"),
}
PRESETS: Final = {
    "today": marked("Today"),
    "last-7-days": marked("7 days"),
    "last-30-days": marked("30 days"),
    "last-90-days": marked("90 days"),
}


class PresetDays(NamedTuple):
    """A preset as a form shows it; days as ISO text."""

    value: str
    label: str
    first: str
    last: str
    chosen: bool


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
        self.today = datetime.now(ZoneInfo(reader().zone)).date()
        self.others: dict[str, list[str]] = {}
        sent = None if formdata is None else MultiDict(formdata)
        data = {name: _given(name, value) for name, value in (initial or {}).items()}
        self._unfold(data, sent)
        if sent is not None and not csrf:
            self._refuse_strangers(sent)
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
        """Give the checked choices, and whose sight the list is limited to."""
        days = {name: self[name].data and self[name].data.isoformat() for name in ("first", "last")}
        named = {name: self[name].data or None for name in ("kind", "state", "person")}
        return {
            "q": " ".join((self.q.data or "").split()) or None,
            **named,
            **days,
            # Of two people who ask for the same list, each gets another one.
            "seen_by": current_user.id,
            "formats": list(self.formats.data or []),
        }

    def presets(self, name: str) -> list[PresetDays]:
        """Give the named days."""
        chosen = (self.first.data, self.last.data)
        found = []
        for value, label in PRESETS.items():
            first, last = _days(value, self.today)
            is_it = (first, last) == chosen
            found.append(PresetDays(value, told(label), first.isoformat(), last.isoformat(), is_it))
        return found

    def _unfold(self, data: dict[str, Any], sent: "MultiDict[str, Any] | None") -> None:
        """Turn named days into the two."""
        named = data.pop("days", None) if sent is None else sent.pop("days", None)
        if not named:
            return
        if named not in PRESETS:
            self.others["days"] = [_("“%(name)s” names no days that are known here.", name=named)]
            return
        first, last = _days(str(named), self.today)
        if sent is None:
            data |= {"first": first, "last": last}
        else:
            sent["first"], sent["last"] = first.isoformat(), last.isoformat()

    def _refuse_strangers(self, sent: "MultiDict[str, Any]") -> None:
        """A program that misspells a filter must hear of it, not get another list."""
        known = {"q", "kind", "state", "person", "first", "last"} | BESIDE
        for name in sent:
            # As a job of theirs shows it: its choices may be sent again as they are.
            is_own = name == "seen_by" and str(sent[name]) == str(current_user.id)
            if name not in known and not is_own:
                self.others[name] = [_("There is no such choice.")]


def _days(name: str, today: date) -> tuple[date, date]:
    return today - timedelta(days=DAYS[name] - 1), today


def _given(name: str, value: Any) -> Any:
    """Give a choice from an address as its field has it; one that is no day is left out."""
    if name not in ("first", "last"):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
