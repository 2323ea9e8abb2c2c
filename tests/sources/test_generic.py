"""What is special about databases behind SQLAlchemy."""

import pytest

from dashboard.sources import QueryError, SourceError, from_url
from tests.sources.databases import Database, everything


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql+mysqldb://me:secret@db/shop", "needs the Python package “MySQLdb”"),
        ("teleport+beam://me:secret@db/shop", "needs “teleport\\+beam”, which nothing here knows"),
    ],
)
def test_a_driver_that_is_not_there_is_named(url: str, sentence: str) -> None:
    with pytest.raises(SourceError, match=sentence) as caught:
        from_url("shop", url)
    assert "secret" not in str(caught.value) + caught.value.detail


@pytest.mark.parametrize("shop", ["generic-postgresql"], indirect=True)
def test_that_nobody_knows_the_rights_is_said(shop: Database) -> None:
    assert shop.source.check() == [
        "Nobody here can see whether “shop” lets us write: make sure that it may only SELECT."
    ]


@pytest.mark.parametrize("shop", ["generic-sqlite", "generic-postgresql"], indirect=True)
def test_a_write_that_begins_like_reading_changes_nothing(shop: Database) -> None:
    writes = ["WITH gone AS (SELECT 1) DELETE FROM items"]
    if not shop.is_sqlite:
        shop.execute("CREATE SEQUENCE IF NOT EXISTS serial")
        shop.execute("GRANT ALL ON items TO reader; GRANT ALL ON serial TO reader")
        writes += [
            "WITH gone AS (DELETE FROM items RETURNING id) SELECT id FROM gone",
            "SELECT nextval('serial') AS n",
        ]
    for query in writes:
        with shop.source.reading() as reading, pytest.raises(QueryError):
            everything(reading, query)
    with shop.source.reading() as reading:
        assert reading.count("SELECT id FROM items", {}) == 3


@pytest.mark.parametrize("shop", ["generic-sqlite", "generic-postgresql"], indirect=True)
def test_backslashes_and_percents_of_a_query_are_left_alone(shop: Database) -> None:
    query = r"SELECT '\:a 100%s \\:b %%' AS text, :a AS a FROM items WHERE id % 2 = 0"
    with shop.source.reading() as reading:
        assert everything(reading, query, a="x%s\\:y") == [(r"\:a 100%s \\:b %%", "x%s\\:y")]


def test_an_asynchronous_driver_is_refused() -> None:
    with pytest.raises(SourceError, match="needs an address without an asynchronous driver"):
        from_url("shop", "postgresql+psycopg_async://me:secret@db/shop")
