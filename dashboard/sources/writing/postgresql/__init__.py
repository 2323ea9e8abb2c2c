"""Writing to PostgreSQL: a chunk comes by COPY, and the server sorts its rows out."""

from dashboard.sources.writing.postgresql.target import PostgreSQLTarget

__all__ = ["PostgreSQLTarget"]
