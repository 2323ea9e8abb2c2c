"""The form of an import: which file, how it is read, what goes where, and what is to be done."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

from flask_login import current_user
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # New in 3.3.

from dashboard.extensions import db
from dashboard.formats.reading import DELIMITERS as SIGNS, ENCODINGS
from dashboard.jobs.errors import Permanent
from dashboard.jobs.kind import FormFactory
from dashboard.jobs.targets import MIRROR, table_of
from dashboard.kinds.imports.checks import Checks, WrongChecks, parse_checks
from dashboard.kinds.imports.mapping import Pair, plain_name, proposed, remembered_of, spelled_pair
from dashboard.kinds.imports.mapping_field import MappingField
from dashboard.kinds.imports.opened import Opened
from dashboard.kinds.imports.params import (
    DELIMITERS,
    MODES,
    delimiter_name,
    parse_by,
    spelled_by,
)
from dashboard.kinds.imports.sent import Sent
from dashboard.kinds.imports.spelling import recognised
from dashboard.models import Job, Upload
from dashboard.sources import SourceError
from dashboard.sources.writing import TargetColumn, TargetTable
from dashboard.web.form import SpeakingForm
from dashboard.words import gettext as _, lazy_gettext, marked, ngettext, reader, told

REMEMBERED: Final = 10
"""Of a person's last checks the choices of columns are remembered."""

COLUMN: Final = "column-"
NAMED: Final = 5  # columns in a sentence
TYPES: Final = {
    "text": marked("text"),
    "integer": marked("whole number"),
    "number": marked("number"),
    "date": marked("day"),
    "datetime": marked("day and time"),
    "time": marked("time"),
    "boolean": marked("yes or no"),
}


class FileColumn(NamedTuple):
    """A column of the file as the page lists it."""

    number: int
    name: str
    samples: list[str]
    target: str


class ImportForm(SpeakingForm):
    """The choices of one import; form_factory makes a subclass for its target.

    *trouble* is a sentence: why nothing can be chosen yet, or "". What a program leaves out is
    recognised or proposed, as it is for a page that is opened.
    """

    opened: Opened

    upload = HiddenField(lazy_gettext("File"))
    encoding = SelectField(lazy_gettext("Encoding"))
    delimiter = SelectField(lazy_gettext("Cells are separated by"))
    sheet = SelectField(lazy_gettext("Sheet"))
    header = SelectField(lazy_gettext("The first row"))
    decimal = SelectField(lazy_gettext("Numbers"))
    days = SelectField(lazy_gettext("Days"))
    nulls = SelectField(lazy_gettext("Empty cells"))
    mapping = MappingField(lazy_gettext("Columns"))
    by = SelectField(lazy_gettext("Rows are told apart by"))
    mode = RadioField(lazy_gettext("What to do"))
    notify = BooleanField(
        lazy_gettext("E-mail me the link when it is ready"),
        default=lambda: bool(getattr(current_user, "notify", False)),
    )
    seen = HiddenField()
    token = HiddenField(default=lambda: secrets.token_urlsafe(16))

    def __init__(
        self,
        formdata: Any = None,
        *,
        initial: Mapping[str, Any] | None = None,
        csrf: bool = True,
    ) -> None:
        self.is_page = csrf
        sent = None if formdata is None else MultiDict(formdata)
        given: Mapping[str, Any] = dict(initial or {}) if sent is None else sent
        self.table, self.trouble = self._look_at_table()
        known = {plain_name(column.name) for column in self.targets}
        self.file = Sent.of(given.get("upload"), given, known)
        self.trouble = self.trouble or self.file.trouble
        self.is_stale = False
        if sent is not None and csrf:
            self._fold(sent)
            given = sent
        usual = self._usual(given)
        data = {**usual, **{name: given[name] for name in given if given[name] not in (None, "")}}
        if sent is not None:
            for name, value in usual.items():
                if name not in sent or (not csrf and sent.get(name) in (None, "")):
                    sent.setlist(name, value if isinstance(value, list) else [value])
        super().__init__(formdata=sent, data=data, meta={} if csrf else {"csrf": False})
        self._choose()
        self.seen.data = self.file.digest

    # --- what the page shows ---

    @property
    def kept(self) -> Upload | None:
        """The upload of the page."""
        return self.file.upload

    @property
    def is_ready(self) -> bool:
        """Whether there is a file to choose columns of."""
        return self.file.recognised is not None and self.table is not None and not self.trouble

    @property
    def is_workbook(self) -> bool:
        """Whether the file has sheets, and neither encoding nor delimiter."""
        return self.file.recognised is not None and self.file.recognised.manner.kind == "xlsx"

    @cached_property
    def targets(self) -> tuple[TargetColumn, ...]:
        """The columns of the table that can be written."""
        columns = self.table.columns if self.table else ()
        return tuple(column for column in columns if not column.generated)

    def word_of(self, column: TargetColumn) -> str:
        """Give what people call what *column* takes."""
        if column.choices:
            return _("one of %(choices)s", choices=", ".join(column.choices))
        word = told(TYPES[column.type]) if column.type else column.native
        if column.max_length is None:
            return word
        return _("%(word)s of at most %(limit)s characters", word=word, limit=column.max_length)

    def columns(self) -> list[FileColumn]:
        """Give the columns of the file with where they go."""
        chosen = {pair.number: pair.target for pair in self.mapping.pairs}
        return [
            FileColumn(at + 1, name, self.file.samples.get(at, []), chosen.get(at + 1, ""))
            for at, name in enumerate(self.file.columns)
        ]

    # --- what is checked ---

    @property
    def errors(self) -> dict[str, list[str]]:
        """The sentences by field."""
        found = dict(super().errors)
        if self.is_submitted_with_trouble:
            found["upload"] = [self.trouble or _("Send a file first.")]
        return found

    @property
    def is_submitted_with_trouble(self) -> bool:
        """Whether something was sent that cannot be checked at all."""
        return self._checked and not self.is_ready

    _checked = False

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was sent; errors then names each wrong field."""
        self._checked = True
        return bool(super().validate(extra_validators)) and self.is_ready

    def problems_of(self, pairs: Sequence[Pair]) -> list[str]:
        """Give what is wrong with *pairs*, in sentences."""
        if not self.is_ready:
            return []
        if self.is_stale:
            return [_("The file reads differently now. Look at the columns again.")]
        known = {column.name for column in self.targets}
        chosen = [pair for pair in pairs if pair.target]
        problems = []
        if not chosen:
            return [_("Choose where at least one column goes.")]
        for pair in chosen:
            if pair.target not in known:
                problems.append(_("There is no column “%(name)s”.", name=pair.target))
            if pair.number > len(self.file.columns):
                problems.append(_("The file has no column %(number)s.", number=pair.number))
        counted = Counter(pair.target for pair in chosen)
        problems += [
            _("Two columns go into “%(name)s”.", name=name)
            for name, times in counted.items()
            if times > 1
        ]
        numbers = Counter(pair.number for pair in pairs)
        if any(times > 1 for times in numbers.values()):
            problems.append(_("A column of the file can go into one column only."))
        return problems + self._missing(set(counted))

    def _missing(self, mapped: set[str]) -> list[str]:
        """Give what no import would go without."""
        by = parse_by(self.by.data or "")
        problems = []
        if missing := [name for name in by if name not in mapped]:
            names = ", ".join(missing)
            problems.append(
                _("Rows are told apart by %(names)s: choose a column for it.", names=names)
            )
        if not by and self.mode.data != "add":
            problems.append(_("Without anything that tells rows apart, rows can only be added."))
        needed = [each.name for each in self.targets if each.required and each.name not in mapped]
        if self.mode.data != "update" and needed:
            names = ", ".join(needed[:NAMED]) + ("…" if len(needed) > NAMED else "")
            problems.append(
                ngettext(
                    "A new row must have a value for %(names)s.",
                    "A new row must have values for %(names)s.",
                    len(needed),
                    names=names,
                )
            )
        return problems

    def params(self) -> dict[str, Any]:
        """Give the checked choices as JSON values."""
        upload, found = self.file.upload, self.file.recognised
        assert upload is not None
        assert found is not None
        names = dict(enumerate(found.columns, 1))
        pairs = sorted(self.mapping.pairs)
        return {
            "upload": str(upload.id),
            "file": upload.name,
            "encoding": found.manner.encoding,
            "delimiter": delimiter_name(found.manner.delimiter),
            "header": "yes" if found.manner.header else "no",
            "sheet": found.manner.sheet,
            "decimal": self.decimal.data,
            "days": self.days.data,
            "nulls": self.nulls.data,
            "zone": reader().zone,
            "mapping": [spelled_pair(pair._replace(name=names[pair.number])) for pair in pairs],
            "by": self.by.data or "",
            "mode": self.mode.data,
        }

    # --- what is recognised and proposed ---

    def _look_at_table(self) -> tuple[TargetTable | None, str]:
        try:
            return table_of(self.opened.source, self.opened.table), ""
        except Permanent as error:
            return None, told(error.what)
        except SourceError as error:
            return None, told(str(error))

    def _fold(self, sent: "MultiDict[str, Any]") -> None:
        """Put the choices of each column in their spelling, in place."""
        chosen = {name: sent.pop(name) for name in list(sent) if name.startswith(COLUMN)}
        self.is_stale = bool(chosen) and sent.get("seen") != self.file.digest
        if self.is_stale:
            sent.poplist("mapping")
            return
        names = self.file.columns
        sent.setlist(
            "mapping",
            [
                spelled_pair(Pair(at + 1, str(chosen.get(f"{COLUMN}{at + 1}", "")), name))
                for at, name in enumerate(names)
                if f"{COLUMN}{at + 1}" in chosen
            ],
        )
        if not chosen:
            sent.poplist("mapping")

    def _usual(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Give each choice as it is recognised or proposed."""
        found = self.file.recognised
        if found is None or self.table is None:
            return {"mode": self._modes()[0]}
        manner = reader()
        spelling = recognised(
            [row.cells for row in found.first], locale=manner.locale, zone=manner.zone
        )
        pairs = proposed(
            found.columns,
            [column.name for column in self.targets],
            aliases=self._checks().aliases,
            remembered=self._remembered(),
        )
        mapped = {pair.target for pair in pairs}
        ways = [by for by in self._ways() if set(by) <= mapped]
        return {
            "encoding": found.manner.encoding,
            "delimiter": delimiter_name(found.manner.delimiter),
            "header": "yes" if found.manner.header else "no",
            "sheet": found.manner.sheet,
            "decimal": spelling.decimal,
            "days": spelling.days,
            "nulls": spelling.nulls,
            "mapping": [spelled_pair(pair) for pair in pairs],
            "by": spelled_by((ways or self._ways() or [()])[0]),
            "mode": self._modes()[0] if self._ways() else "add",
        }

    def _choose(self) -> None:
        """Give the fields what can be chosen."""
        found = self.file.recognised
        sheets = found.sheets if found else ()
        plain = SelectChoice("", "")
        self.encoding.choices = (
            [plain]
            if self.is_workbook
            else [SelectChoice(name, told(title)) for name, title in ENCODINGS.items()]
        )
        self.delimiter.choices = (
            [plain]
            if self.is_workbook
            else [SelectChoice(name, told(SIGNS[sign])) for name, sign in DELIMITERS.items()]
        )
        self.sheet.choices = [SelectChoice(name, name) for name in sheets] or [plain]
        self.header.choices = [
            SelectChoice("yes", _("names the columns")),
            SelectChoice("no", _("is a row like all others")),
        ]
        self.decimal.choices = [
            SelectChoice(".", _("with a point, as in 1234.5")),
            SelectChoice(",", _("with a comma, as in 1234,5")),
        ]
        self.days.choices = [
            SelectChoice("dmy", _("day before month, as in 28/2/2026")),
            SelectChoice("mdy", _("month before day, as in 2/28/2026")),
        ]
        self.nulls.choices = [
            SelectChoice("empty", _("have no value")),
            SelectChoice("mark", _("are empty texts; only \\N has no value")),
        ]
        ways = [SelectChoice(spelled_by(by), ", ".join(by)) for by in self._ways()]
        self.by.choices = [*ways, SelectChoice("", _("nothing: each row is a new one"))]
        self.mode.choices = [SelectChoice(mode, told(MODES[mode])) for mode in self._modes()]

    def _ways(self) -> list[tuple[str, ...]]:
        """Give the sets of columns that tell the rows of the table apart and can be written."""
        if self.table is None:
            return []
        known = {column.name for column in self.targets}
        sets = (self.table.key, *self.table.uniques)
        return [by for by in dict.fromkeys(sets) if by and set(by) <= known]

    def _modes(self) -> list[Any]:
        modes = [mode for mode in MODES if mode in self.opened.modes]
        return [mode for mode in modes if mode != MIRROR or current_user.is_admin]

    def _checks(self) -> Checks:
        try:
            return parse_checks(self.opened.checks, [column.name for column in self.targets])
        except WrongChecks:
            return Checks()  # The job of the check says what is wrong with them.

    def _remembered(self) -> dict[str, str]:
        """Give what the person chose for columns of these names before."""
        query = (
            select(Job.params["mapping"])
            .where(Job.requested_by_id == current_user.id, Job.kind == self.opened.check_kind)
            .order_by(Job.serial.desc())
            .limit(REMEMBERED)
        )
        return remembered_of(pairs for pairs in db.session.scalars(query) if pairs)


def form_factory(opened: Opened) -> FormFactory:
    """Give the form class of *opened*."""
    made: Any = type("Form", (ImportForm,), {"opened": opened})
    factory: FormFactory = made
    return factory
