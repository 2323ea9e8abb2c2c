"""A place to write to, in each engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.sources.writing import TargetTable
from tests.sources.writing.places import ENGINES, Place, postgresql_place, sqlite_place


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Give an empty database in each engine in turn, prepared."""
    if request.param == "sqlite":
        place = sqlite_place(tmp_path / "shop.db")
        place.target.prepare()
        yield place
    else:
        with postgresql_place(request.getfixturevalue("postgres_url")) as place:
            place.target.prepare()
            yield place


@pytest.fixture
def customers(place: Place) -> TargetTable:
    """Give the table of a small shop."""
    return place.make_customers()
