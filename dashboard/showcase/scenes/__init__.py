"""Every state that a page can show, by its name: each scene plays one job of a kind into it."""

import uuid
from collections.abc import Callable, Mapping
from typing import Final

from dashboard.jobs import Kind
from dashboard.showcase.scenes import ahead, ended, over, under_way
from dashboard.showcase.stage import Stage

__all__ = ["SCENES", "Scene"]

Scene = Callable[[Stage, Kind], uuid.UUID]

# The finished one comes first: the others take the names of its steps.
SCENES: Final[Mapping[str, Scene]] = {
    "finished": over.finished,
    "finished-no-rows": over.finished_no_rows,
    "finished-warnings": over.finished_warnings,
    "files-deleted": over.files_deleted,
    "files-damaged": over.files_damaged,
    "some-files-damaged": over.some_files_damaged,
    "failed": ended.failed,
    "needs-attention": ended.needs_attention,
    "dismissed": ended.dismissed,
    "cancelled": ended.cancelled,
    "cancelled-running": ended.cancelled_running,
    "waiting": ahead.waiting,
    "running-begun": under_way.running_begun,
    "running": under_way.running,
    "running-unknown-total": under_way.running_unknown_total,
    "running-second-try": under_way.running_second_try,
    "stopping": under_way.stopping,
    "queued": ahead.queued,
    "queued-unserved": ahead.queued_unserved,
    "queued-paused": ahead.queued_paused,
}
