"""When somebody whom the mail server refused for now is tried again."""

import random
from datetime import datetime, timedelta
from typing import Final

LONG: Final = timedelta(hours=4)
PAUSES: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    *[LONG] * 11,
    timedelta(hours=2, minutes=39),
)
"""Behind each try; 48 hours in all. RFC 5321 4.5.4.1 has servers give up no sooner than after
four days, but who waits for an invitation does not."""

JITTER: Final = 0.1
"""A pause is this part longer or shorter, so that those who were refused together part."""


def next_try(tries: int, now: datetime) -> datetime | None:
    """Give when a delivery that was tried *tries* times is tried again; None for never."""
    if tries > len(PAUSES):
        return None
    return now + PAUSES[tries - 1] * random.uniform(1 - JITTER, 1 + JITTER)
