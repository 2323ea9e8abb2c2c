"""Work that takes too long or needs too much: told in plain words, and the desk goes on."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from dashboard.models import Outcome
from tests.faults.conftest import Stands
from tests.faults.stand import Stand
from tests.parts import only_child

pytestmark = pytest.mark.faults

SMALL_DISK = "512k"
TOO_MUCH = {"csv": 50_000, "xlsx": 50_000, "pdf": 20_000}  # rows that need more
ROOM = 100 << 20  # bytes that a child may have more than it has


def test_work_that_hears_of_nothing_is_ended_hard_and_its_place_is_free_again(
    alone: Stand,
) -> None:
    alone.parts.worker(slots=1)
    job_id = alone.start("stubborn")
    fact = alone.ends(job_id)
    assert (fact.state, fact.attempt) == ("failed", 1)
    assert fact.error is not None
    assert fact.error.what == "The work took longer than it may."
    assert alone.outcomes(job_id) == [Outcome.FAILED]
    assert alone.ends(alone.start(rows=3)).state == "succeeded"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits another process")
def test_work_that_needs_more_memory_than_there_is_fails_in_plain_words(alone: Stand) -> None:
    child = only_child(alone.parts.worker(slots=1))
    most = child.memory_info().vms + ROOM
    resource.prlimit(child.pid, resource.RLIMIT_AS, (most, most))
    fact = alone.ends(alone.start("hungry"))
    assert fact.state == "failed"
    assert fact.error is not None
    assert fact.error.what == "The work needed more memory than there is."
    assert alone.ends(alone.start(rows=3)).state == "succeeded"
    assert psutil.pid_exists(child.pid)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of its own that is soon full."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can make a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_full_disk_is_told_leaves_nothing_half_done_and_passes(
    stands: Stands, small_disk: Path
) -> None:
    stand = stands(STORAGE_URL=f"file://{small_disk}", RETRY_BASE_SECONDS=120)
    stand.parts.scheduler(wait=False)
    stand.parts.worker()
    ids = [stand.start(rows=rows, formats=[name]) for name, rows in TOO_MUCH.items()]
    for job_id in ids:
        fact = stand.becomes(job_id, lambda fact: fact.state == "waiting")
        assert any("no room left on the disk" in line.text for line in fact.lines), fact.lines
        assert not [key for key in stand.stored() if str(job_id) in key]
    assert stand.ends(stand.start(rows=3)).state == "succeeded"
    more = ["mount", "-o", "remount,size=100m", str(small_disk)]
    subprocess.run(more, check=True)
    stand.ends_pauses()
    for job_id, rows in zip(ids, TOO_MUCH.values(), strict=True):
        fact = stand.ends(job_id)
        assert fact.state == "succeeded"
        assert fact.files[0].rows == rows
    assert stand.stored() == stand.named()
