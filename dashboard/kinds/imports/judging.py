"""Judges the rows of a file against the table, batch by batch."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import compress, islice
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from dashboard.formats.reading import Row
from dashboard.jobs.twins import Twins
from dashboard.kinds.imports.addresses import told_apart
from dashboard.kinds.imports.comparing import BAD, CHANGED, LEFT, NEW, SAME, Fate, fate_of
from dashboard.kinds.imports.converting import MISSING
from dashboard.kinds.imports.findings import Bad, Changed, Fault, Findings
from dashboard.kinds.imports.plan import Plan, Read
from dashboard.kinds.imports.rows_to_fix import RowsToFix
from dashboard.kinds.imports.unfit import Unfit
from dashboard.sources.writing import Making, ReadyColumn, Writing
from dashboard.words import marked

NUMBER: Final = itemgetter(0)
SAME_KEY: Final = marked("The same as in row %(row)s, which comes first")


@dataclass(frozen=True)
class Judge:
    """Knows the plan, the table as one snapshot, and which keys of the file came by already."""

    plan: Plan
    snapshot: Writing
    twins: dict[tuple[str, ...], Twins]
    ready: Making | None
    is_empty: bool

    @classmethod
    @contextmanager
    def of(
        cls, plan: Plan, snapshot: Writing, ready: Making | None, scratch: Path
    ) -> Iterator["Judge"]:
        """Give a judge; what it remembers lies in the folder *scratch*.

        The rows to be written are kept in *ready*.
        """
        uniques = [(name,) for name in plan.columns if plan.checks.of(name).unique]
        sets = dict.fromkeys([plan.by, *uniques] if plan.by else uniques)
        with ExitStack() as stack:
            twins = {
                names: stack.enter_context(Twins(scratch / f"twins-{at}.db"))
                for at, names in enumerate(sets)
            }
            yield cls(plan, snapshot, twins, ready, snapshot.is_empty(plan.table))

    def judge(
        self, chunk: int, rows: Sequence[Row], width: int, found: Findings, bad_rows: RowsToFix
    ) -> None:
        """Write into *found* what becomes of the *rows* of *chunk*, and into *bad_rows* the bad."""
        read = self.plan.read(rows, width)
        numbers = list(map(NUMBER, rows))
        self._find_twins(numbers, read)
        before = self._before(read)
        fates = self._fates(len(rows), read, before)
        faulty = sorted(read.faults)
        bad = [Bad(numbers[at], self.plan.shown(rows[at]), tuple(read.faults[at])) for at in faulty]
        bad_rows.add([(rows[at], read.faults[at]) for at in faulty])
        changed = [
            Changed(numbers[at], was, read.row(at))
            for at, was in before.items()
            if fates[at] == CHANGED
        ]
        found.add(chunk, numbers[0], fates, bad=bad, changed=changed)
        for fate in (NEW, SAME, LEFT):
            if room := found.room(fate):
                places = islice((at for at, each in enumerate(fates) if each == fate), room)
                found.show(fate, [(numbers[at], read.row(at)) for at in places])
        self._keep_ready(chunk, numbers, read, fates)

    def _find_twins(self, numbers: Sequence[int], read: Read) -> None:
        for names, twins in self.twins.items():
            rows, keys = self._keys(names, read)
            targets = [self.plan.targets[self.plan.columns.index(name)] for name in names]
            if fold := told_apart(targets):
                keys = list(map(fold, keys))
            firsts = twins.firsts([numbers[at] for at in rows], keys)
            if firsts:
                places = {number: at for at, number in enumerate(numbers)}
                for number, first in firsts.items():
                    fault = Fault(names[0], Unfit(SAME_KEY, row=first))
                    read.faults.setdefault(places[number], []).append(fault)

    def _keys(
        self, names: Sequence[str], read: Read
    ) -> tuple[Sequence[int], list[tuple[Any, ...]]]:
        """Give the places of the rows without faults, and their values of the columns *names*."""
        keys = list(read.parts([self.plan.columns.index(name) for name in names]))
        if not read.faults:
            return range(len(keys)), keys
        places = [at for at in range(len(keys)) if at not in read.faults]
        return places, [keys[at] for at in places]

    def _before(self, read: Read) -> dict[int, tuple[Any, ...]]:
        """Give the rows that are in the table already, by their places."""
        if not self.plan.by or self.is_empty:
            return {}
        places, keys = self._keys(self.plan.by, read)
        wanted = [each for each in keys if None not in each]
        present = self.snapshot.present(self.plan.table, self.plan.by, self.plan.columns, wanted)
        if not present:
            return {}
        return {at: present[key] for at, key in zip(places, keys, strict=True) if key in present}

    def _fates(self, rows: int, read: Read, before: dict[int, tuple[Any, ...]]) -> list[Fate]:
        fates: list[Fate] = [fate_of((), None, self.plan.mode)] * rows
        must = [at for at, column in enumerate(self.plan.targets) if not column.nullable]
        for at, was in before.items():
            values = read.row(at)
            fates[at] = fate_of(values, was, self.plan.mode)
            if fates[at] == CHANGED:
                # A new row would get the default of the column; a row that is there cannot.
                for place in (place for place in must if values[place] is None):
                    fault = Fault(self.plan.columns[place], Unfit(MISSING))
                    read.faults.setdefault(at, []).append(fault)
        for at in read.faults:
            fates[at] = BAD
        return fates

    def _keep_ready(
        self, chunk: int, numbers: Sequence[int], read: Read, fates: Sequence[Fate]
    ) -> None:
        """Keep the rows that an import will write as the database takes them."""
        if self.ready is None:
            return
        columns = [ReadyColumn(*column) for column in read.columns]
        updates = [fate == CHANGED for fate in fates] if CHANGED in fates else None
        if fates.count(NEW) < len(fates):
            wanted = [fate in (NEW, CHANGED) for fate in fates]
            numbers = list(compress(numbers, wanted))
            columns = [column.part(wanted) for column in columns]
            updates = updates and list(compress(updates, wanted))
        if numbers:
            self.ready.add(chunk, numbers, columns, updates)
