"""Choices that people save under a name."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "presets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("relative", sa.JSON(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_presets_owner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_presets"),
        sa.UniqueConstraint("kind", "owner_id", "name", name="uq_presets_kind_owner_id_name"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("presets")
