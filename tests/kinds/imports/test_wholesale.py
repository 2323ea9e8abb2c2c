"""Whole columns become what their cells become one by one."""

import random

import pytest

from dashboard.kinds.imports.converting import converter
from dashboard.kinds.imports.spelling import Spelling
from dashboard.kinds.imports.unfit import Unfit
from dashboard.sources.writing import TargetColumn

CELLS = (
    *(
        "",
        " ",
        "\\N",
        "0",
        "-0",
        "007",
        "12",
        "-12",
        "+1",
        "1 234",
        "99999",
        "32768",
        "12.5",
        "-0.25",
    ),
    *(
        "1.234",
        "1e3",
        "12345678901234567890",
        "١٢",
        "1\n2",
        "2026-02-28",
        "2026-02-30",
        "28.2.2026",
    ),
    *("2026-W01-1", "2026-02-28 14:05:09", "2026-02-28T14:05:09", "2026-02-28 14:05:09+00:00"),
    *("2026-02-28 25:00:00", "true", "no", "x", "Ä\t\\"),
)
COLUMNS = [
    TargetColumn("it", "integer", "smallint", False, bounds=(-(2**15), 2**15 - 1)),
    TargetColumn("it", "integer", "integer", True),
    TargetColumn("it", "number", "numeric(4,2)", False, precision=4, scale=2),
    TargetColumn("it", "number", "numeric", False),
    TargetColumn("it", "number", "double precision", False),
    TargetColumn("it", "date", "date", False),
    TargetColumn("it", "datetime", "timestamp", False),
    TargetColumn("it", "datetime", "timestamp with time zone", False),
    TargetColumn("it", "boolean", "boolean", False),
    TargetColumn("it", "text", "text", False),
    TargetColumn("it", "text", "varchar(4)", False, max_length=4),
    TargetColumn("it", "text", "text", True),
]


@pytest.mark.parametrize("nulls", ["empty", "mark"])
@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.native)
def test_a_column_is_what_its_cells_are(column: TargetColumn, nulls: str) -> None:
    found = converter(column, Spelling(nulls="mark" if nulls == "mark" else "empty"), texts=True)
    one = {}
    for cell in CELLS:
        try:
            one[cell] = found.one(cell)
        except Unfit:
            continue
    chance = random.Random(column.native)
    # Few sorts of cells at a time, so that all of them are often plain.
    for _ in range(300):
        cells = chance.choices(chance.sample(CELLS, 3), k=5)
        if not all(cell in one for cell in cells):
            with pytest.raises(Unfit):
                found.many(cells)
            continue
        values, spelled, is_filled = found.many(cells)
        assert list(values) == [one[cell] for cell in cells]
        assert list(map(type, values)) == [type(one[cell]) for cell in cells]
        assert not (is_filled and None in values)
        if spelled is not None:
            expected = [None if one[cell] is None else cell for cell in cells]
            assert list(spelled) == expected
