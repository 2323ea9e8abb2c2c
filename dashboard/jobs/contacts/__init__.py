"""Contact lists: people in the desk's own database, as a target of imports and for pages."""

from typing import Final

from dashboard.config import OWN_LISTS

NAME: Final = OWN_LISTS
"""What the desk's own lists are called among the sources; no other source can be called so."""
