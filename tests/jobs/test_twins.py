"""Rows about the same thing are found whatever the order of their keys."""

import random
from pathlib import Path

import pytest

from dashboard.jobs.twins import Twins

CHUNK = 50


def found_in(folder: Path, keys: list[int]) -> dict[int, int]:
    """Give row and first row of each key that comes again; rows are numbers from 2."""
    found: dict[int, int] = {}
    with Twins(folder / "seen.db") as twins:
        for begin in range(0, len(keys), CHUNK):
            part = keys[begin : begin + CHUNK]
            rows = range(begin + 2, begin + 2 + len(part))
            found |= twins.firsts(rows, [(key,) for key in part])
    return found


def expected(keys: list[int]) -> dict[int, int]:
    firsts: dict[int, int] = {}
    found = {}
    for row, key in enumerate(keys, 2):
        if firsts.setdefault(key, row) != row:
            found[row] = firsts[key]
    return found


@pytest.mark.parametrize("in_memory", [1000, 60])
@pytest.mark.parametrize(
    "keys",
    [
        list(range(-100, 400)),
        [*range(300), *range(100, 400)],
        [*range(0, 600, 2), *range(599, 0, -1)],
        [*range(100), 99, *range(100, 300), -5, -5, 2**70, 2**70],
        [],
    ],
)
def test_keys_that_climb_and_then_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_memory: int, keys: list[int]
) -> None:
    monkeypatch.setattr("dashboard.jobs.twins.IN_MEMORY", in_memory)

    assert found_in(tmp_path, keys) == expected(keys)


def test_keys_in_any_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.jobs.twins.IN_MEMORY", 500)
    # Nearly all are taken for known by so small a sieve, which only costs time.
    monkeypatch.setattr("dashboard.jobs.twins.SIEVE", 64)
    keys = random.Random(7).choices(range(5000), k=4000)

    assert found_in(tmp_path, keys) == expected(keys)
