"""A file that is not what was made any more: never given out, and said so wherever it is shown."""

import hashlib
import http.client
import json
import logging
import random
import shutil
import socket
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from dashboard.storage import Damaged
from dashboard.web import download
from tests.parts import Parts, parts_of
from tests.people import Person, words
from tests.web.desk import BYTES, Desk

LARGE = random.Random(8).randbytes(download.SMALL + 1_500_000)
CSV, XLSX = BYTES["csv"], BYTES["xlsx"]
DAMAGED = "This file was damaged on disk, so it is not given out. You can run the job again."


@pytest.fixture
def job_id(desk: Desk, staff: Person) -> str:
    """Give a finished job with two files."""
    return desk.succeeded(staff, formats=("csv", "xlsx"))


@pytest.fixture
def path(desk: Desk, job_id: str) -> str:
    """Give the address of its first file."""
    return f"/files/{desk.file(job_id)}"


@pytest.fixture
def stored(desk: Desk, job_id: str) -> Path:
    """Give where the bytes of its first file lie."""
    return desk.holds(job_id, CSV)


def spoil(file: Path, place: int = 0) -> None:
    """Change one byte on the disk, as a bad disk does: the length stays."""
    with file.open("r+b") as bytes_:
        bytes_.seek(place)
        old = bytes_.read(1)
        bytes_.seek(place)
        bytes_.write(bytes([old[0] ^ 1]))


@pytest.mark.parametrize("how", ["changed", "cut", "grown", "emptied"])
def test_a_damaged_file_is_not_given_out_and_says_so(
    desk: Desk, staff: Person, job_id: str, path: str, stored: Path, how: str
) -> None:
    if how == "changed":
        spoil(stored, 20)
    else:
        stored.write_bytes({"cut": CSV[:-1], "grown": CSV + b"x", "emptied": b""}[how])

    page = staff.opens(path)
    assert page.status_code == 410
    assert DAMAGED in words(page.text)
    program = staff.calls("GET", path)
    assert (program.status_code, program.mimetype) == (410, "application/problem+json")
    assert json.loads(program.text)["detail"] == DAMAGED
    assert staff.client.get(path, headers={"Range": "bytes=0-3"}).status_code == 410
    assert staff.client.head(path).status_code == 410
    assert desk.fact(job_id).files[0].damaged_at is not None
    assert desk.audit("file.download") == []


def test_pages_say_that_a_file_is_damaged_and_offer_what_is_left(
    desk: Desk, staff: Person, job_id: str, path: str, stored: Path
) -> None:
    spoil(stored)
    staff.opens(path)

    page = staff.opens(f"/jobs/{job_id}").text
    said = words(page)
    assert "umsätze.csv could not be read. The file was damaged on disk" in said
    assert "Run again" in said
    assert "1 file, ready" in said
    assert path + '"' not in page
    other = f"/files/{desk.file(job_id, 1)}"
    assert other in page
    assert "files.zip" not in page
    with staff.opens(other) as whole:
        assert whole.data == XLSX
    files = staff.opens("/files").text
    assert "Damaged" in words(files)
    assert path + '"' not in files
    assert path + '"' not in staff.opens("/").text
    log = staff.opens(f"/jobs/{job_id}/log.txt").text
    assert log.count("The file umsätze.csv was damaged on disk") == 1


def test_a_job_with_nothing_left_to_download_says_so_everywhere(desk: Desk, staff: Person) -> None:
    job_id = desk.succeeded(staff)
    spoil(desk.holds(job_id, CSV))
    staff.opens(f"/files/{desk.file(job_id)}")

    fact = desk.fact(job_id)
    assert (fact.shown_state, fact.word, fact.is_ready) == ("damaged", "Files damaged", False)
    page = staff.opens(f"/jobs/{job_id}").text
    assert "<title>Files damaged Totals" in page
    assert "1 file, damaged" in words(page)
    assert "Ready" not in words(page)
    assert "Files damaged" in words(staff.opens("/jobs").text)


def test_the_api_tells_damage_in_the_file(desk: Desk, staff: Person, job_id: str) -> None:
    spoil(desk.holds(job_id, CSV))
    staff.opens(f"/files/{desk.file(job_id)}")

    files = json.loads(staff.calls("GET", f"/jobs/{job_id}").text)["files"]
    assert files[0]["damaged_at"].endswith("Z")
    assert files[1]["damaged_at"] is None


def test_whoever_looks_after_the_desk_is_told_once(
    desk: Desk, staff: Person, path: str, stored: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert "bellhop_files_damaged 0.0" in staff.opens("/metrics").text
    spoil(stored)
    with caplog.at_level(logging.WARNING, "dashboard.jobs.damage"):
        staff.opens(path)
        staff.opens(path)

    (record,) = [each for each in caplog.records if each.name == "dashboard.jobs.damage"]
    assert "R-1" in record.getMessage()
    assert "bellhop_files_damaged 1.0" in staff.opens("/metrics").text


def test_a_zip_with_a_damaged_file_is_refused_by_its_name(
    desk: Desk, staff: Person, job_id: str, stored: Path
) -> None:
    spoil(stored)

    for _ in range(2):
        answer = staff.opens(f"/jobs/{job_id}/files.zip")
        assert answer.status_code == 410
        assert "“umsätze.csv” was damaged on disk" in words(answer.text)
    assert desk.audit("files.zip") == []


def test_a_missing_file_is_damage_but_a_missing_disk_is_not(
    app: Flask, desk: Desk, staff: Person, job_id: str, path: str, stored: Path
) -> None:
    root = Path(app.extensions["storage"].root)
    root.rename(root.with_name("away"))
    assert "This file could not be read." in words(staff.opens(path).text)
    assert desk.fact(job_id).files[0].damaged_at is None
    root.with_name("away").rename(root)
    with staff.opens(path) as whole:
        assert whole.data == CSV

    stored.unlink()
    for _ in range(2):
        answer = staff.opens(path)
        assert answer.status_code == 410
        assert "This file could not be read." in words(answer.text)
    assert desk.fact(job_id).files[0].damaged_at is not None


def test_a_large_file_is_whole_or_breaks_off(desk: Desk, staff: Person, job_id: str) -> None:
    stored = desk.holds(job_id, LARGE)
    path = f"/files/{desk.file(job_id)}"
    with staff.opens(path) as whole:
        assert whole.data == LARGE

    spoil(stored, 5)
    answer = staff.client.get(path, buffered=False)
    assert answer.status_code == 200
    assert answer.headers["Content-Length"] == str(len(LARGE))
    given = 0
    with pytest.raises(Damaged):
        for piece in answer.iter_encoded():
            given += len(piece)
    answer.close()
    assert 0 < given < len(LARGE)
    assert desk.fact(job_id).files[0].damaged_at is not None
    assert DAMAGED in words(staff.opens(path).text)


def test_the_rest_of_a_damaged_large_file_is_not_given(
    desk: Desk, staff: Person, job_id: str
) -> None:
    stored = desk.holds(job_id, LARGE)
    path = f"/files/{desk.file(job_id)}"
    spoil(stored, 5)

    with staff.client.get(path, headers={"Range": "bytes=100-199"}) as part:
        assert (part.status_code, part.data) == (206, LARGE[100:200])
    rest = staff.client.get(path, headers={"Range": "bytes=200-"}, buffered=False)
    given = b""
    with pytest.raises(Damaged):
        for piece in rest.iter_encoded():
            given += piece
    rest.close()
    assert LARGE[200:].startswith(given)
    assert len(given) < len(LARGE) - 200
    assert staff.client.get(path, headers={"Range": "bytes=100-199"}).status_code == 410


def test_a_large_file_that_lost_its_end_is_refused_before_the_first_byte(
    desk: Desk, staff: Person, job_id: str
) -> None:
    desk.holds(job_id, LARGE).write_bytes(LARGE[:-1])

    for headers in ({}, {"Range": "bytes=0-9"}):
        answer = staff.client.get(f"/files/{desk.file(job_id)}", headers=headers)
        assert (answer.status_code, DAMAGED in words(answer.text)) == (410, True)


def test_a_zip_that_meets_damage_cannot_be_opened(desk: Desk, staff: Person, job_id: str) -> None:
    spoil(desk.holds(job_id, LARGE), len(LARGE) // 2)

    answer = staff.client.get(f"/jobs/{job_id}/files.zip", buffered=False)
    given = b""
    with pytest.raises(Damaged):
        for piece in answer.iter_encoded():
            given += piece
    answer.close()
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(BytesIO(given))
    assert "damaged on disk" in words(staff.opens(f"/jobs/{job_id}/files.zip").text)


@pytest.fixture
def served(app: Flask, tmp_path: Path) -> Iterator[int]:
    """Give the port of a real server of the desk."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    with parts_of(app, tmp_path) as parts:
        _serve(parts, port)
        yield port


def _serve(parts: Parts, port: int) -> None:
    parts.web(port, FLASK_SECRET_KEY=parts.app.config["SECRET_KEY"])


def test_a_real_server_cuts_the_connection_so_that_a_browser_sees_it(
    desk: Desk, staff: Person, job_id: str, served: int
) -> None:
    stored = desk.holds(job_id, LARGE)
    address = f"/api/v1/files/{desk.file(job_id)}"
    headers = {"Authorization": f"Bearer {staff.token()}"}

    @contextmanager
    def get() -> Iterator[http.client.HTTPResponse]:
        with closing(http.client.HTTPConnection("127.0.0.1", served, timeout=30)) as connection:
            connection.request("GET", address, headers=headers)
            with connection.getresponse() as answer:
                yield answer

    with get() as answer:
        assert hashlib.sha256(answer.read()).digest() == hashlib.sha256(LARGE).digest()
    spoil(stored, len(LARGE) - 1)
    with get() as answer:
        assert answer.status == 200
        with pytest.raises(http.client.IncompleteRead):
            answer.read()
    with get() as answer:
        assert answer.status == 410
        assert b"damaged" in answer.read()
    shutil.rmtree(stored.parent)
    with get() as answer:
        assert answer.status == 410
