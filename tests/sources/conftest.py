"""The same small shop in every engine."""

from collections.abc import Iterator

import pytest

from dashboard.sources import Reading
from tests.sources import mariadb
from tests.sources.databases import (
    ENGINES,
    Database,
    mariadb_database,
    postgresql_database,
    sqlite_database,
)

SHOP = """
CREATE TABLE items (id integer PRIMARY KEY, name text, price numeric(10,2), weight {double},
                    sold boolean, day date, made {moment});
INSERT INTO items VALUES
    (1, 'Lamp', 12.50, 0.25, {true}, '2026-10-31', '2026-10-31 14:05:09'),
    (2, 'Żółć “ünïcode” 灯 🪔', 3.00, 1.0, {false}, '2024-02-29', '2024-02-29 00:00:00.123456'),
    (3, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE numbers (n integer PRIMARY KEY);
INSERT INTO numbers WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 2500)
    SELECT n FROM up;
"""

TYPES = """
CREATE TYPE mood AS ENUM ('=mad', 'glad');
CREATE DOMAIN code AS text;
"""

WORDS = {
    "sqlite": {"double": "real", "moment": "datetime", "true": "1", "false": "0"},
    "mariadb": {"double": "double", "moment": "datetime(6)", "true": "true", "false": "false"},
    "postgresql": {
        "double": "double precision",
        "moment": "timestamp",
        "true": "true",
        "false": "false",
    },
}


@pytest.fixture(scope="session")
def mariadb_url() -> Iterator[str]:
    """Run one MariaDB for all tests; those that need it are skipped where none is installed."""
    if reason := mariadb.why_not():
        pytest.skip(f"SKIPPED: MariaDB, for {reason}.")
    with mariadb.mariadb_server() as url:
        yield url


@pytest.fixture(scope="module", params=ENGINES)
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """Give the shop in each engine in turn."""
    engine: str = request.param
    generic = engine.startswith("generic-")
    if engine.endswith("sqlite"):
        database = sqlite_database(tmp_path_factory.mktemp("shop") / "shop.db", generic=generic)
        database.execute(SHOP.format(**WORDS["sqlite"]))
        yield database
    elif engine == "generic-mariadb":
        with mariadb_database(request.getfixturevalue("mariadb_url")) as database:
            database.execute(SHOP.format(**WORDS["mariadb"]))
            yield database
    else:
        server: str = request.getfixturevalue("postgres_url")
        with postgresql_database(server, generic=generic) as database:
            database.execute(SHOP.format(**WORDS["postgresql"]) + TYPES)
            yield database


@pytest.fixture
def reading(shop: Database) -> Iterator[Reading]:
    """Give a reading of the shop."""
    with shop.source.reading(timeout=30) as reading:
        yield reading
