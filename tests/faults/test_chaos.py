"""All faults at once on a whole desk: half a minute of bin/chaos."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench.program import clean_environment
from chaos.faults import FAULTS
from chaos.orders import orders
from chaos.plan import plan
from tests.parts import ROOT

pytestmark = pytest.mark.faults

SEED = 2026


def test_the_same_seed_gives_the_same_plan_and_the_same_orders() -> None:
    assert plan(7, 180, FAULTS) == plan(7, 180, FAULTS)
    assert plan(7, 180, FAULTS) != plan(8, 180, FAULTS)
    first, again = orders(7, 2), orders(7, 2)
    assert [next(first) for _ in range(50)] == [next(again) for _ in range(50)]


def test_every_fault_comes_once_before_any_comes_again() -> None:
    planned = [each.fault for each in plan(7, 600, FAULTS)]
    assert sorted(planned[: len(FAULTS)]) == sorted(FAULTS)
    assert sorted(planned[len(FAULTS) : 2 * len(FAULTS)]) == sorted(FAULTS)


@pytest.mark.timeout(500)
def test_half_a_minute_of_chaos_breaks_no_promise(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "chaos", "--seed", str(SEED), "--minutes", "0.5"]
    log = tmp_path / "chaos.log"
    with log.open("wb") as output:
        code = subprocess.run(
            command,
            cwd=ROOT,
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
        ).returncode
    assert code == 0, log.read_text()
