"""Shortcuts to whose a dead letter is, which jobs are followed, what is not opened yet."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

OWNER_KEY = "fk_dead_letters_requested_by_id"
HAS_ENDED = sa.text("finished_at IS NOT NULL")
KEPT = sa.text("deleted_at IS NULL")
OWNER = "SELECT requested_by_id FROM jobs WHERE jobs.id = followers.job_id"
# What is kept a second time, of the table jobs.
COPIES = {"dead_letters": "requested_by_id", "followers": "serial"}


def upgrade() -> None:
    """Apply."""
    op.execute(f"DELETE FROM followers WHERE user_id = ({OWNER})")  # Nobody follows their own.
    for table, column in COPIES.items():
        op.add_column(table, sa.Column(column, sa.Integer()))
        theirs = f"SELECT {column} FROM jobs WHERE jobs.id = {table}.job_id"
        op.execute(f"UPDATE {table} SET {column} = ({theirs})")
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column, existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("dead_letters") as batch:
        batch.create_foreign_key(OWNER_KEY, "users", ["requested_by_id"], ["id"])
    letters = ["requested_by_id", "dismissed_at", "since"]
    op.create_index("ix_dead_letters_owner", "dead_letters", letters)
    op.drop_index("ix_followers_user_id", table_name="followers")
    op.create_index("ix_followers_person", "followers", ["user_id", "serial"])
    unopened = ["requested_by_id", "state", "seen_at", "serial"]
    _partial("ix_jobs_unopened", "jobs", unopened, HAS_ENDED)
    op.drop_index("ix_artifacts_check", table_name="artifacts")
    _partial("ix_artifacts_check", "artifacts", ["checked_at"], KEPT)


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_artifacts_check", table_name="artifacts")
    op.create_index("ix_artifacts_check", "artifacts", ["deleted_at", "checked_at"])
    op.drop_index("ix_jobs_unopened", table_name="jobs")
    op.drop_index("ix_followers_person", table_name="followers")
    op.create_index("ix_followers_user_id", "followers", ["user_id"])
    op.drop_index("ix_dead_letters_owner", table_name="dead_letters")
    with op.batch_alter_table("dead_letters") as batch:
        batch.drop_constraint(OWNER_KEY, type_="foreignkey")
    for table, column in COPIES.items():
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)


def _partial(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
