"""A worker that stands still at a named point of its work, so that it can be killed just there.

Started as Celery is: `python -m tests.faults.holding_worker -A make_celery worker`. An order is a
file named after the point in the folder HOLD_FOLDER; whoever comes there first takes it.
"""

import os
import signal
import stat
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from celery.__main__ import main
from sqlalchemy import event
from sqlalchemy.orm import Session

from dashboard.jobs import ending
from dashboard.jobs.outputs import Outputs

FOLDER = "HOLD_FOLDER"
HELD = "held"
POINTS = {
    "rows": "some rows are written",
    "fsync": "a file is complete, but not on the disk yet",
    "move": "a file is on the disk, but under its draft's name",
    "moved": "one of the files has its name, no row names it",
    "row": "all files have their names, no row names them",
    "commit": "the rows are written, but not committed",
    "committed": "the rows are committed, nobody was told",
}

P = ParamSpec("P")
R = TypeVar("R")


def hold(point: str) -> None:
    """Stand still where there is an order for *point*, until this process is killed."""
    folder = Path(os.environ[FOLDER])
    with suppress(FileNotFoundError):
        (folder / point).rename(folder / "taken")
        (folder / "taken").write_text(str(os.getpid()))
        (folder / "taken").rename(folder / HELD)
        while True:
            signal.pause()


def held(
    act: Callable[P, R],
    *,
    before: str = "",
    after: str = "",
    when: Callable[..., bool] = lambda *args, **kwargs: True,
) -> Callable[P, R]:
    """Give *act* with points before and after it."""

    @wraps(act)
    def acting(*args: P.args, **kwargs: P.kwargs) -> R:
        concerned = when(*args, **kwargs)
        if concerned and before:
            hold(before)
        result = act(*args, **kwargs)
        if concerned and after:
            hold(after)
        return result

    return acting


def is_a_file(descriptor: int) -> bool:
    """Whether it is a file, and no folder."""
    return stat.S_ISREG(os.fstat(descriptor).st_mode)


class Succeeding:
    """Knows which commit makes the finished files visible: the one within succeed()."""

    def __init__(self) -> None:
        self.now = False

    def within(self, act: Callable[P, R]) -> Callable[P, R]:
        """Give *act* such that it is known while it runs."""

        @wraps(act)
        def acting(*args: P.args, **kwargs: P.kwargs) -> R:
            self.now = True
            try:
                return act(*args, **kwargs)
            finally:
                self.now = False

        return acting

    def before_commit(self, session: Session) -> None:
        """Write the rows; hold before they are committed."""
        if self.now:
            session.flush()
            hold("commit")

    def after_commit(self, session: Session) -> None:
        """Hold after the rows are committed."""
        if self.now:
            hold("committed")


def prepare() -> None:
    """Put the points where they belong; the product knows nothing of them."""
    Outputs.write = held(Outputs.write, after="rows")  # type: ignore[method-assign]
    os.fsync = held(os.fsync, before="fsync", when=is_a_file)
    os.replace = held(os.replace, before="move", after="moved")
    succeeding = Succeeding()
    ending.succeed = held(succeeding.within(ending.succeed), before="row")
    event.listen(Session, "before_commit", succeeding.before_commit)
    event.listen(Session, "after_commit", succeeding.after_commit)


if __name__ == "__main__":
    prepare()
    main()
