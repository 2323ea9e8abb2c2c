"""A desk on which the table of orders is open, and exports of it, from the press to the end."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from bench import orders
from bench.desk import Desk, desk
from bench.fresh import fresh
from bench.people import joining
from bench.staff import Staff

SOURCE: Final = "orders"
ACCEPTED: Final = 202
LONGEST_SECONDS: Final = 300.0
LOOK_SECONDS: Final = 0.5  # The ledger says when a job ended, and each look costs the desk some.
FEW: Final = 10  # orders


class Exported(NamedTuple):
    """A finished export: seconds from the press to the end, rows and bytes of its one file."""

    seconds: float
    rows: int
    size: int


@contextmanager
def orders_desk(folder: Path, url: str, **env: str) -> Iterator[Desk]:
    """Run a desk that has opened the table of the database *url* until the block ends."""
    with desk(folder, "orders", {SOURCE: url}, **env) as running:
        settings = {**joining(running), "SOURCES": {SOURCE: url}}
        fresh("open_table", folder, settings=settings, source=SOURCE, table="orders")
        yield running


def press(staff: Staff, kind: str, form: str, **choices: Any) -> str:
    """Ask for a file of the form csv or another; gives the job's id."""
    staff.close()  # The server may have let the connection go meanwhile.
    answer = staff.calls("POST", f"/jobs/{kind}", {"formats": [form], "params": choices})
    assert answer.status == ACCEPTED, answer
    return str(json.loads(answer.text)["id"])


def ended(staff: Staff, job_id: str) -> dict[str, Any]:
    """Wait until a file is there and delete it: it has a hundred megabytes and more.

    Gives the job as the API has it.
    """
    job = staff.ends(job_id, LONGEST_SECONDS, LOOK_SECONDS)
    for stored in (staff.desk.home / "files").glob(f"{job_id}/*"):
        stored.unlink()
    return job


def moment(job: Mapping[str, Any], act: str) -> float:
    """Give when the job was created, started or finished, in seconds since 1970."""
    return datetime.fromisoformat(job[f"{act}_at"]).timestamp()


def export(staff: Staff, form: str, kind: str = orders.KIND, **choices: Any) -> Exported:
    """Ask for a file and wait for it; the ledger's clock is this machine's."""
    began = time.time()
    job = ended(staff, press(staff, kind, form, **choices))
    (file,) = job["files"]
    return Exported(moment(job, "finished") - began, file["rows"], file["size"])


def warm_up(staff: Staff, forms: Sequence[str]) -> None:
    """Let a few rows be exported: all that a worker's child needs is made then, and kept."""
    for form in forms:
        export(staff, form, limit=FEW)
