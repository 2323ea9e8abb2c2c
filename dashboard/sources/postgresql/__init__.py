"""PostgreSQL, through psycopg 3."""

from dashboard.sources.postgresql.source import PostgreSQLSource

__all__ = ["PostgreSQLSource"]
