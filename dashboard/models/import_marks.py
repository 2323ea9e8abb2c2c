"""What imports into the desk's own lists keep: marks of chunks that are done, and before-images.

They are the tables that every target of imports has; dashboard.sources.writing reads and writes
them.
"""

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, Table, Text, func

from dashboard.models.base import Base, UtcDateTime

IMPORT_MARKS = Table(
    "bellhop_import",
    Base.metadata,
    Column("run", Text, primary_key=True),
    Column("chunk", Integer, primary_key=True, autoincrement=False),
    *(
        Column(name, BigInteger, nullable=False, server_default="0")
        for name in ("inserted", "updated", "deleted", "refused")
    ),
    Column("refusals", JSON, nullable=False, server_default="[]"),
    Column("done_at", UtcDateTime, nullable=False, server_default=func.now()),
)

IMPORT_IMAGES = Table(
    "bellhop_import_before",
    Base.metadata,
    Column("run", Text, nullable=False),
    Column("chunk", Integer, nullable=False),
    Column("file_row", BigInteger),
    Column("target", Text, nullable=False),
    Column("key", JSON, nullable=False),
    Column("before", JSON),
    Column("after", JSON),
    Index("bellhop_import_before_run", "run", "chunk"),
)
