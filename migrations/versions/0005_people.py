"""Stars, notes, jobs handed over, periods that roll on, time left, and how numbers are written."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

MOMENT = sa.DateTime(timezone=True)
STARTED_BY = "fk_jobs_started_by_id"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "favourites",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_favourites_user_id"),
        sa.PrimaryKeyConstraint("user_id", "kind", name="pk_favourites"),
    )
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_notes_job_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_notes_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
    )
    op.create_index("ix_notes_job_id", "notes", ["job_id"])
    op.create_index("ix_audit_entries_artifact_id", "audit_entries", ["artifact_id"])
    op.add_column("users", sa.Column("locale", sa.String(16), nullable=True))
    op.drop_column("jobs", "progress_samples")
    op.add_column("jobs", sa.Column("progress_left", sa.Integer(), nullable=True))
    op.add_column("jobs", sa.Column("relative", sa.JSON(), nullable=False, server_default="{}"))
    if op.get_bind().dialect.name == "sqlite":
        # Written by hand: a batch would copy the whole table for the sake of one reference.
        op.execute(
            "ALTER TABLE jobs ADD COLUMN started_by_id INTEGER "
            f"CONSTRAINT {STARTED_BY} REFERENCES users (id)"
        )
    else:
        op.add_column("jobs", sa.Column("started_by_id", sa.Integer(), nullable=True))
        op.create_foreign_key(STARTED_BY, "jobs", "users", ["started_by_id"], ["id"])


def downgrade() -> None:
    """Take back."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(STARTED_BY, "jobs", type_="foreignkey")
    for column in ("started_by_id", "relative", "progress_left"):
        op.drop_column("jobs", column)
    samples = sa.Column("progress_samples", sa.Integer(), nullable=False, server_default="0")
    op.add_column("jobs", samples)
    op.drop_column("users", "locale")
    op.drop_index("ix_audit_entries_artifact_id", table_name="audit_entries")
    op.drop_table("notes")
    op.drop_table("favourites")
