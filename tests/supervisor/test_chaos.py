"""The demonstration of recovery."""

import asyncio
import subprocess
import sys
from types import SimpleNamespace
from typing import Any, cast

import pytest

from dashboard.supervisor import Console, Desk, Part, chaos
from dashboard.supervisor.run import Run
from tests.started import all_end, is_alive

# A program with one child, which ends only when it is killed.
WITH_CHILD = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid)
child.wait()
print("lost my child")
child.wait()
import time; time.sleep(600)
"""


def celery_that_says(*busy: int) -> Any:
    """Give a Celery whose workers say that the processes *busy* are at work."""
    answer = {"worker@here": [{"worker_pid": number} for number in busy]}
    inspect = SimpleNamespace(active=lambda: answer)
    return SimpleNamespace(control=SimpleNamespace(inspect=lambda timeout: inspect))


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chaos, "SHORTEST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(chaos, "LONGEST_PAUSE_SECONDS", 0.02)


def test_a_busy_child_of_our_own_worker_is_killed_and_no_other(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as stranger:

        async def live() -> int:
            run = Run(Part("worker", "The worker", (sys.executable, "-c", WITH_CHILD)), Console())
            async with asyncio.timeout(60):
                while not run.last_words:
                    await asyncio.sleep(0.01)
            child = int(run.last_words[0])
            desk = cast(Desk, SimpleNamespace(minders={"worker": SimpleNamespace(run=run)}))
            act = chaos.Chaos(celery_that_says(child, stranger.pid), Console())
            task = asyncio.create_task(act(desk))
            async with asyncio.timeout(60):
                while "lost my child" not in run.last_words:
                    await asyncio.sleep(0.01)
            task.cancel()
            assert run.code is None
            run.close()
            return child

        child = asyncio.run(live())
        assert all_end([child])
        assert is_alive(stranger.pid)
        stranger.kill()
    assert f"chaos  | killed the busy worker child {child}" in capsys.readouterr().out


def test_a_broker_that_is_away_is_no_trouble() -> None:
    class Away:
        @property
        def control(self) -> Any:
            raise ConnectionError("no broker")

    async def live() -> None:
        desk = cast(Desk, SimpleNamespace(minders={"worker": SimpleNamespace(run=object())}))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await chaos.Chaos(Away(), Console())(desk)

    asyncio.run(live())
