"""Runs migrations on the desk's own engine."""

from alembic import context

from dashboard.extensions import db
from dashboard.models import Base


def run() -> None:
    """Apply the migrations in one transaction where the database can."""
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
