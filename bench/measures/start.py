"""A second start: from bin/run to an answer of /healthz."""

import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

from bench.measure import Line, Setting, at_most
from bench.program import ROOT, Program, clean_environment
from bench.spread import middle
from tests.servers import free_port

MOST = 3.0  # seconds
READY_SECONDS = 90.0
LOOK_SECONDS = 0.01


def take(setting: Setting) -> Iterator[Line]:
    """Start on an empty state folder, stop, and start again and again."""
    first = _seconds(setting.folder)
    again = [_seconds(setting.folder) for _ in range(setting.times(5, 3))]
    yield at_most("second start to /healthz", middle(again), MOST, "s")
    yield Line("first start, with the demo shop", f"{first:.1f} s")


def _seconds(folder: Path) -> float:
    """Start the desk and stop it once all of it is ready; gives the seconds to /healthz."""
    port = free_port()
    command = [str(ROOT / "bin" / "run"), "--home", str(folder / "desk"), "--port", str(port)]
    with Program(command, folder / "desk.log", clean_environment()) as program:
        while not _answers(port):
            program.check()
            time.sleep(LOOK_SECONDS)
        seconds = time.perf_counter() - program.began
        program.hear("Bellhop is ready", READY_SECONDS)
    return seconds


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
