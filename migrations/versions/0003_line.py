"""Indexes for the line of a queue, by priority and by person; hints are counted by the broker."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MOMENT = sa.DateTime(timezone=True)
INTERRUPTED_FIRST = sa.text("taken_back DESC")


def upgrade() -> None:
    """Apply."""
    op.drop_index("ix_jobs_claim", table_name="jobs")
    op.create_index(
        "ix_jobs_claim", "jobs", ["state", "queue", "priority", INTERRUPTED_FIRST, "serial"]
    )
    op.create_index(
        "ix_jobs_line",
        "jobs",
        ["queue", "requested_by_id", "priority", INTERRUPTED_FIRST, "serial"],
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.drop_column("jobs", "hinted_at")


def downgrade() -> None:
    """Take back."""
    op.add_column("jobs", sa.Column("hinted_at", MOMENT, nullable=True))
    op.drop_index("ix_jobs_line", table_name="jobs")
    op.drop_index("ix_jobs_claim", table_name="jobs")
    op.create_index("ix_jobs_claim", "jobs", ["state", "queue", "priority", "serial"])
