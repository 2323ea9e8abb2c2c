"""The addresses that mailings come from, and who may send from which."""

from dashboard.kinds.mailings.senders.ledger import (
    Changed,
    Taken,
    add,
    bring_back,
    change,
    retire,
    version_of,
)
from dashboard.kinds.mailings.senders.who import Unfit, sender_address, sender_name

__all__ = [
    "Changed",
    "Taken",
    "Unfit",
    "add",
    "bring_back",
    "change",
    "retire",
    "sender_address",
    "sender_name",
    "version_of",
]
