"""Mailings before they are sent: audience, check, approval, time; and the templates of messages."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

MOMENT = sa.DateTime(timezone=True)
REFERENCES = {"asked_by_id": "users", "approved_by_id": "users", "test_of_id": "mailings"}


def upgrade() -> None:
    """Apply."""
    for column in (
        sa.Column("why", sa.String(200), nullable=False, server_default=""),
        sa.Column("audience", sa.JSON(), nullable=True),
        sa.Column("check_id", sa.Uuid(), nullable=True),
        sa.Column("send_at", MOMENT, nullable=True),
        sa.Column("seal", sa.JSON(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.Column("frozen_at", MOMENT, nullable=True),
        sa.Column("started_at", MOMENT, nullable=True),
    ):
        op.add_column("mailings", column)
    for name, table in REFERENCES.items():
        key = sa.ForeignKey(f"{table}.id", name=f"fk_mailings_{name}")
        reference = sa.Column(name, sa.Integer(), key, nullable=True)
        op.add_column("mailings", reference, inline_references=True)
    op.create_index("ix_mailings_list", "mailings", ["is_single", "changed_at", "id"])
    op.add_column("deliveries", sa.Column("past", sa.JSON(), nullable=True))
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name="fk_letters_made_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
        sa.UniqueConstraint("title", name="uq_letters_title"),
    )
    op.create_table(
        "letter_versions",
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(400), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name="fk_letter_versions_letter_id"),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["users.id"], name="fk_letter_versions_saved_by_id"
        ),
        sa.PrimaryKeyConstraint("letter_id", "number", name="pk_letter_versions"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("letter_versions")
    op.drop_table("letters")
    op.drop_column("deliveries", "past")
    op.drop_index("ix_mailings_list", "mailings")
    with op.batch_alter_table("mailings", table_kwargs={"sqlite_autoincrement": True}) as mailings:
        for name in REFERENCES:
            mailings.drop_column(name)
        for name in (
            *("started_at", "frozen_at", "approved_at", "asked_at", "seal"),
            *("send_at", "check_id", "audience", "why"),
        ):
            mailings.drop_column(name)
