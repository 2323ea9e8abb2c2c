"""The tables of sources that are open for export."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "open_tables",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("quoted", sa.String(518), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("summary", sa.String(300), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("key", sa.JSON(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("looked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["opened_by_id"], ["users.id"], name="fk_open_tables_opened_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_open_tables"),
        sa.UniqueConstraint("slug", name="uq_open_tables_slug"),
        sa.UniqueConstraint("source", "name", name="uq_open_tables_source_name"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("open_tables")
