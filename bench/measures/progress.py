"""What telling progress costs: the same job of a second with it and without."""

from collections.abc import Iterator

from bench.fresh import fresh
from bench.measure import Line, Setting, at_most
from bench.spread import middle
from tests import servers

MOST = 2.0  # percent


def take(setting: Setting) -> Iterator[Line]:
    """Do the job by turns, through the worker's own task, with a real ledger and broker."""
    with servers.valkey_server(setting.folder) as redis:
        settings = {"INSTANCE_PATH": str(setting.folder / "job"), "REDIS_URL": redis}
        times = setting.times(30, 5)
        told = fresh("progress_jobs", setting.folder, settings=settings, times=times).told
    shares = [spent / whole for spent, whole in zip(told["spent"], told["telling"], strict=True)]
    about = f"of a job of {middle(told['silent']):.1f} s"
    yield at_most(f"{about}, the telling itself", middle(shares) * 100, MOST, "%")
    # Whatever else the machine does only ever adds, so the quickest are the most alike.
    cost = (min(told["telling"]) / min(told["silent"]) - 1) * 100
    yield at_most(f"{about}, with it and without, quickest of {times}", cost, MOST, "%")
