"""Takes the measures and prints one table: bin/bench [--quick] [NAME…]."""

import argparse
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Final

from bench import machine
from bench.measure import Line, Measure, Setting
from bench.measures import MEASURES
from bench.table import table

LONGEST_SECONDS: Final = 30 * 60
SEED: Final = 2026


class TooLong(BaseException):
    """The whole run took longer than any run may."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the measures; gives 1 when one could not be taken, else 0: a missed goal is a result."""
    choices = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGALRM, _stop)
    signal.alarm(LONGEST_SECONDS)
    wanted = [measure for measure in MEASURES if measure.name in choices.name]
    told = machine.describe()
    began = time.monotonic()
    rows: list[tuple[str, Line]] = []
    failed = False
    try:
        for measure in wanted:
            _say(f"{measure.name} …")
            try:
                for line in _take(measure, choices):
                    rows.append((measure.name, line))
            except Exception:
                failed = True
                _say(traceback.format_exc())
                rows.append((measure.name, Line("could not be measured", "see above")))
    except TooLong:
        failed = True
        _say("The run was stopped: it took too long, or somebody asked for its end.")
    sys.stdout.write(f"{told}\n\n{table(rows)}\n\n")
    sys.stdout.write(f"{time.monotonic() - began:.0f} s, pace at the end {machine.pace():.1f} ms, ")
    sys.stdout.write(f"seed {choices.seed}{', quick' if choices.quick else ''}\n")
    return int(failed)


def _take(measure: Measure, choices: argparse.Namespace) -> Iterator[Line]:
    # The path stays short: sockets lie in it. PostgreSQL works as another person, who may pass.
    with tempfile.TemporaryDirectory(prefix="bench-", dir=choices.folder) as folder:
        yield from measure.take(Setting(Path(folder), choices.quick, choices.seed))


def _stop(number: int, frame: FrameType | None) -> None:
    """End in order: what was started is stopped on the way out."""
    raise TooLong


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _parser() -> argparse.ArgumentParser:
    names = [measure.name for measure in MEASURES]
    parser = argparse.ArgumentParser(
        prog="bin/bench", description="Measure the desk. What each measure is: docs/bench.md."
    )
    parser.add_argument(
        "name", nargs="*", type=_known, default=names, help=f"some of: {', '.join(names)} (all)"
    )
    parser.add_argument("--quick", action="store_true", help="fewer repeats, fewer rows")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the data ({SEED})")
    parser.add_argument("--folder", metavar="DIR", help="where files are made (the system's)")
    return parser


def _known(name: str) -> str:
    if all(name != measure.name for measure in MEASURES):
        raise argparse.ArgumentTypeError(f"there is no measure “{name}”")
    return name


if __name__ == "__main__":
    sys.exit(main())
