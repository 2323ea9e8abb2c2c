"""The one spelling of values as text."""

import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from dashboard.formats.spelling import spell, whole
from tests.formats.samples import patient


class Region(StrEnum):
    NORTH = "north"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (-42, "-42"),
        (10**30, "1" + 30 * "0"),
        (1.0, "1"),
        (-0.5, "-0.5"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e20, "1e+20"),
        (1e-5, "1e-05"),
        (0.0001, "0.0001"),
        (123456789012345.0, "123456789012345"),
        (1e15, "1e+15"),
        (-1234567890123456.0, "-1.234567890123456e+15"),
        (math.nan, "NaN"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (Decimal("12.50"), "12.50"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-9"), "0.000000001"),
        (Decimal("NaN"), "NaN"),
        ("plain", "plain"),
        (Region.NORTH, "north"),
        (date(2026, 10, 31), "2026-10-31"),
        (datetime(2026, 10, 31, 14, 5, 9), "2026-10-31 14:05:09"),
        (datetime(2026, 10, 31, 14, 5, 9, 123456), "2026-10-31 14:05:09.123456"),
        (datetime(2026, 10, 31, 14, 5, 9, tzinfo=UTC), "2026-10-31 14:05:09+00:00"),
        (
            datetime(2026, 10, 31, 1, 0, tzinfo=timezone(timedelta(hours=2))),
            "2026-10-30 23:00:00+00:00",
        ),
        (time(14, 5, 9), "14:05:09"),
        (timedelta(hours=1, minutes=2, seconds=3), "01:02:03"),
        (timedelta(days=1, microseconds=5), "1 day 00:00:00.000005"),
        (-timedelta(days=2, hours=1), "-2 days -01:00:00"),
        (b"\x00\xff", "\\x00ff"),
        (memoryview(b"a"), "\\x61"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ({"a": [1, Decimal("2.5"), None], "ü": date(2026, 1, 1)}, None),
        ([1, "two"], '[1,"two"]'),
    ],
)
def test_each_kind_of_value_has_one_spelling(value: object, text: str | None) -> None:
    assert spell(value) == ('{"a":[1,"2.5",null],"ü":"2026-01-01"}' if text is None else text)


@patient
@given(st.floats(allow_nan=False))
def test_a_number_reads_back_as_it_was(number: float) -> None:
    assert float(spell(number)) == number


@patient
@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_decimal_keeps_its_value_without_an_exponent(number: Decimal) -> None:
    assert Decimal(spell(number)) == number
    assert "E" not in spell(number)


@patient
@given(st.text())
def test_whole_texts_stay_as_they_are(text: str) -> None:
    assert whole(text) == text


def test_broken_characters_become_visible() -> None:
    assert whole("a\ud800b") == "a\ufffdb"
