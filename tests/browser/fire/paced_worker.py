"""A worker whose work goes no further than a file says: as a source does that is slow to answer.

Started as Celery is. The file PACE_FILE holds a percentage; more than 100 lets the work end.
"""

import os
import time
from functools import wraps
from pathlib import Path

from celery.__main__ import main

from dashboard.jobs import running

PACE = "PACE_FILE"
BATCH_SECONDS = 0.01
"""How long a batch takes, so that a job is something to watch on the fastest machine."""


def prepare() -> None:
    """Put the pace where the work says how far it is; the product knows nothing of it."""
    progress = running.Running.progress

    @wraps(progress)
    def paced(
        self: running.Running, done: int, total: int | None, phase: str, *, unit: str = "rows"
    ) -> None:
        progress(self, done, total, phase, unit=unit)
        time.sleep(BATCH_SECONDS)
        while total and done * 100 >= total * limit():
            time.sleep(BATCH_SECONDS)
            self.check()

    running.Running.progress = paced  # type: ignore[method-assign]


def limit() -> int:
    """Give how many percent the work may do."""
    return int(Path(os.environ[PACE]).read_text() or 0)


if __name__ == "__main__":
    prepare()
    main()
