"""The mailbox to which e-mails come back, and how far it has been read."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "bounce_mailboxes",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=True),
        sa.Column("last_uid", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("messages", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("reports", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("marked", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("tried_at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("trouble", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_bounce_mailboxes"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("bounce_mailboxes")
