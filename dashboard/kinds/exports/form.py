"""The form of an export: columns, filters, order, limit, formats, and the manner of CSV."""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from flask_login import current_user
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # New in 3.3.
from wtforms.validators import ValidationError
from wtforms.widgets import NumberInput

from dashboard.formats import FORMATS
from dashboard.jobs.kind import FormFactory
from dashboard.kinds.exports import labels
from dashboard.kinds.exports.columns_field import ColumnsField
from dashboard.kinds.exports.export import Export
from dashboard.kinds.exports.filters_field import FiltersField
from dashboard.kinds.exports.limit_field import LimitField
from dashboard.kinds.exports.manners import CSV, MANNERS, SPREADSHEET
from dashboard.kinds.exports.page import folded
from dashboard.kinds.exports.sort_field import SortField
from dashboard.web.choosing import strangers
from dashboard.web.form import SpeakingForm
from dashboard.web.formats_field import FormatsField
from dashboard.words import gettext as _, lazy_gettext, reader, told
from dashboard.words.manner import zone_of

KNOWN: Final = frozenset({"columns", "where", "sort", "limit", "manner", "zone"})


def manners() -> list[SelectChoice]:
    """Give the manners of CSV as cards."""
    return [
        SelectChoice(name, told(manner.label), {"data-hint": told(manner.hint)})
        for name, manner in MANNERS.items()
    ]


class ExportForm(SpeakingForm):
    """The choices of one export; form_factory makes a subclass for its table.

    *formdata* is what was sent: by a page (its own fields, folded into lists), or with csrf=False
    by a program, whose names are those of params(). *left_out* names columns that earlier choices
    in *initial* spoke of and that are gone.
    """

    export: Export

    columns = ColumnsField(lazy_gettext(labels.COLUMNS))
    where = FiltersField(lazy_gettext(labels.FILTERS))
    sort = SortField(lazy_gettext(labels.SORT))
    limit = LimitField(
        lazy_gettext(labels.LIMIT),
        description=lazy_gettext("Leave it empty for all rows."),
        widget=NumberInput(step="1"),
        render_kw={"min": 1},
    )
    manner = RadioField(lazy_gettext(labels.MANNER), choices=manners, default=SPREADSHEET)
    formats = FormatsField(tuple(FORMATS))
    notify = BooleanField(
        lazy_gettext("E-mail me the link when it is ready"),
        default=lambda: bool(getattr(current_user, "notify", False)),
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
        self.is_sent = formdata is not None
        self.order: list[str] = []
        self.left_out: dict[str, None] = {}
        self.others: dict[str, list[str]] = {}
        self.zone = reader().zone
        sent = None if formdata is None else MultiDict(formdata)
        if sent is not None and csrf:
            self.order = folded(sent, self.export.table)
        elif sent is not None:
            self._take_zone(sent)
        data = dict(initial or {})
        if data.get("manner") not in MANNERS:
            data.pop("manner", None)
        super().__init__(formdata=sent, data=data, meta={} if csrf else {"csrf": False})

    @property
    def errors(self) -> dict[str, list[str]]:
        """The sentences by field."""
        return {**super().errors, **self.others}

    @property
    def writes_csv(self) -> bool:
        """Whether one of the chosen formats is CSV."""
        return bool(CSV & set(self.formats.data or ()))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was sent; errors then names each wrong field."""
        return bool(super().validate(extra_validators)) and not self.others

    def validate_manner(self, field: RadioField) -> None:
        """Raise ValidationError where a program wants a manner of CSV and no CSV."""
        if not self.is_page and field.data != SPREADSHEET and not self.writes_csv:
            raise ValidationError(_("Only CSV has such a manner: add “csv” or “csv.gz”."))

    def params(self) -> dict[str, Any]:
        """Give the checked choices as JSON values, with “formats”.

        Where a filter on a moment means a day, it is that of the zone in *zone*: of two people in
        different zones, each gets another file.
        """
        params = {
            "columns": self.columns.chosen(),
            "where": self.where.spelled(),
            "sort": self.sort.spelled(),
            "limit": self.limit.data,
            "formats": list(self.formats.data or []),
            "manner": self.manner.data if self.writes_csv else SPREADSHEET,
        }
        return {**params, "zone": self.zone} if self._means_a_day() else params

    @property
    def moments(self) -> set[str]:
        """The columns whose days depend on a time zone."""
        return {each.name for each in self.export.table.columns if each.type == "datetime"}

    def _means_a_day(self) -> bool:
        moments = self.moments
        return any(each.column in moments and each.value for each in self.where.conditions)

    def _take_zone(self, sent: "MultiDict[str, Any]") -> None:
        """Take the zone that a program gives, and refuse what it misspells."""
        self.others |= strangers(sent, KNOWN)
        zone = sent.pop("zone", None)
        if zone is None:
            return
        if isinstance(zone, str) and zone_of(zone):
            self.zone = zone
        else:
            self.others["zone"] = [_("“%(name)s” is no time zone.", name=zone)]


def form_factory(export: Export) -> FormFactory:
    """Give the form class of *export*."""
    made: Any = type("Form", (ExportForm,), {"export": export})
    factory: FormFactory = made
    return factory
