"""The form of an import: which file, how it is read, what goes where, and what is to be done."""

import secrets
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from flask_login import current_user
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # New in 3.3.

from dashboard.jobs.errors import Permanent
from dashboard.jobs.kind import FormFactory
from dashboard.jobs.targets import table_of
from dashboard.kinds.imports.file_columns import FileColumn, columns_of, fold
from dashboard.kinds.imports.mapping import Pair, plain_name, spelled_pair
from dashboard.kinds.imports.mapping_field import MappingField
from dashboard.kinds.imports.opened import Opened
from dashboard.kinds.imports.pair_problems import problems_of
from dashboard.kinds.imports.params import MODES, delimiter_name, parse_by, spelled_by
from dashboard.kinds.imports.proposal import Proposal
from dashboard.kinds.imports.reading_choices import reading_choices
from dashboard.kinds.imports.sent import Sent
from dashboard.kinds.imports.target_words import word_of
from dashboard.models import Upload
from dashboard.sources import SourceError
from dashboard.sources.writing import TargetColumn, TargetTable
from dashboard.web.form import SpeakingForm
from dashboard.words import gettext as _, lazy_gettext, reader, told


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
            self.is_stale = fold(sent, self.file)
            given = sent
        self.proposal = Proposal(self.opened, self.table)
        usual = self.proposal.of(self.file.recognised)
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
        return word_of(column)

    def columns(self) -> list[FileColumn]:
        """Give the columns of the file with where they go."""
        return columns_of(self.file, self.mapping.pairs)

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
        return problems_of(
            pairs,
            self.targets,
            width=len(self.file.columns),
            by=parse_by(self.by.data or ""),
            mode=self.mode.data,
        )

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

    # --- what can be chosen ---

    def _look_at_table(self) -> tuple[TargetTable | None, str]:
        try:
            return table_of(self.opened.source, self.opened.table), ""
        except Permanent as error:
            return None, told(error.what)
        except SourceError as error:
            return None, told(str(error))

    def _choose(self) -> None:
        """Give the fields what can be chosen."""
        for name, choices in reading_choices(self.file.recognised).items():
            self[name].choices = choices
        ways = [SelectChoice(spelled_by(by), ", ".join(by)) for by in self.proposal.ways]
        self.by.choices = [*ways, SelectChoice("", _("nothing: each row is a new one"))]
        self.mode.choices = [SelectChoice(mode, told(MODES[mode])) for mode in self.proposal.modes]


def form_factory(opened: Opened) -> FormFactory:
    """Give the form class of *opened*."""
    made: Any = type("Form", (ImportForm,), {"opened": opened})
    factory: FormFactory = made
    return factory
