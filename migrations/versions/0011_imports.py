"""Tables that are open for import, and what jobs keep beside their files."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

MOMENT = sa.DateTime(timezone=True)
KEPT = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "import_targets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("summary", sa.String(300), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("modes", sa.JSON(), nullable=False),
        sa.Column("checks", sa.Text(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["users.id"], name="fk_import_targets_opened_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_import_targets"),
        sa.UniqueConstraint("slug", name="uq_import_targets_slug"),
        sa.UniqueConstraint("source", "name", name="uq_import_targets_source_name"),
    )
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("key", sa.String(300), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_attachments_job_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
        sa.UniqueConstraint("key", name="uq_attachments_key"),
    )
    op.create_index("ix_attachments_job_id", "attachments", ["job_id"])
    op.create_index(
        "ix_attachments_expires_at",
        "attachments",
        ["expires_at"],
        sqlite_where=KEPT,
        postgresql_where=KEPT,
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("attachments")
    op.drop_table("import_targets")
