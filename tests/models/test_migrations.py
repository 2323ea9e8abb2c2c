"""The numbered migrations lead up, down and up again, and end where the models stand."""

from datetime import datetime
from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import Connection, MetaData, Table, inspect, text

from dashboard import create_app
from dashboard.cli import know_migrations
from dashboard.extensions import db
from dashboard.models import Base
from tests.servers import fresh_database


def leads_up_and_down(app: Flask) -> None:
    """Migrate up, down, up; compare with the models."""
    know_migrations(app)
    with app.app_context():
        flask_migrate.upgrade()
        assert "jobs" in inspect(db.engine).get_table_names()
        flask_migrate.downgrade(revision="base")
        assert inspect(db.engine).get_table_names() == ["alembic_version"]
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Base.metadata) == []
        db.engine.dispose()


def test_migrations_lead_up_and_down_on_sqlite(tmp_path: Path) -> None:
    leads_up_and_down(create_app(INSTANCE_PATH=tmp_path))


@pytest.mark.postgresql
def test_migrations_lead_up_and_down_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    with fresh_database(postgres_url) as url:
        leads_up_and_down(create_app(INSTANCE_PATH=tmp_path, SQLALCHEMY_DATABASE_URI=url))


NOW = datetime(2026, 11, 21, 9, 0, 0)
FILLED: dict[type, object] = {int: 1, str: "x", bool: False, datetime: NOW, object: {}}


def fill(connection: Connection, table: str, **values: object) -> None:
    """Write a row as an older release did, with anything where something must stand."""
    columns = Table(table, MetaData(), autoload_with=connection)
    needed = [each for each in columns.c if not each.nullable and each.server_default is None]
    filled = {each.name: FILLED[each.type.python_type] for each in needed}
    connection.execute(columns.insert(), {**filled, **values})


def test_shortcuts_are_filled_from_the_jobs_that_are_there(tmp_path: Path) -> None:
    app = create_app(INSTANCE_PATH=tmp_path)
    know_migrations(app)
    with app.app_context():
        flask_migrate.upgrade(revision="0006")
        with db.engine.begin() as connection:
            for number in (1, 2):
                fill(connection, "users", id=number, email=f"{number}@example.org")
            fill(connection, "jobs", serial=7, id="a", requested_by_id=2)
            fill(connection, "dead_letters", job_id="a")
            for number in (1, 2):  # The second one follows what has become their own.
                fill(connection, "followers", job_id="a", user_id=number)
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            owners = connection.execute(text("SELECT requested_by_id FROM dead_letters"))
            assert list(owners.scalars()) == [2]
            followed = connection.execute(text("SELECT user_id, serial FROM followers"))
            assert [tuple(row) for row in followed] == [(1, 7)]
        db.engine.dispose()
