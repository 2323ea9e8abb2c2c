"""What a claim is called: the attempt, its connection and, on SQLite, the start of the machine.

SQLite waits for the disk with each commit, which may take longer than all else about an e-mail. So
there the marks of a claim do not wait: they outlive a kill all the same, as the system has them,
and only a power cut or a crash of the system itself may take the last ones back, never one in the
middle. The claim has waited. So whoever finds a claim of another start of the machine knows that
rows without a mark may have had one.
"""

import uuid
from typing import Final

from dashboard.extensions import db
from dashboard.kinds.mailings.ledger.boot import boot

SINCE: Final = "@"
JOB: Final = 8
"""Digits of the job's id: the fences of two jobs of one mailing both begin with one."""


def token_of(job_id: uuid.UUID, fence: int, lane: int) -> str:
    """Give the token for what one connection of an attempt at a job claims, in an app context."""
    token = f"{job_id.hex[:JOB]}.{fence}.{lane}"
    # Where the start of the machine is not known, and with other databases, each mark is synced.
    since = boot() if db.engine.dialect.name == "sqlite" else ""
    return f"{token}{SINCE}{since}" if since else token


def is_swift(token: str) -> bool:
    """Say whether marks with *token* need not wait for the disk."""
    return SINCE in token


def may_have_lost_marks(token: str) -> bool:
    """Say whether the machine has been started anew since the marks with *token* were made."""
    since = token.partition(SINCE)[2]
    return bool(since) and since != boot()
