"""Contact lists, and what imports into them keep."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

MOMENT = sa.DateTime(timezone=True)
# In the order of its characters everywhere, so that what begins alike stands together.
PLAIN_ORDER = sa.String(320).with_variant(sa.String(320, collation="C"), "postgresql")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "contact_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("summary", sa.String(300), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name="fk_contact_lists_made_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contact_lists"),
        sa.UniqueConstraint("name", name="uq_contact_lists_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("address", PLAIN_ORDER, nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["contact_lists.id"], name="fk_contacts_list_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
        sa.UniqueConstraint("list_id", "address", name="uq_contacts_list_id_address"),
    )
    op.create_index("ix_contacts_list_id_changed_at", "contacts", ["list_id", "changed_at"])
    _make_marks()


def _make_marks() -> None:
    """Make the tables that every target of imports has."""
    numbers = [
        sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")
        for name in ("inserted", "updated", "deleted", "refused")
    ]
    op.create_table(
        "bellhop_import",
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("chunk", sa.Integer(), nullable=False, autoincrement=False),
        *numbers,
        sa.Column("refusals", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("done_at", MOMENT, nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("run", "chunk", name="pk_bellhop_import"),
    )
    op.create_table(
        "bellhop_import_before",
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("chunk", sa.Integer(), nullable=False),
        sa.Column("file_row", sa.BigInteger(), nullable=True),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("key", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
    )
    op.create_index("bellhop_import_before_run", "bellhop_import_before", ["run", "chunk"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("bellhop_import_before")
    op.drop_table("bellhop_import")
    op.drop_table("contacts")
    op.drop_table("contact_lists")
