"""Writing to SQLite files, row by row in one transaction a chunk."""

from dashboard.sources.writing.sqlite.target import SQLiteTarget

__all__ = ["SQLiteTarget"]
