"""Which engine an address gets."""

import pytest

from dashboard.sources import SourceError, from_url
from dashboard.sources.postgresql import PostgreSQLSource
from dashboard.sources.sqlite import SQLiteSource


@pytest.mark.parametrize(
    ("url", "engine", "dialect"),
    [
        ("sqlite:////var/shop.db", SQLiteSource, "sqlite"),
        ("sqlite+pysqlite:///shop.db", SQLiteSource, "sqlite"),
        ("postgresql://me@db/shop", PostgreSQLSource, "postgresql"),
        ("postgres://me@db/shop", PostgreSQLSource, "postgresql"),
        ("postgresql+psycopg://me@db/shop?sslmode=require", PostgreSQLSource, "postgresql"),
    ],
)
def test_native_engines_are_preferred(url: str, engine: type, dialect: str) -> None:
    source = from_url("shop", url)
    assert type(source) is engine
    assert (source.name, source.dialect) == ("shop", dialect)
    source.dispose()


@pytest.mark.parametrize(
    "url", ["", "shop.db", "http//:secret", "sqlite", "postgresql://me:se cret@db:x/"]
)
def test_what_is_no_address_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(SourceError, match="“shop” is not a database URL") as caught:
        from_url("shop", url)
    assert "cret" not in str(caught.value) + caught.value.detail
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
