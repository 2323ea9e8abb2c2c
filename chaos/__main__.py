"""Breaks a desk for some minutes and prints what came of it: bin/chaos [--seed N] [--minutes M]."""

import argparse
import secrets
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from bench import machine
from bench.table import table
from chaos.faults import FAULTS
from chaos.plan import plan
from chaos.run import run
from chaos.stage import Times

LEASE_SECONDS = 5.0
TICK_SECONDS = 1.0
MINUTES = 1.0


class Stopped(BaseException):
    """Somebody asked for the end."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; gives 1 when a promise was not kept, else 0: a bound that was missed is a result."""
    choices = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _stop)
    seconds = choices.minutes * 60
    for number, each in enumerate(plan(choices.seed, seconds, FAULTS), 1):
        _say(f"{number:3}. {each.fault} ({each.pick}), after {each.pause} s")
    # The path stays short: sockets lie in it.
    folder = Path(tempfile.mkdtemp(prefix="chaos-", dir=choices.folder))
    told, began = machine.describe(), time.monotonic()
    try:
        result = run(folder, choices.seed, seconds, Times(choices.lease, choices.tick), _say)
    except Stopped:
        shutil.rmtree(folder, ignore_errors=True)
        _say("The run was stopped.")
        return 1
    sys.stdout.write(f"{told}\n\n{table(result.rows)}\n\n")
    for sentence in result.broken:
        _say(f"BROKEN: {sentence}")
    kept = "every promise was kept"
    if result.broken:
        kept = f"{len(result.broken)} promises were BROKEN"
    if result.broken or choices.keep:
        kept += f"; all that is left is in {folder}"
    else:
        shutil.rmtree(folder, ignore_errors=True)
    spent = time.monotonic() - began
    length = f"--seed {choices.seed} --minutes {choices.minutes:g}"
    sys.stdout.write(f"{spent:.0f} s, {length}: {kept}\n")
    return int(bool(result.broken))


def _stop(number: int, frame: FrameType | None) -> None:
    """End in order: what was started is stopped on the way out."""
    raise Stopped


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/chaos", description="Break a desk in every way. What is shown: docs/chaos.md."
    )
    parser.add_argument(
        "--seed", type=int, default=secrets.randbelow(10**6), help="of orders and faults (any)"
    )
    parser.add_argument("--minutes", type=float, default=MINUTES, help=f"how long ({MINUTES:g})")
    parser.add_argument(
        "--lease", type=float, default=LEASE_SECONDS, help=f"seconds of a lease ({LEASE_SECONDS:g})"
    )
    parser.add_argument(
        "--tick",
        type=float,
        default=TICK_SECONDS,
        help=f"seconds between two looks of the scheduler ({TICK_SECONDS:g})",
    )
    parser.add_argument("--folder", metavar="DIR", help="where files are made (the system's)")
    parser.add_argument("--keep", action="store_true", help="keep the desk's files in any case")
    return parser


if __name__ == "__main__":
    sys.exit(main())
