"""The list in words: why an address stands there."""

from typing import Final

from dashboard.models import Cause
from dashboard.words import marked

CAUSES: Final = {
    str(Cause.UNSUBSCRIBED): marked("Unsubscribed"),
    str(Cause.BOUNCED): marked("Address does not exist"),
    str(Cause.COMPLAINED): marked("Called it spam"),
    str(Cause.BY_HAND): marked("Added by hand"),
}
OWN_WISH: Final = frozenset({str(Cause.UNSUBSCRIBED), str(Cause.COMPLAINED)})
"""What somebody has said themselves: nobody else takes it back for them."""
