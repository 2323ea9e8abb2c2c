"""Parquet: types that hold all values of a column, read back by pyarrow."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from dashboard.formats import Column
from dashboard.formats.spelling import spell
from tests.formats.samples import columns, opened, parquet_table, patient, written

pytest.importorskip("pyarrow")

MOMENT = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
LOCAL = datetime(2026, 7, 1, 22, 30, 0, 123456)


def column_of(tmp_path: Path, *values: object, kind: str = "text") -> tuple[str, list[Any]]:
    """Gives the type of a column and its values; each was written in a batch of its own."""
    path = tmp_path / "file.parquet"
    writer = opened("parquet", path, columns(a=kind))
    for value in values:
        writer.write([(value,)])
    assert writer.close().rows == len(values)
    table = parquet_table(path)
    return str(table.schema.field("a").type), table.column("a").to_pylist()


@pytest.mark.parametrize(
    ("values", "kind", "read"),
    [
        (["Müller", "", None], "string", None),
        ([True, None, False], "bool", None),
        ([1, -(2**63) + 1, 2**63 - 1], "int64", None),
        ([1, 10**20, None], "decimal128(38, 0)", None),
        ([Decimal("12.50"), Decimal(-3), None], "decimal128(18, 2)", None),
        ([Decimal("1E+3"), Decimal("1E-9"), 7], "decimal128(18, 9)", None),
        ([Decimal("1E+3"), Decimal("0.00")], "decimal128(18, 2)", None),
        ([Decimal("9" * 38)], "decimal128(38, 0)", None),
        ([Decimal("9" * 39), None], "string", ["9" * 39, None]),
        ([Decimal("12.50"), Decimal("9" * 40)], "string", ["12.50", "9" * 40]),
        ([0.5, 3, None], "double", [0.5, 3.0, None]),
        ([0.5, 2**60], "string", ["0.5", str(2**60)]),
        ([float("inf")], "double", None),
        ([Decimal("NaN"), Decimal(1)], "decimal128(18, 0)", [None, Decimal(1)]),
        ([date(1, 1, 1), date(9999, 12, 31)], "date32[day]", None),
        ([LOCAL, None], "timestamp[us]", None),
        ([LOCAL, date(2026, 1, 2)], "timestamp[us]", [LOCAL, datetime(2026, 1, 2)]),
        ([MOMENT, None], "timestamp[us, tz=UTC]", None),
        ([MOMENT, LOCAL], "string", [spell(MOMENT), spell(LOCAL)]),
        ([time(14, 5, 9), None], "time64[us]", None),
        ([time(14, 5, tzinfo=UTC)], "string", ["14:05:00+00:00"]),
        ([b"\0\xff", None], "binary", None),
        ([memoryview(b"a"), bytearray(b"b")], "binary", [b"a", b"b"]),
        ([UUID(int=1), {"a": 1}], "string", [str(UUID(int=1)), '{"a":1}']),
        ([timedelta(days=1)], "string", ["1 day 00:00:00"]),
        ([1, "one", Decimal("2.50"), True], "string", ["1", "one", "2.50", "true"]),
    ],
)
def test_a_column_has_the_type_that_holds_all_its_values(
    tmp_path: Path, values: list[object], kind: str, read: list[object] | None
) -> None:
    assert column_of(tmp_path, *values) == (kind, values if read is None else read)


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("text", "string"),
        ("integer", "int64"),
        ("number", "double"),
        ("money", "double"),
        ("date", "date32[day]"),
        ("datetime", "timestamp[us]"),
        ("time", "time64[us]"),
        ("boolean", "bool"),
    ],
)
@pytest.mark.parametrize("values", [(), (None,)])
def test_a_column_without_values_has_the_type_of_the_table(
    tmp_path: Path, kind: str, found: str, values: tuple[object, ...]
) -> None:
    assert column_of(tmp_path, *values, kind=kind) == (found, [*values])


def test_columns_bear_their_names(tmp_path: Path) -> None:
    path = tmp_path / "file.parquet"

    written("parquet", path, [Column("a b", "Label"), Column("ü", "Label")], [(1, 2)])

    assert parquet_table(path).column_names == ["a b", "ü"]


def test_what_a_column_cannot_hold_is_told(tmp_path: Path) -> None:
    path = tmp_path / "file.parquet"
    rows = [
        (1, Decimal("9" * 39), Decimal("NaN"), "bro\ud800ken"),
        ("x", Decimal(1), Decimal("Infinity"), "fine"),
    ]

    result = written("parquet", path, columns(a="text", b="number", c="number", d="text"), rows)

    assert sorted(result.warnings) == [
        "Column A: its values are of several sorts, so the column is written as text.",
        "Column B: its numbers need more than 38 digits, so the column is written as text.",
        "Column C: 2 values are NaN or infinite and are written as null.",
        "Column D: 1 text holds broken characters, which are written as \ufffd.",
    ]


def test_rows_stand_in_large_groups(tmp_path: Path) -> None:
    path = tmp_path / "file.parquet"
    writer = opened("parquet", path, columns(a="integer"))
    heard: list[int] = []

    for start in range(0, 120_000, 1_000):
        writer.write([(number,) for number in range(start, start + 1_000)])
    writer.close(heard.append)

    assert heard == [50_000, 100_000, 120_000]
    assert parquet_table(path).column("a").to_pylist() == [*range(120_000)]


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.text(),
    st.dates(),
    st.datetimes(),
    st.datetimes(timezones=st.just(UTC)),
    st.times(),
    st.binary(),
)
alike = st.sampled_from(
    [
        st.integers() | st.none(),
        st.integers() | st.floats(allow_nan=False),
        st.decimals(-(10**15), 10**15, allow_nan=False, places=3) | st.integers(-9, 9),
        st.dates() | st.datetimes(),
        values,
    ]
).flatmap(lambda kind: st.lists(st.tuples(kind), min_size=1, max_size=20))


@patient
@given(alike)
def test_every_value_reads_back_as_itself_or_as_its_text(rows: list[tuple[Any, ...]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "file.parquet")
        written("parquet", path, columns(a="text"), rows)
        read = parquet_table(path).column("a").to_pylist()

    for (value,), found in zip(rows, read, strict=True):
        if isinstance(found, str):
            assert found == spell(value)
        elif isinstance(found, datetime) and type(value) is date:
            assert found == datetime(value.year, value.month, value.day)
        else:
            assert found == value
