"""The form of a report: its parameters, the formats, and whether to tell."""

import secrets
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField

from dashboard.jobs.kind import FormFactory
from dashboard.kinds.reports.definition import Report
from dashboard.kinds.reports.fields import field_for
from dashboard.kinds.reports.lookup import LookupFailed, lookup
from dashboard.kinds.reports.parameters import Parameter
from dashboard.kinds.reports.periods import PRESETS, Period
from dashboard.kinds.reports.person import today, wants_mail
from dashboard.kinds.reports.values import (
    NAMED_DAYS,
    WrongValue,
    check_range,
    preset,
    typed,
)
from dashboard.web.choosing import PresetDays, marked_chosen, strangers
from dashboard.web.form import SpeakingForm
from dashboard.web.formats_field import FormatsField
from dashboard.words import gettext as _, lazy_gettext, told


class ReportForm(SpeakingForm):
    """The choices of one report; form_factory makes a subclass with its fields.

    *formdata* is what was sent: texts of a page, or with csrf=False JSON values of a program. A
    value that was not sent is its default; one that was sent empty is empty, and so it is with
    *initial* days. A date range takes its two days, or a preset under the range's own name
    (period=last-month); a page may send the name beside its days.
    """

    report: Report

    def __init__(
        self,
        formdata: Any = None,
        *,
        initial: Mapping[str, Any] | None = None,
        csrf: bool = True,
    ) -> None:
        self.today = today()
        self.is_page = csrf
        self.others: dict[str, list[str]] = {}
        self.named: dict[str, str] = {}
        sent: MultiDict[str, Any] | None = None if formdata is None else MultiDict(formdata)
        data = dict(initial or {})
        for parameter in self.report.parameters:
            if parameter.type == "date-range":
                self._unfold(parameter, data, sent)
        if sent is not None and not csrf:
            known = {name for item in self.report.parameters for name in item.fields}
            self.others |= strangers(sent, known)
        super().__init__(formdata=sent, data=data, meta={} if csrf else {"csrf": False})

    @property
    def errors(self) -> dict[str, list[str]]:
        """The sentences by field; a date range's own name stands for its preset.

        Days are missing when their preset is wrong, which need not be said as well.
        """
        refused = [item.fields for item in self.report.parameters if item.name in self.others]
        hidden = {name for fields in refused for name in fields}
        own = {name: words for name, words in super().errors.items() if name not in hidden}
        return {**own, **self.others}

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was sent; errors then names each wrong field."""
        right = bool(super().validate(extra_validators))
        for parameter in self.report.parameters:
            if parameter.type == "date-range" and right:
                first, last = (self[name] for name in parameter.fields)
                try:
                    check_range(first.data, last.data)
                except WrongValue as error:
                    last.errors = [*last.errors, str(error)]
                    right = False
        return right and not self.others

    def params(self) -> dict[str, Any]:
        """Give the checked choices as flat JSON values, with “formats”."""
        names = [name for item in self.report.parameters for name in item.fields]
        return {**{name: self[name].data for name in names}, "formats": list(self.formats.data)}

    def relative(self) -> dict[str, str]:
        """Give the periods and days that were chosen by name, as in {"period": "last-month"}.

        A page sends the days of a preset, and which one was pressed; without that it is told by
        its days. A program sends the name: what it gives as days is meant as days.
        """
        named = {item.name: self._name_of(item) for item in self.report.parameters}
        return {name: value for name, value in named.items() if value}

    def _name_of(self, parameter: Parameter) -> str:
        """Give the name by which a period or a day was chosen, or nothing."""
        default = str(parameter.default)
        if parameter.type == "date-range":
            if self.is_page and parameter.name not in self.named:
                chosen = (each.value for each in self.presets(parameter.name) if each.chosen)
                return next(chosen, "")
            return self.named.get(parameter.name, "")
        if parameter.type == "date":
            field = self[parameter.name]
            sent = str(field.raw_data[0]) if field.raw_data else default
            if self.is_page and default in NAMED_DAYS:
                sent = default if field.data == typed(parameter, default, self.today) else sent
            return sent if sent in NAMED_DAYS else ""
        return ""

    def presets(self, name: str) -> list[PresetDays]:
        """Give the presets of the date range called *name*."""
        parameter = next(item for item in self.report.parameters if item.name == name)
        first, last = (self[field].data for field in parameter.fields)
        offered = []
        for value in parameter.presets:
            period = self._days(parameter, value, complain=False)
            days = (period.first.isoformat(), period.last.isoformat()) if period else ("", "")
            offered.append(PresetDays(value, told(PRESETS[value].label), *days))
        rather = (self.named.get(name, ""), str(parameter.default))
        return marked_chosen(offered, (first, last), rather=rather)

    def _unfold(
        self, parameter: Parameter, data: dict[str, Any], sent: "MultiDict[str, Any] | None"
    ) -> None:
        """Turn a preset that was sent, or is to begin with, into its two days."""
        first, last = parameter.fields
        if sent is not None and (asked := sent.pop(parameter.name, None)):
            if self.is_page and (first in sent or last in sent):
                self._believe(parameter, str(asked), (sent.get(first), sent.get(last)))
            elif sent.get(first) or sent.get(last):
                self._refuse(parameter, _("Give a named period or its two days, not both."))
            elif days := self._days(parameter, asked, complain=True):
                sent[first], sent[last] = days.first.isoformat(), days.last.isoformat()
                self.named[parameter.name] = str(asked)
            return
        if sent is not None and (first in sent or last in sent):
            return
        name = data.get(parameter.name)
        if not name and (first in data or last in data):
            return
        days = self._days(parameter, name or parameter.default, complain=sent is not None)
        if days:
            data[first], data[last] = days.first.isoformat(), days.last.isoformat()
            if self.is_page and name:
                self.named[parameter.name] = str(name)

    def _believe(self, parameter: Parameter, name: str, sent: tuple[object, object]) -> None:
        """Take it that the preset *name* was pressed, where the days that were *sent* are its own.

        On some days two presets have the same ones, which part again the day after.
        """
        days = self._days(parameter, name, complain=False)
        if days and sent == (days.first.isoformat(), days.last.isoformat()):
            self.named[parameter.name] = name

    def _days(self, parameter: Parameter, name: object, *, complain: bool) -> Period | None:
        """Give the days of the preset *name*, or None; *complain* makes that an error."""
        try:
            days = preset(name, self.today)
            if days is None and parameter.span:
                days = lookup().span(self.report.source, parameter, self.today)
            if days is None:
                raise WrongValue(
                    _("%(label)s cannot be the whole period here.", label=parameter.label)
                )
            return days
        except (WrongValue, LookupFailed) as error:
            if complain:
                self._refuse(parameter, str(error))
            return None

    def _refuse(self, parameter: Parameter, sentence: str) -> None:
        self.others.setdefault(parameter.name, []).append(sentence)


def form_factory(report: Report) -> FormFactory:
    """Give the form class of *report*."""
    fields: dict[str, Any] = {"report": report}
    for parameter in report.parameters:
        for name in parameter.fields:
            fields[name] = field_for(parameter, name)
    fields["formats"] = FormatsField(report.formats)
    fields["notify"] = BooleanField(
        lazy_gettext("E-mail me the link when it is ready"), default=wants_mail
    )
    fields["token"] = HiddenField(default=lambda: secrets.token_urlsafe(16))
    made: Any = type("Form", (ReportForm,), fields)
    factory: FormFactory = made
    return factory
