"""SQLite files, through the standard library."""

from dashboard.sources.sqlite.source import SQLiteSource

__all__ = ["SQLiteSource"]
