"""The delivery ledger: who is to get a mailing, who has it in hand, and what became of each.

A claim is a few deliveries that one connection sends in their order, committing what became of one
before the next is handed over. So when a sender dies, only the first of its claim that has no mark
may have left: it is uncertain, and a person decides; the others go on as if nothing had been.
Only where a power cut may have taken marks back is all of the claim uncertain (see tokens).
"""

from dashboard.kinds.mailings.ledger.claims import (
    BATCH,
    Claimed,
    ClaimLost,
    Holder,
    claim,
    prove,
    release,
    settle,
)
from dashboard.kinds.mailings.ledger.counts import counts, is_kept, next_due
from dashboard.kinds.mailings.ledger.marks import Marks
from dashboard.kinds.mailings.ledger.past import whole
from dashboard.kinds.mailings.ledger.tokens import token_of

__all__ = [
    "BATCH",
    "ClaimLost",
    "Claimed",
    "Holder",
    "Marks",
    "claim",
    "counts",
    "is_kept",
    "next_due",
    "prove",
    "release",
    "settle",
    "token_of",
    "whole",
]
