"""The numbered migrations lead up, down and up again, and end where the models stand."""

from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect

from dashboard import create_app
from dashboard.extensions import db, migrate
from dashboard.models import Base
from tests.servers import fresh_database


def leads_up_and_down(app: Flask) -> None:
    """Migrate up, down, up; compare with the models."""
    with app.app_context():
        flask_migrate.upgrade(directory=migrate.directory)
        assert "jobs" in inspect(db.engine).get_table_names()
        flask_migrate.downgrade(directory=migrate.directory, revision="base")
        assert inspect(db.engine).get_table_names() == ["alembic_version"]
        flask_migrate.upgrade(directory=migrate.directory)
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
