"""Any other database that SQLAlchemy has a dialect for."""

from dashboard.sources.generic.source import GenericSource

__all__ = ["GenericSource"]
