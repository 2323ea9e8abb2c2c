"""A target describes its tables as far as an import must know them."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from dashboard.sources import QueryError, SourceError, SourceUnavailable
from dashboard.sources.writing import TargetTable, same, target_of
from tests.sources.writing.places import WRITER, Place, sqlite_place


def test_columns_keys_and_constraints_are_read(place: Place, customers: TargetTable) -> None:
    assert (customers.name, customers.key) == ("customers", ("id",))
    assert set(customers.uniques) == {("number",), ("name", "born")}
    assert customers.tells_apart(("number", "state"))
    assert not customers.tells_apart(("name",))
    assert {column.name: column.type for column in customers.columns} == {
        "id": "integer",
        "number": "text",
        "name": "text",
        "credit": "number",
        "born": "date",
        "seen": "datetime",
        "active": "boolean",
        "state": "text",
        "group_id": "integer",
    }
    assert [column.name for column in customers.columns if column.required] == ["number", "name"]
    assert not any(column.generated for column in customers.columns)
    not_null = [column.name for column in customers.columns if not column.nullable]
    assert not_null == ["id", "number", "name", "active"]
    state = customers.column("state")
    assert state is not None
    assert state.choices == ("new", "old's")
    credit, number = customers.column("credit"), customers.column("number")
    assert credit is not None
    assert number is not None
    limits = (credit.precision, credit.scale, number.max_length)
    # SQLite keeps no such promise.
    assert limits == ((None, None, None) if place.is_sqlite else (10, 2, 8))
    key = customers.column("id")
    assert key is not None
    assert key.bounds == ((-(2**63), 2**63 - 1) if place.is_sqlite else (-(2**31), 2**31 - 1))
    assert customers.column("nothing") is None


def test_a_table_has_one_fingerprint_until_it_is_altered(
    place: Place, customers: TargetTable
) -> None:
    assert place.table().fingerprint == customers.fingerprint
    place.execute("CREATE UNIQUE INDEX more ON customers (seen)")
    assert place.table().fingerprint != customers.fingerprint


def test_tables_are_those_that_may_be_written(place: Place) -> None:
    place.make_customers()
    place.execute("CREATE VIEW seen AS SELECT name FROM customers")
    place.execute("CREATE TABLE secret (n integer)")
    if not place.is_sqlite:
        place.execute(f"REVOKE ALL ON secret FROM {WRITER}; GRANT SELECT ON secret TO {WRITER}")
    names = [table.name for table in place.target.tables()]
    assert names == ["customers", "groups", *(["secret"] if place.is_sqlite else [])]
    assert place.target.table("nothing") is None


def test_only_whole_and_plain_unique_sets_tell_rows_apart(place: Place) -> None:
    place.execute(
        """
        CREATE TABLE odd (a text, b text, c text);
        CREATE UNIQUE INDEX odd_part ON odd (a) WHERE b IS NOT NULL;
        CREATE UNIQUE INDEX odd_lower ON odd (lower(b));
        CREATE INDEX odd_more ON odd (c);
        """
    )
    assert (place.table("odd").key, place.table("odd").uniques) == ((), ())


def test_enums_domains_and_identities_of_postgresql(place: Place) -> None:
    if place.is_sqlite:
        return
    place.execute(
        """
        CREATE TYPE mood AS ENUM ('sad', 'glad');
        CREATE DOMAIN code AS varchar(5) NOT NULL CHECK (VALUE IN ('a', 'b,''c'));
        CREATE TABLE odd (id bigint GENERATED ALWAYS AS IDENTITY, mood mood, code code,
            fixed char(3), small smallint, size varchar(9) CHECK (size IN ('S', 'M')),
            n numeric, double float8, two text CHECK (two IN ('x') OR two = 'y'),
            "Upper" text CHECK ("Upper" = 'one'));
        """
    )
    columns = {column.name: column for column in place.table("odd").columns}
    assert columns["id"].generated
    assert not columns["id"].required
    assert columns["mood"].choices == ("sad", "glad")
    assert columns["code"].choices == ("a", "b,'c")
    assert (columns["code"].max_length, columns["code"].required) == (5, True)
    assert columns["fixed"].max_length == 3
    assert columns["small"].bounds == (-32768, 32767)
    assert columns["size"].choices == ("S", "M")
    assert (columns["n"].precision, columns["n"].scale) == (None, None)
    assert columns["two"].choices == ()
    assert columns["code"].native == "code"


def test_comments_of_sqlite_are_no_checks(tmp_path: Path) -> None:
    place = sqlite_place(tmp_path / "odd.db")
    place.execute(
        "CREATE TABLE odd (a text, -- CHECK (a IN ('no'))\n"
        " b text CHECK (b IN ('yes', 'it''s')) /* CHECK (c IN ('no')) */, c text)"
    )
    columns = place.table("odd").columns
    assert [column.choices for column in columns] == [(), ("yes", "it's"), ()]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql+pymysql://localhost/shop", "Imports write to PostgreSQL and SQLite"),
        ("nonsense", "The address of the target “shop” is not a database URL"),
        ("sqlite://", "The address of the target “shop” names no file"),
    ],
)
def test_other_addresses_are_told(url: str, sentence: str) -> None:
    with pytest.raises(SourceError, match=sentence):
        target_of("shop", url)


def test_a_missing_file_may_come_back(tmp_path: Path) -> None:
    target = target_of("shop", f"sqlite:///{tmp_path}/none.db")
    with pytest.raises(SourceUnavailable, match="The file of the target “shop” is missing"):
        target.tables()
    assert not list(tmp_path.iterdir())


def test_a_role_that_may_make_no_tables_is_told(place: Place) -> None:
    if place.is_sqlite:
        return
    place.execute("DROP TABLE bellhop_import_before; DROP TABLE bellhop_import")
    place.execute(f"REVOKE CREATE ON SCHEMA public FROM {WRITER}")
    with pytest.raises(QueryError, match="may not make the tables bellhop_import"):
        place.target.prepare()
    assert len(place.target.warnings()) == 2


def test_values_are_the_same_in_whatever_form_they_come() -> None:
    east = timezone(timedelta(hours=2))
    assert same(Decimal("12.10"), 12.1)
    assert same(float("nan"), float("nan"))
    assert same(datetime(2026, 1, 1, 10), datetime(2026, 1, 1, 12, tzinfo=east))
    assert same(datetime(2026, 1, 1, 10, tzinfo=UTC), datetime(2026, 1, 1, 12, tzinfo=east))
    assert same(UUID(int=10), "{00000000-0000-0000-0000-00000000000A}")
    assert not same(None, "")
    assert not same("1", 1)
    assert not same(Decimal("12.10"), 12.11)
