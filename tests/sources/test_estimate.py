"""The planner's guess at the number of rows, where there is a planner that makes one."""

import pytest

from dashboard.sources import QueryError, Reading
from tests.sources.databases import Database, everything


@pytest.mark.parametrize("shop", ["postgresql"], indirect=True)
def test_postgresql_estimates_without_running_the_query(shop: Database) -> None:
    shop.execute("ANALYZE numbers")
    with shop.source.reading() as reading:
        assert reading.estimate("SELECT n FROM numbers", {}) == 2500
        few = reading.estimate("SELECT n FROM numbers WHERE n > :least", {"least": 2400})
        assert few is not None
        assert 50 < few < 200
        names = reading.estimate("SELECT id FROM items WHERE name IN :names", {"names": ["x", "y"]})
        assert names is not None
        many = reading.estimate("SELECT a.n AS a FROM numbers a, numbers b, numbers c", {})
        assert many == 2500**3
        # One that ran would not be over in this test's time.
        assert reading.estimate("SELECT pg_sleep(3600) IS NULL AS slept", {}) == 1
        assert everything(reading, "SELECT count(*) AS n FROM numbers") == [(2500,)]


@pytest.mark.parametrize(
    "shop", ["sqlite", "generic-sqlite", "generic-postgresql", "generic-mariadb"], indirect=True
)
def test_others_estimate_nothing(reading: Reading) -> None:
    assert reading.estimate("SELECT n FROM numbers", {}) is None


@pytest.mark.parametrize("shop", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1 AS one; DELETE FROM items",
        "DELETE FROM items",
        "ANALYZE SELECT 1",
        "WITH gone AS (DELETE FROM items RETURNING id) SELECT id FROM gone",
        "SELECT gone FROM items",
    ],
)
def test_an_estimate_takes_one_select_only(reading: Reading, query: str) -> None:
    with pytest.raises(QueryError):
        reading.estimate(query, {})
    assert reading.count("SELECT id FROM items", {}) == 3
