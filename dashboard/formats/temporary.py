"""Where the workbook engine spools: it asks TMPDIR each time a sheet begins, and nothing else."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

VARIABLE = "TMPDIR"

_lock = Lock()
_folders: list[str] = []
_before: list[str | None] = []


@contextmanager
def spooling_in(folder: Path) -> Iterator[None]:
    """Points TMPDIR to *folder* while a workbook is written.

    The variable belongs to the whole process. Where several workbooks are written at once, one may
    spool in the folder of another; that does no harm, because spool files have no names.
    """
    with _lock:
        if not _folders:
            _before[:] = [os.environ.get(VARIABLE)]
        _folders.append(str(folder))
        _point(_folders[-1])
    try:
        yield
    finally:
        with _lock:
            _folders.remove(str(folder))
            _point(_folders[-1] if _folders else _before[0])


def _point(folder: str | None) -> None:
    if folder is None:
        os.environ.pop(VARIABLE, None)
    else:
        os.environ[VARIABLE] = folder
