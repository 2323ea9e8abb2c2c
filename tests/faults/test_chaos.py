"""What bin/chaos plans; it runs by itself, and after the tests in CI."""

import pytest

from chaos.faults import FAULTS
from chaos.orders import orders
from chaos.plan import plan

pytestmark = pytest.mark.faults


def test_the_same_seed_gives_the_same_plan_and_the_same_orders() -> None:
    assert plan(7, 180, FAULTS) == plan(7, 180, FAULTS)
    assert plan(7, 180, FAULTS) != plan(8, 180, FAULTS)
    first, again = orders(7, 2), orders(7, 2)
    assert [next(first) for _ in range(50)] == [next(again) for _ in range(50)]


def test_every_fault_comes_once_before_any_comes_again() -> None:
    planned = [each.fault for each in plan(7, 600, FAULTS)]
    assert sorted(planned[: len(FAULTS)]) == sorted(FAULTS)
    assert sorted(planned[len(FAULTS) : 2 * len(FAULTS)]) == sorted(FAULTS)
