"""A desk of small programs, run as a process of its own: fake_desk.py SCENARIO FOLDER."""

import asyncio
import functools
import signal
import sys
from pathlib import Path

from dashboard.supervisor import Console, Desk, Part, Trouble

# Says its name and number, starts a child, notes the order in which parts end, ends in peace.
STEADY = """
import os, pathlib, signal, subprocess, sys, time
name, folder = sys.argv[1], pathlib.Path(sys.argv[2])
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
def end(*_):
    with open(folder / "ended", "a") as ended:
        ended.write(name + "\\n")
    child.kill()
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
(folder / (name + ".new")).write_text(f"{os.getpid()} {child.pid}")
(folder / (name + ".new")).rename(folder / (name + ".pids"))
print("I am", name)
print(os.environ.get("PYTHONDONTWRITEBYTECODE", "keeps bytecode"))
while True:
    time.sleep(0.05)
"""
STUBBORN = STEADY.replace("sys.exit(0)", "return").replace("child.kill()", "")
BROKEN = "import sys; print('no such table: jobs'); sys.exit(3)"


def part(name: str, folder: Path, code: str = STEADY, *, after: str | None = None) -> Part:
    """Describe a part that is ready once it has written its numbers."""

    async def is_ready() -> bool:
        return (folder / f"{name}.pids").exists()

    return Part(
        name=name,
        title=f"The {name}",
        command=(sys.executable, "-c", code, name, str(folder)),
        after=after,
        is_ready=is_ready,
        stop_seconds=2 if code == STUBBORN else 60,
    )


async def all_started(folder: Path, names: tuple[str, ...]) -> bool:
    """Tell whether every part of *names* has written its numbers."""
    return all((folder / f"{name}.pids").exists() for name in names)


async def main(scenario: str, folder: Path) -> None:
    """Run the desk until it is told to stop."""
    code = {"broken": BROKEN, "stubborn": STUBBORN}.get(scenario, STEADY)
    desk = Desk(
        part("valkey", folder),
        [
            part("web", folder, after="valkey"),
            part("beat", folder, after="web"),
            part("worker", folder, code, after="valkey"),
        ],
        Console(),
    )
    names = ("valkey", "web", "beat", "worker")
    await desk.run(functools.partial(all_started, folder, names), "The desk is ready.")


if __name__ == "__main__":
    # As from a terminal, even where the tests were started by nohup.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
    except Trouble as trouble:
        sys.exit(str(trouble))
