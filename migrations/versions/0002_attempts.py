"""Each attempt at a job, the dead letters, jobs that go first, letters without a job."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=200), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_attempts_job_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("job_id", "fence", name=op.f("uq_attempts_job_id_fence")),
    )
    op.create_table(
        "dead_letters",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("dismissed_at", MOMENT, nullable=True),
        sa.Column("dismissed_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_dead_letters_job_id")),
        sa.ForeignKeyConstraint(
            ["dismissed_by_id"], ["users.id"], name=op.f("fk_dead_letters_dismissed_by_id")
        ),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_dead_letters")),
    )
    op.create_index("ix_dead_letters_open", "dead_letters", ["dismissed_at", "since"])
    op.add_column(
        "jobs",
        sa.Column("taken_back", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    with op.batch_alter_table("notices") as notices:
        notices.alter_column("job_id", existing_type=sa.Uuid(), nullable=True)
        notices.add_column(sa.Column("subject", sa.String(length=500), nullable=True))
        notices.add_column(sa.Column("text", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.execute("DELETE FROM notices WHERE job_id IS NULL")
    with op.batch_alter_table("notices") as notices:
        notices.drop_column("text")
        notices.drop_column("subject")
        notices.alter_column("job_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_column("jobs", "taken_back")
    op.drop_index("ix_dead_letters_open", table_name="dead_letters")
    op.drop_table("dead_letters")
    op.drop_table("attempts")
