"""Each finished job has its files, whole and right; nobody else has any."""

import csv
import hashlib
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

from chaos.account import Account
from chaos.history import Accepted, History
from chaos.stage import Stage
from dashboard.models import Artifact, Job, Outcome, State

SECONDS = 30.0
DRAFTS = ".drafts"


def check(stage: Stage, account: Account, history: History) -> Iterator[str]:
    """Download every file, as a program does it, and look at its bytes."""
    connection = HTTPConnection(stage.desk.host, stage.desk.port, timeout=SECONDS)
    for job in account.jobs.values():
        artifacts = account.artifacts.get(job.id, [])
        asked = history.accepted.get(job.id)
        if job.state != State.SUCCEEDED:
            if artifacts:
                yield f"{job.number} is {job.state}, but it has {len(artifacts)} files."
            continue
        formats = tuple(artifact.format for artifact in artifacts)
        if asked is not None and formats != asked.formats:
            yield f"{job.number} has the files {formats}, not {asked.formats}."
        fence = next(
            each.fence for each in account.attempts[job.id] if each.outcome == Outcome.SUCCEEDED
        )
        for artifact in artifacts:
            if not artifact.key.startswith(f"{job.id}/{fence}-"):
                yield f"{job.number}: {artifact.key} is not of the attempt {fence} that succeeded."
            data = _downloaded(connection, stage, artifact)
            yield from _whole(job, artifact, data)
            if asked is not None and artifact.format == "csv":
                yield from _right(job, asked, data)
    connection.close()


def strays(stage: Stage, account: Account) -> list[Path]:
    """Give the files in the storage that no row names; drafts are not counted."""
    named = {artifact.key for some in account.artifacts.values() for artifact in some}
    files = (path for path in stage.files.rglob("*") if path.is_file())
    return [
        path
        for path in files
        if DRAFTS not in path.parts and str(path.relative_to(stage.files)) not in named
    ]


def drafts(stage: Stage) -> int:
    """Give how many drafts crashed attempts have left."""
    return sum(1 for _ in (stage.files / DRAFTS).glob("*"))


def _downloaded(connection: HTTPConnection, stage: Stage, artifact: Artifact) -> bytes:
    headers = {"Authorization": f"Bearer {stage.desk.token}"}
    connection.request("GET", f"/api/v1/files/{artifact.id}", None, headers)
    response = connection.getresponse()
    data = response.read()
    return data if response.status == 200 else f"status {response.status}".encode()


def _whole(job: Job, artifact: Artifact, data: bytes) -> Iterator[str]:
    if len(data) != artifact.size or hashlib.sha256(data).hexdigest() != artifact.sha256:
        yield f"{job.number}: the download of {artifact.name} is not the file of the row."


def _right(job: Job, asked: Accepted, data: bytes) -> Iterator[str]:
    """Count for ourselves what the file should hold."""
    rows, day = asked.params["rows"], asked.params["day"]
    found = list(csv.reader(data.decode().splitlines()))[1:]
    wanted = [[str(i), f"row {i} of {day}", str(2 * (20_000 + i % 7))] for i in range(1, rows + 1)]
    if found != wanted:
        yield f"{job.number}: its {len(found)} rows are not the {rows} that were asked for."
