"""The addresses to which no bulk mail goes: who stands there, why, and who is let off."""

from dashboard.kinds.mailings.suppressions.ledger import Entry, let_off, put, suppress, suppress_all
from dashboard.kinds.mailings.suppressions.search import Page, find, one

__all__ = ["Entry", "Page", "find", "let_off", "one", "put", "suppress", "suppress_all"]
