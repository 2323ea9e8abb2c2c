"""The form by which a mailing is sent: when, how fast, and its number where that is to be typed."""

from datetime import UTC, datetime
from typing import Any

from wtforms import DateField, StringField, TimeField
from wtforms.validators import Length, Optional

from dashboard.kinds.mailings.release import refusals as no
from dashboard.kinds.mailings.release.needs import needs
from dashboard.kinds.mailings.release.numerals import number_of
from dashboard.kinds.mailings.release.speed import FASTEST, allowed
from dashboard.kinds.mailings.release.timing import LONGEST, NoSuchTime, moment_of
from dashboard.models import Mailing
from dashboard.web.filters import number
from dashboard.web.form import SpeakingForm
from dashboard.words import gettext as _, lazy_gettext, ngettext, reader
from dashboard.words.manner import zone_of

NOT_A_NUMBER = lazy_gettext("Enter a number, such as 600.")


class SendForm(SpeakingForm):
    """*at* is the moment that was chosen, None for at once; *speed* the e-mails a minute."""

    day = DateField(lazy_gettext("Day"), [Optional()], render_kw={"autocomplete": "off"})
    hour = TimeField(lazy_gettext("Time"), [Optional()], render_kw={"autocomplete": "off"})
    a_minute = StringField(
        lazy_gettext("E-mails a minute"),
        [Optional(), Length(max=20)],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 20},
    )
    typed = StringField(
        "", render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 20}
    )

    at: datetime | None = None
    speed: int | None = None

    def __init__(self, mailing: Mailing, people: int, formdata: Any = None) -> None:
        fast = number(mailing.a_minute) if mailing.a_minute else ""
        super().__init__(formdata=formdata, data={"a_minute": fast})
        most = allowed(mailing.sender)
        self._most = most or FASTEST
        self.a_minute.description = (
            ngettext(
                "At most %(num)s a minute is allowed here.",
                "At most %(num)s a minute are allowed here.",
                most,
            )
            if most
            else _("Without a number they leave as fast as the mail server takes them.")
        )
        self._people = people
        self._needs = needs(people)
        self.typed.label.text = _("Type %(number)s to send", number=number(people))

    @property
    def asks_for_number(self) -> bool:
        """Whether the number is to be typed: not where a second person looks at it."""
        return self._needs.confirm and not self._needs.approval

    @property
    def has_plan(self) -> bool:
        """Whether a time was chosen, or something is wrong with it or with the speed."""
        return bool(
            self.day.data or self.hour.data or {"day", "hour", "a_minute"} & set(self.errors)
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was sent; *at* and *speed* are known then."""
        if super().validate(extra_validators):
            self._look_at_time()
            self._look_at_speed()
            if self.asks_for_number and number_of(self.typed.data or "") != self._people:
                self._blame(self.typed, _(no.TYPE_NUMBER))
        return not self.errors

    def _look_at_time(self) -> None:
        day, hour = self.day.data, self.hour.data
        if day is None and hour is None:
            return
        if day is None or hour is None:
            missing = self.day if day is None else self.hour
            self._blame(missing, _("Choose a day") if day is None else _("Choose a time"))
            return
        zone = zone_of(reader().zone)
        assert zone is not None
        try:
            self.at = moment_of(day, hour, zone)
        except (NoSuchTime, OverflowError):
            self._blame(self.hour, _("The clocks go forward over this time on that day."))
            return
        now = datetime.now(UTC)
        if self.at <= now:
            self._blame(self.day, _(no.PAST))
        elif self.at > now + LONGEST:
            self._blame(self.day, _(no.TOO_FAR))

    def _look_at_speed(self) -> None:
        if not (self.a_minute.data or "").strip():
            return
        self.speed = number_of(self.a_minute.data or "")
        if self.speed is None:
            self._blame(self.a_minute, str(NOT_A_NUMBER))
        elif self.speed < 1:
            self._blame(self.a_minute, _(no.ONE_A_MINUTE))
        elif self.speed > self._most:
            self._blame(self.a_minute, _(no.TOO_FAST, number=number(self._most)))

    @staticmethod
    def _blame(field: Any, sentence: str) -> None:
        field.errors = [*field.errors, sentence]
