"""JSON lines: every value as JSON has it, nothing lost on the way."""

import json
import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from dashboard.formats import Column
from dashboard.formats.spelling import spell
from tests.formats.samples import columns, jsonl_rows, patient, written


class Region(StrEnum):
    NORTH = "north"


class Size(IntEnum):
    LARGE = 3


def lines_of(tmp_path: Path, table: list[Column], *rows: tuple[object, ...]) -> list[str]:
    path = tmp_path / "file.jsonl"
    written("jsonl", path, table, rows)
    text = path.read_bytes().decode()
    assert text.endswith("\n")
    return text[:-1].split("\n")


def test_each_row_is_an_object_of_the_columns_names_in_their_order(tmp_path: Path) -> None:
    table = [Column("z", "Last"), Column("a name", "First", "integer")]

    assert lines_of(tmp_path, table, ("Müller", 1), (None, 2)) == [
        '{"z":"Müller","a name":1}',
        '{"z":null,"a name":2}',
    ]


@pytest.mark.parametrize("name", ['say "hi"', "back\\slash", "100 %s", "%", "a\nb", "日本", "=1"])
def test_a_column_may_have_any_name(tmp_path: Path, name: str) -> None:
    (line,) = lines_of(tmp_path, [Column(name, "Label")], ("here",))

    assert json.loads(line) == {name: "here"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (-42, "-42"),
        (10**30, "1" + 30 * "0"),
        (Size.LARGE, "3"),
        (1.0, "1"),
        (-0.5, "-0.5"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e20, "1e+20"),
        (1e-7, "1e-07"),
        (1e15, "1e+15"),
        (math.nan, "null"),
        (-math.inf, "null"),
        (Decimal("12.50"), "12.50"),
        (Decimal("0.1000000000000000000000000000000000000001"), None),
        (Decimal("-0.00"), "-0.00"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-9"), "0.000000001"),
        (Decimal("NaN"), "null"),
        (Decimal("Infinity"), "null"),
        ("plain", '"plain"'),
        ("", '""'),
        ("\\N", '"\\\\N"'),
        ("=1+1", '"=1+1"'),
        ('say "hi"\n\t\0', '"say \\"hi\\"\\n\\t\\u0000"'),
        ("arrow → 日本 \u2028", '"arrow → 日本 \u2028"'),
        (Region.NORTH, '"north"'),
        (date(2026, 10, 31), '"2026-10-31"'),
        (datetime(2026, 10, 31, 14, 5, 9, 123456), '"2026-10-31 14:05:09.123456"'),
        (
            datetime(2026, 10, 31, 1, 0, tzinfo=timezone(timedelta(hours=2))),
            '"2026-10-30 23:00:00+00:00"',
        ),
        (time(14, 5, 9), '"14:05:09"'),
        (timedelta(days=1), '"1 day 00:00:00"'),
        (b"\x00\xff", '"\\\\x00ff"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        ({"a": [1, None]}, '"{\\"a\\":[1,null]}"'),
    ],
)
@pytest.mark.parametrize("beside", [(), (None,), ("text",), (1,), (0.5, None)])
def test_each_class_of_values_has_one_spelling_in_any_company(
    tmp_path: Path, value: object, text: str | None, beside: tuple[object, ...]
) -> None:
    """Columns are written as a whole, in one of several ways, which must all agree."""
    rows = [(value,), *((other,) for other in beside)]

    line = lines_of(tmp_path, [Column("a", "A")], *rows)[0]

    assert line == f'{{"a":{spell(value) if text is None else text}}}'


def test_numbers_that_json_has_not_are_named(tmp_path: Path) -> None:
    path = tmp_path / "file.jsonl"
    rows = [(math.nan, Decimal(1)), (math.inf, Decimal("NaN")), (1.5, None)]

    result = written("jsonl", path, columns(a="number", b="money"), rows)

    assert result.warnings == (
        "Column A: 2 values are NaN or infinite and are written as null.",
        "Column B: 1 value is NaN or infinite and is written as null.",
    )


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.text(),
    st.sampled_from(["", '"', "\\", "\n", "\x1f", "\x7f", "%s", "\u2028"]),
    st.dates(),
    st.datetimes(timezones=st.none() | st.just(UTC)),
    st.binary(),
)
alike = st.sampled_from(
    [
        st.text() | st.none(),
        st.integers() | st.none(),
        st.floats(allow_nan=False, allow_infinity=False) | st.none(),
        st.decimals(allow_nan=False, allow_infinity=False) | st.none(),
        values,
    ]
).flatmap(lambda kind: st.lists(st.tuples(kind), min_size=1, max_size=20))


@patient
@given(alike)
def test_what_is_written_reads_back(rows: list[tuple[Any, ...]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "file.jsonl")
        written("jsonl", path, columns(a="text"), rows)
        read = [row["a"] for row in jsonl_rows(path)]

    for (value,), found in zip(rows, read, strict=True):
        if isinstance(value, float):
            assert float(found) == value
        elif value is None or isinstance(value, bool | int | Decimal):
            assert found == value
            assert (found is None) == (value is None)
        else:
            assert found == spell(value)
