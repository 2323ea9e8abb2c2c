"""How the rows of a file become rows of a table: which cells, by which converters, checked how."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Any, Final

from dashboard.formats.reading import Row
from dashboard.jobs.errors import Permanent
from dashboard.kinds.imports.checks import Checks, WrongChecks, parse_checks
from dashboard.kinds.imports.comparing import Mode
from dashboard.kinds.imports.converting import Converter, converter
from dashboard.kinds.imports.findings import Fault
from dashboard.kinds.imports.opened import Opened
from dashboard.kinds.imports.params import Chosen
from dashboard.kinds.imports.unfit import Unfit
from dashboard.kinds.imports.wholesale import Converted
from dashboard.sources.writing import TargetColumn, TargetTable
from dashboard.words import marked

CELLS: Final = itemgetter(1)
RAGGED: Final = marked("This row has %(cells)s cells, the file has %(columns)s columns")
CHOOSE_AGAIN: Final = marked("Press “Change and run again” and look at the columns.")
TELL: Final = marked("Tell the people who look after this import.")


@dataclass
class Read:
    """Rows of one batch: what came of their *columns*, and *faults* by the places of rows.

    What stands at the place of a row with faults is nothing to go by.
    """

    columns: list[Converted]
    faults: dict[int, list[Fault]] = field(default_factory=dict)

    def row(self, at: int) -> tuple[Any, ...]:
        """Give the values of the row at the place *at*."""
        return tuple(column.values[at] for column in self.columns)

    def rows(self) -> list[tuple[Any, ...] | None]:
        """Give the values of all rows, None for one with faults."""
        found: list[tuple[Any, ...] | None] = list(self.parts(range(len(self.columns))))
        for at in self.faults:
            found[at] = None
        return found

    def parts(self, columns: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        """Give the values of some *columns*, by their places, for each row."""
        return zip(*(self.columns[place].values for place in columns), strict=True)


@dataclass(frozen=True)
class Plan:
    """What is done with each row; *numbers* are places in the file, from 0, of *columns*."""

    table: TargetTable
    columns: tuple[str, ...]
    numbers: tuple[int, ...]
    by: tuple[str, ...]
    mode: Mode
    converters: tuple[Converter, ...]
    checks: Checks

    @property
    def key(self) -> tuple[int, ...]:
        """The places, among the columns, of those that tell rows apart."""
        return tuple(self.columns.index(name) for name in self.by)

    @property
    def targets(self) -> tuple[TargetColumn, ...]:
        """The columns of the table that are written."""
        known = {column.name: column for column in self.table.columns}
        return tuple(known[name] for name in self.columns)

    def read(self, rows: Sequence[Row], width: int) -> Read:
        """Give the values of *rows* of a file with *width* columns."""
        faults: dict[int, list[Fault]] = {}
        cells = list(map(CELLS, rows))
        for at, row in enumerate(cells) if {*map(len, cells)} != {width} else ():
            if len(row) != width:
                if len(row) < width or any(cell not in ("", None) for cell in row[width:]):
                    unfit = Unfit(RAGGED, cells=len(row), columns=width)
                    faults[at] = [Fault("", unfit)]
                cells[at] = (*row, *[""] * width)[:width]
        columns = list(zip(*cells, strict=True)) or [()] * width
        found = [
            self._column(at, columns[number], faults) for at, number in enumerate(self.numbers)
        ]
        return Read(found, faults)

    def shown(self, row: Row) -> tuple[str, ...]:
        """Give the cells of *row* that are written, as text."""
        return tuple(
            "" if number >= len(row.cells) or row.cells[number] is None else str(row.cells[number])
            for number in self.numbers
        )

    def _column(
        self, at: int, cells: Sequence[object], faults: dict[int, list[Fault]]
    ) -> Converted:
        check = self.checks.of(self.columns[at])
        convert = self.converters[at]
        try:
            found = convert.many(cells)
            if check.asks:
                for value in found.values:
                    check.look(value)
            return found
        except Unfit:
            pass  # One by one tells which.
        values: list[object] = []
        for place, cell in enumerate(cells):
            try:
                value = convert.one(cell)
                check.look(value)
            except Unfit as unfit:
                value = None
                if place not in faults or faults[place][0].column:
                    faults.setdefault(place, []).append(Fault(self.columns[at], unfit))
            values.append(value)
        return Converted(values)


def plan_of(opened: Opened, chosen: Chosen, table: TargetTable, names: Sequence[str]) -> Plan:
    """Give the plan for a file whose columns have those *names*.

    Raises Permanent where file, table or checks are not what was chosen for.
    """
    known = {column.name: column for column in table.columns}
    for pair in chosen.mapped:
        if pair.target not in known or known[pair.target].generated:
            what = f"The table “{table.name}” has no column “{pair.target}” that can be written."
            raise Permanent(what, next=CHOOSE_AGAIN, change=True)
        if pair.number > len(names):
            what = f"The file has {len(names)} columns and none with the number {pair.number}."
            raise Permanent(what, next=CHOOSE_AGAIN, change=True)
    columns = tuple(pair.target for pair in chosen.mapped)
    if chosen.by and not (table.tells_apart(chosen.by) and set(chosen.by) <= set(columns)):
        what = f"“{', '.join(chosen.by)}” does not tell the rows of “{table.name}” apart any more."
        raise Permanent(what, next=CHOOSE_AGAIN, change=True)
    try:
        checks = parse_checks(opened.checks, known)
    except WrongChecks as error:
        raise Permanent(str(error), next=TELL, attention=True) from error
    return Plan(
        table,
        columns,
        tuple(pair.number - 1 for pair in chosen.mapped),
        chosen.by,
        chosen.mode,
        tuple(
            converter(
                _asked(known[name], chosen), chosen.spelling, texts=chosen.manner.kind == "csv"
            )
            for name in columns
        ),
        checks,
    )


def _asked(column: TargetColumn, chosen: Chosen) -> TargetColumn:
    """Give *column* as a file has to fill it: what tells rows apart is not left empty.

    But where the database itself makes a value for a new row, it may do so.
    """
    must = column.required or (column.name in chosen.by and column.nullable)
    return replace(column, required=must)
