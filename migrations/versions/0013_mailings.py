"""Mailings: who sends, what, to whom, what became of it, and to whom nothing goes."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

MOMENT = sa.DateTime(timezone=True)
# In the order of its characters everywhere, so that what begins alike stands together.
PLAIN_ORDER = sa.String(320).with_variant(sa.String(320, collation="C"), "postgresql")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "senders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("address", sa.String(320), nullable=False),
        sa.Column("reply_to", sa.String(320), nullable=False, server_default=""),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("a_minute", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name="fk_senders_made_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_senders"),
        sa.UniqueConstraint("address", name="uq_senders_address"),
    )
    op.create_table(
        "mailings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(400), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("a_minute", sa.Integer(), nullable=True),
        sa.Column("is_single", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("paused_why", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["sender_id"], ["senders.id"], name="fk_mailings_sender_id"),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name="fk_mailings_made_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mailings"),
        sa.UniqueConstraint("key", name="uq_mailings_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_mailings_job_id", "mailings", ["job_id"])
    _make_deliveries()
    op.create_table(
        "suppressions",
        sa.Column("address", PLAIN_ORDER, nullable=False),
        sa.Column("cause", sa.String(16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("mailing_id", sa.Integer(), nullable=True),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailings.id"], name="fk_suppressions_mailing_id"),
        sa.ForeignKeyConstraint(["added_by_id"], ["users.id"], name="fk_suppressions_added_by_id"),
        sa.PrimaryKeyConstraint("address", name="pk_suppressions"),
    )
    op.create_index("ix_suppressions_added_at", "suppressions", ["added_at"])


def _make_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("address", PLAIN_ORDER, nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("message_id", sa.String(200), nullable=False),
        sa.Column("state", sa.String(12), nullable=False, server_default="queued"),
        sa.Column("claim", sa.String(40), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("reason", sa.String(20), nullable=True),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailings.id"], name="fk_deliveries_mailing_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("mailing_id", "address", name="uq_deliveries_mailing_id_address"),
    )
    op.create_index("ix_deliveries_line", "deliveries", ["mailing_id", "state", "id"])
    op.create_index("ix_deliveries_address", "deliveries", ["address", "id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("suppressions")
    op.drop_table("deliveries")
    op.drop_table("mailings")
    op.drop_table("senders")
