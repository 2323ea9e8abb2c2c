"""Judges the rows of a file against the table, batch by batch."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dashboard.formats.reading import Row
from dashboard.kinds.imports.addresses import told_apart
from dashboard.kinds.imports.comparing import BAD, CHANGED, LEFT, NEW, SAME, Fate, fate_of
from dashboard.kinds.imports.converting import MISSING
from dashboard.kinds.imports.corrections import Corrections
from dashboard.kinds.imports.findings import Bad, Changed, Fault, Findings
from dashboard.kinds.imports.plan import Plan, Read
from dashboard.kinds.imports.twins import Twins
from dashboard.kinds.imports.unfit import Unfit
from dashboard.sources.writing import Writing
from dashboard.words import marked

SAME_KEY: Final = marked("The same as in row %(row)s, which comes first")


@dataclass(frozen=True)
class Judge:
    """Knows the plan, the table as one snapshot, and which keys of the file came by already."""

    plan: Plan
    snapshot: Writing
    twins: dict[tuple[str, ...], Twins]

    @classmethod
    @contextmanager
    def of(cls, plan: Plan, snapshot: Writing, scratch: Path) -> Iterator["Judge"]:
        """Give a judge; what it remembers lies in the folder *scratch*."""
        uniques = [(name,) for name in plan.columns if plan.checks.of(name).unique]
        sets = dict.fromkeys([plan.by, *uniques] if plan.by else uniques)
        with ExitStack() as stack:
            twins = {
                names: stack.enter_context(Twins(scratch / f"twins-{at}.db"))
                for at, names in enumerate(sets)
            }
            yield cls(plan, snapshot, twins)

    def judge(
        self, chunk: int, rows: Sequence[Row], width: int, found: Findings, bad_rows: Corrections
    ) -> None:
        """Write into *found* what becomes of the *rows* of *chunk*, and into *bad_rows* the bad."""
        read = self.plan.read(rows, width)
        self._find_twins(rows, read)
        before = self._before(read)
        fates = self._fates(read, before)
        bad = [
            Bad(rows[at].number, self.plan.shown(rows[at]), tuple(read.faults[at]))
            for at in sorted(read.faults)
        ]
        bad_rows.add([(rows[at], read.faults[at]) for at in sorted(read.faults)])
        changed = [
            Changed(rows[at].number, before[at], read.values[at] or ())
            for at, fate in enumerate(fates)
            if fate == CHANGED
        ]
        found.add(chunk, rows[0].number, fates, bad=bad, changed=changed)
        for fate in (NEW, SAME, LEFT):
            if room := found.room(fate):
                places = [at for at, each in enumerate(fates) if each == fate][:room]
                found.show(fate, [(rows[at].number, read.values[at] or ()) for at in places])

    def _find_twins(self, rows: Sequence[Row], read: Read) -> None:
        for names, twins in self.twins.items():
            places = [self.plan.columns.index(name) for name in names]
            keys = [
                (at, tuple(values[place] for place in places))
                for at, values in enumerate(read.values)
                if values is not None
            ]
            if fold := told_apart([self.plan.targets[place] for place in places]):
                keys = [(at, fold(key)) for at, key in keys]
            numbers = {rows[at].number: at for at, _ in keys}
            firsts = twins.firsts([(rows[at].number, key) for at, key in keys])
            for number, first in firsts.items():
                _spoil(read, numbers[number], Fault(names[0], Unfit(SAME_KEY, row=first)))

    def _before(self, read: Read) -> dict[int, tuple[Any, ...]]:
        """Give the rows that are in the table already, by their places."""
        if not self.plan.by:
            return {}
        key = self.plan.key
        keys = {
            at: tuple(values[place] for place in key)
            for at, values in enumerate(read.values)
            if values is not None
        }
        wanted = [each for each in keys.values() if None not in each]
        present = self.snapshot.present(self.plan.table, self.plan.by, self.plan.columns, wanted)
        return {at: present[each] for at, each in keys.items() if each in present}

    def _fates(self, read: Read, before: dict[int, tuple[Any, ...]]) -> list[Fate]:
        must = [at for at, column in enumerate(self.plan.targets) if not column.nullable]
        fates: list[Fate] = []
        for at, values in enumerate(read.values):
            fate = BAD if values is None else fate_of(values, before.get(at), self.plan.mode)
            if fate == CHANGED and values is not None:
                # A new row would get the default of the column; a row that is there cannot.
                empty = [place for place in must if values[place] is None]
                for place in empty:
                    _spoil(read, at, Fault(self.plan.columns[place], Unfit(MISSING)))
                fate = BAD if empty else fate
            fates.append(fate)
        return fates


def _spoil(read: Read, at: int, fault: Fault) -> None:
    read.values[at] = None
    read.faults.setdefault(at, []).append(fault)
