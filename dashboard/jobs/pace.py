"""How fast the desk gets its work done, from what it did of late."""

import math
from datetime import timedelta

from sqlalchemy import func, select

from dashboard.extensions import db
from dashboard.jobs import line
from dashboard.models import Job, clock

LATELY = timedelta(minutes=1)
COUNTED = 600  # Ends beyond it make the answer no better: it is a second already.
UNKNOWN_SECONDS = 30
LONGEST_SECONDS = 300


def seconds_to_next_end(queue: str) -> int:
    """Guess after how many seconds a person's next job in *queue* ends: one of each in turn.

    The desk is taken to go on as in the last minute; when nothing ended in it nobody knows.
    """
    ends = select(Job.serial).where(Job.finished_at > clock() - LATELY).limit(COUNTED).subquery()
    ended: int = db.session.execute(select(func.count()).select_from(ends)).scalar_one()
    if not ended:
        return UNKNOWN_SECONDS
    each = LATELY.total_seconds() / ended
    return min(LONGEST_SECONDS, math.ceil(each * max(1, line.people_waiting(queue))))
