"""What is proposed for a file: where its columns go, and what tells its rows apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_login import current_user
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.formats.reading import Recognised
from dashboard.jobs.targets import MIRROR
from dashboard.kinds.imports.added import added_to
from dashboard.kinds.imports.checks import Checks, WrongChecks, parse_checks
from dashboard.kinds.imports.mapping import Pair, proposed, remembered_of, spelled_pair
from dashboard.kinds.imports.opened import Opened
from dashboard.kinds.imports.params import MODES, delimiter_name, spelled_by
from dashboard.kinds.imports.spelling import recognised
from dashboard.models import Job
from dashboard.sources.writing import TargetTable
from dashboard.words import reader

REMEMBERED: Final = 10
"""Of a person's last checks the choices of columns are remembered."""


@dataclass(frozen=True)
class Proposal:
    """Knows what was *opened*, and its *table* or None while nobody can look at that."""

    opened: Opened
    table: TargetTable | None

    @property
    def names(self) -> list[str]:
        """The columns of the table that can be written."""
        columns = self.table.columns if self.table else ()
        return [column.name for column in columns if not column.generated]

    @property
    def ways(self) -> list[tuple[str, ...]]:
        """The sets of columns that tell the rows of the table apart and can be written."""
        if self.table is None:
            return []
        known = set(self.names)
        sets = (self.table.key, *self.table.uniques)
        return [by for by in dict.fromkeys(sets) if by and set(by) <= known]

    @property
    def modes(self) -> list[Any]:
        """What this person may do."""
        modes = [mode for mode in MODES if mode in self.opened.modes]
        return [mode for mode in modes if mode != MIRROR or current_user.is_admin]

    def of(self, found: Recognised | None) -> dict[str, Any]:
        """Give each choice for the file that is *found* as it is recognised or proposed."""
        if found is None or self.table is None:
            return {"mode": self.modes[0]}
        manner = reader()
        spelling = recognised(
            [row.cells for row in found.first], locale=manner.locale, zone=manner.zone
        )
        pairs = self._pairs(found.columns)
        mapped = {pair.target for pair in pairs}
        ways = [by for by in self.ways if set(by) <= mapped]
        return {
            "encoding": found.manner.encoding,
            "delimiter": delimiter_name(found.manner.delimiter),
            "header": "yes" if found.manner.header else "no",
            "sheet": found.manner.sheet,
            "decimal": spelling.decimal,
            "days": spelling.days,
            "nulls": spelling.nulls,
            "mapping": [spelled_pair(pair) for pair in pairs],
            "by": spelled_by((ways or self.ways or [()])[0]),
            "mode": self.modes[0] if self.ways else "add",
        }

    def _pairs(self, columns: Sequence[str]) -> list[Pair]:
        return proposed(
            columns,
            self.names,
            aliases=self._checks().aliases,
            remembered=self._remembered(),
            added=added_to(columns, self.names),
        )

    def _checks(self) -> Checks:
        try:
            return parse_checks(self.opened.checks, self.names)
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
