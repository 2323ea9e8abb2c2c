"""Lists: the names that people look for, and an index for each way to narrow and count a list."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

# What bears a name, its table and the column that holds it.
NAMED = (("job", "jobs", "title"), ("file", "artifacts", "name"))
HAS_ENDED = sa.text("finished_at IS NOT NULL")
KEPT = sa.text("deleted_at IS NULL")
DELETED = sa.text("deleted_at IS NOT NULL")

FUNCTION = """
CREATE FUNCTION keep_name_of_{of}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO names (of, text) VALUES ('{of}', NEW.{column}) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
"""
CALL = """
CREATE TRIGGER keep_name_of_{of} AFTER INSERT ON {table}
FOR EACH ROW EXECUTE FUNCTION keep_name_of_{of}()
"""
SQLITE_TRIGGER = """
CREATE TRIGGER keep_name_of_{of} AFTER INSERT ON {table}
BEGIN
    INSERT INTO names (of, text) VALUES ('{of}', NEW.{column}) ON CONFLICT DO NOTHING;
END
"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "names",
        sa.Column("of", sa.String(8), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("of", "text", name="pk_names"),
    )
    op.create_index("ix_jobs_created_at", "jobs", ["created_at"])
    op.create_index("ix_jobs_person", "jobs", ["requested_by_id", "serial", "kind"])
    op.create_index("ix_jobs_state", "jobs", ["state", "serial", "kind"])
    op.create_index("ix_jobs_title", "jobs", ["title", "serial"])
    op.create_index("ix_artifacts_name", "artifacts", ["name"])
    op.drop_index("ix_jobs_finished_at", table_name="jobs")
    op.drop_index("ix_artifacts_expires_at", table_name="artifacts")
    _partial("ix_jobs_finished_at", "jobs", ["finished_at"], HAS_ENDED)
    _partial("ix_jobs_ended", "jobs", ["requested_by_id", "finished_at"], HAS_ENDED)
    _partial("ix_artifacts_expires_at", "artifacts", ["expires_at"], KEPT)
    _partial("ix_artifacts_deleted", "artifacts", ["created_at"], DELETED)
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for of, table, column in NAMED:
        for statement in (SQLITE_TRIGGER,) if is_sqlite else (FUNCTION, CALL):
            op.execute(statement.format(of=of, table=table, column=column))
        op.execute(f"INSERT INTO names (of, text) SELECT DISTINCT '{of}', {column} FROM {table}")


def downgrade() -> None:
    """Take back."""
    for of, table, _ in NAMED:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER keep_name_of_{of}")
        else:
            op.execute(f"DROP TRIGGER keep_name_of_{of} ON {table}")
            op.execute(f"DROP FUNCTION keep_name_of_{of}()")
    op.drop_index("ix_artifacts_deleted", table_name="artifacts")
    op.drop_index("ix_artifacts_expires_at", table_name="artifacts")
    op.drop_index("ix_jobs_ended", table_name="jobs")
    op.drop_index("ix_jobs_finished_at", table_name="jobs")
    op.create_index("ix_artifacts_expires_at", "artifacts", ["expires_at"])
    op.create_index("ix_jobs_finished_at", "jobs", ["finished_at"])
    op.drop_index("ix_artifacts_name", table_name="artifacts")
    for name in ("title", "state", "person", "created_at"):
        op.drop_index(f"ix_jobs_{name}", table_name="jobs")
    op.drop_table("names")


def _partial(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
