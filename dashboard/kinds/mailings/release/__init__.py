"""The way from a draft whose recipients are checked to sending it: by one person, or by two."""

from dashboard.kinds.mailings.release.acts import (
    approve,
    ask,
    decline,
    may_reopen,
    reopen,
    send,
    take_back,
)
from dashboard.kinds.mailings.release.needs import Needs, needs
from dashboard.kinds.mailings.release.refusals import Refused
from dashboard.kinds.mailings.release.seal import mark_of, present_seal, sealed

__all__ = [
    "Needs",
    "Refused",
    "approve",
    "ask",
    "decline",
    "mark_of",
    "may_reopen",
    "needs",
    "present_seal",
    "reopen",
    "sealed",
    "send",
    "take_back",
]
