"""When a file was last held against its checksum, and since when it is damaged."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.add_column("artifacts", sa.Column("checked_at", MOMENT, nullable=True))
    op.add_column("artifacts", sa.Column("damaged_at", MOMENT, nullable=True))
    op.create_index("ix_artifacts_check", "artifacts", ["deleted_at", "checked_at"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_artifacts_check", table_name="artifacts")
    op.drop_column("artifacts", "damaged_at")
    op.drop_column("artifacts", "checked_at")
