"""The seal of a mailing: what was looked at and approved is what is sent, to those people."""

import hashlib
import json
from typing import Any

from dashboard.kinds.mailings.audience import standing
from dashboard.kinds.mailings.drafts import content_digest
from dashboard.models import Mailing, State


def sealed(mailing: Mailing, digest: str, people: int) -> dict[str, Any]:
    """Give what stands for the content of *mailing* and the good rows of its check."""
    return {"content": content_digest(mailing), "audience": digest, "people": people}


def present_seal(mailing: Mailing) -> dict[str, Any] | None:
    """Give the seal as the mailing stands now; None where its recipients are not checked."""
    check = standing.check_of(mailing)
    if check is None or check.state != State.SUCCEEDED or not standing.is_current(mailing, check):
        return None
    return sealed(mailing, check.result["digest"], check.result["counts"]["good"])


def mark_of(seal: dict[str, Any] | None) -> str:
    """Give what a form says of the seal that its page has shown; "" for none."""
    if seal is None:
        return ""
    return hashlib.sha256(json.dumps(seal, sort_keys=True).encode()).hexdigest()
