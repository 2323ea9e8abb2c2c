"""Finished files: the download, its parts, what is said when the bytes are gone."""

import csv
import hashlib
import io
import json
import re
import shutil
import zipfile
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import update

from dashboard.models import Artifact, User, clock, transaction
from tests.people import Person, words
from tests.web.desk import BYTES, Desk

CSV = BYTES["csv"]


@pytest.fixture
def job_id(desk: Desk, staff: Person) -> str:
    """Give a finished job with two files."""
    return desk.succeeded(staff, formats=("csv", "xlsx"))


@pytest.fixture
def path(desk: Desk, job_id: str) -> str:
    """Give the address of its first file."""
    return f"/files/{desk.file(job_id)}"


def test_a_download_gives_the_very_bytes_under_a_speaking_name(
    desk: Desk, staff: Person, job_id: str, path: str
) -> None:
    with staff.opens(path) as answer:
        data, headers = answer.data, answer.headers

    file = desk.fact(job_id).files[0]
    assert data == CSV
    assert hashlib.sha256(data).hexdigest() == file.sha256
    assert headers["Content-Length"] == str(len(CSV)) == str(file.size)
    assert headers["Content-Type"].startswith("text/csv")
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["ETag"] == f'"{file.sha256}"'
    disposition = headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert unquote(disposition.partition("filename*=UTF-8''")[2]) == "umsätze.csv"
    disposition.encode("latin-1")


def test_a_browser_that_has_the_file_gets_no_bytes(staff: Person, path: str) -> None:
    with staff.opens(path) as first:
        etag, changed = first.headers["ETag"], first.headers["Last-Modified"]

    for headers in ({"If-None-Match": etag}, {"If-Modified-Since": changed}):
        with staff.client.get(path, headers=headers) as answer:
            assert (answer.status_code, answer.data) == (304, b"")
    with staff.client.get(path, headers={"If-None-Match": '"another"'}) as answer:
        assert (answer.status_code, answer.data) == (200, CSV)


@pytest.mark.parametrize(
    ("wanted", "part", "place"),
    [
        ("bytes=0-3", CSV[:4], "bytes 0-3/33"),
        ("bytes=7-", CSV[7:], "bytes 7-32/33"),
        ("bytes=-5", CSV[-5:], "bytes 28-32/33"),
        ("bytes=0-999", CSV, "bytes 0-32/33"),
    ],
)
def test_a_part_of_a_file_is_given(
    staff: Person, path: str, wanted: str, part: bytes, place: str
) -> None:
    with staff.client.get(path, headers={"Range": wanted}) as answer:
        assert (answer.status_code, answer.data) == (206, part)
        assert answer.headers["Content-Range"] == place
        assert answer.headers["Content-Length"] == str(len(part))


@pytest.mark.parametrize("wanted", ["bytes=33-", "bytes=99-100"])
def test_a_part_beyond_the_end_is_refused_with_the_length(
    staff: Person, path: str, wanted: str
) -> None:
    page = staff.client.get(path, headers={"Range": wanted})
    program = staff.calls("GET", path, headers={"Range": wanted})

    assert "<title>" in page.text
    assert program.mimetype == "application/problem+json"
    for answer in (page, program):
        assert answer.status_code == 416
        assert answer.headers["Content-Range"] == "bytes */33"


def test_a_download_that_broke_off_goes_on_only_with_the_same_bytes(
    staff: Person, path: str
) -> None:
    with staff.opens(path) as first:
        etag = first.headers["ETag"]

    with staff.client.get(path, headers={"Range": "bytes=5-", "If-Range": etag}) as answer:
        assert (answer.status_code, answer.data) == (206, CSV[5:])
    with staff.client.get(path, headers={"Range": "bytes=5-", "If-Range": '"old"'}) as answer:
        assert (answer.status_code, answer.data) == (200, CSV)


def test_the_head_of_a_file_tells_its_size_without_its_bytes(staff: Person, path: str) -> None:
    with staff.client.head(path) as answer:
        assert (answer.status_code, answer.data) == (200, b"")
        assert answer.headers["Content-Length"] == "33"


def test_each_download_is_written_down_once(desk: Desk, staff: Person, path: str) -> None:
    with staff.opens(path) as answer:
        etag = answer.headers["ETag"]
    for headers in ({"If-None-Match": etag}, {"Range": "bytes=3-9"}, {"Range": "bytes=99-"}):
        staff.client.get(path, headers=headers).close()
    staff.client.head(path).close()
    assert len(desk.audit("file.download")) == 1

    staff.opens(path).close()

    entries = desk.audit("file.download")
    assert [entry.user_id for entry in entries] == [staff.id, staff.id]
    assert path.endswith(str(entries[0].artifact_id))
    assert entries[0].address == "127.0.0.1"


def test_a_download_in_parts_is_written_down_as_well(desk: Desk, staff: Person, path: str) -> None:
    for wanted in ("bytes=1-9", "bytes=10-19", "bytes=20-"):
        staff.client.get(path, headers={"Range": wanted}).close()

    assert len(desk.audit("file.download")) == 1


def test_a_deleted_file_says_so_and_its_job_offers_to_run_again(
    desk: Desk, staff: Person, job_id: str, path: str
) -> None:
    assert desk.expires(job_id) == 2

    answer = staff.opens(path)
    assert answer.status_code == 410
    assert "This file was deleted when its time was over." in words(answer.text)
    assert staff.opens(f"/jobs/{job_id}/files.zip").status_code == 410
    page = staff.opens(f"/jobs/{job_id}").text
    assert "Files deleted" in words(page)
    assert path not in page
    assert "Deleted" in words(staff.opens("/files").text)
    assert path not in staff.opens("/files").text
    assert staff.calls("GET", path).status_code == 410


def test_an_expired_file_leaves_no_bytes_and_is_deleted_once(
    app: Flask, desk: Desk, staff: Person, job_id: str
) -> None:
    files = Path(app.extensions["storage"].root)
    assert [path.name for path in files.glob("*/*.csv")] == ["1-umsätze.csv"]

    assert desk.expires(job_id) == 2
    assert desk.expires(job_id) == 0

    assert not [path for path in files.rglob("*") if path.is_file()]


def test_a_file_whose_bytes_are_missing_says_so_in_words(
    app: Flask, desk: Desk, staff: Person, job_id: str, path: str
) -> None:
    shutil.rmtree(app.extensions["storage"].root)

    for address in (path, f"/jobs/{job_id}/files.zip"):
        answer = staff.opens(address)
        assert answer.status_code == 410
        assert "This file could not be read." in words(answer.text)
    assert desk.audit("file.download") == []
    assert desk.audit("files.zip") == []


def test_all_files_come_whole_in_one_zip(desk: Desk, staff: Person, job_id: str) -> None:
    with staff.opens(f"/jobs/{job_id}/files.zip") as answer:
        data = answer.data
        assert answer.mimetype == "application/zip"
        assert "attachment; filename=totals.zip;" in answer.headers["Content-Disposition"]

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {"umsätze.csv": BYTES["csv"], "umsätze.xlsx": BYTES["xlsx"]}
    assert [entry.user_id for entry in desk.audit("files.zip")] == [staff.id]


def test_a_zip_of_a_large_file_is_sent_in_pieces(desk: Desk, staff: Person) -> None:
    job_id = desk.succeeded(staff)
    large = bytes(range(256)) * 20_000
    desk.holds(job_id, large)

    with staff.opens(f"/jobs/{job_id}/files.zip") as answer:
        pieces = list(answer.iter_encoded())

    assert max(len(piece) for piece in pieces) < 1_000_000
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as archive:
        assert archive.read("umsätze.csv") == large


def test_the_name_of_a_zip_may_hold_any_letter(desk: Desk, staff: Person) -> None:
    job_id = desk.running(staff, "orders", name='Ümlaut "東京"\r\nX: y')
    desk.succeeds(job_id)

    with staff.opens(f"/jobs/{job_id}/files.zip") as answer:
        disposition = answer.headers["Content-Disposition"]

    assert "X" not in answer.headers
    disposition.encode("latin-1")
    name = unquote(disposition.partition("filename*=UTF-8''")[2])
    assert name == "orders-of-ümlaut-東京-x-y.zip"


def test_a_job_without_files_has_no_zip(desk: Desk, staff: Person) -> None:
    answer = staff.opens(f"/jobs/{desk.failed(staff)}/files.zip")

    assert answer.status_code == 404
    assert "This job has no files." in words(answer.text)


def test_the_provenance_says_where_a_file_comes_from(
    desk: Desk, staff: Person, job_id: str, path: str
) -> None:
    answer = staff.opens(f"{path}/provenance.json")

    told = json.loads(answer.text)
    file = desk.fact(job_id).files[0]
    assert told["file"] == "umsätze.csv"
    assert told["sha256"] == file.sha256
    assert (told["rows"], told["size"]) == (2, 33)
    assert (told["job"], told["title"]) == ("R-1", "Totals")
    assert told["requested_by"] == "Mara Keller"
    assert told["choices"] == {"Formats": "CSV"}
    assert told["made_at"].endswith("Z")
    disposition = answer.headers["Content-Disposition"]
    disposition.encode("latin-1")
    assert unquote(disposition.partition("filename*=UTF-8''")[2]) == "umsätze.csv.json"


def test_a_real_report_comes_in_every_format(desk: Desk, staff: Person) -> None:
    answer = staff.sends("/new/totals", formats=["csv", "xlsx", "pdf"])
    desk.works()
    job_id = (answer.location or "").removeprefix("/jobs/")
    fact = desk.fact(job_id)
    assert fact.state == "succeeded", fact.error

    begin = {"csv": b"Region,Amount\n", "xlsx": b"PK", "pdf": b"%PDF-"}
    for file in fact.files:
        with staff.opens(f"/files/{file.id}") as download:
            assert download.data.startswith(begin[file.format])
            assert hashlib.sha256(download.data).hexdigest() == file.sha256
            if file.format == "csv":
                rows = list(csv.reader(io.StringIO(download.data.decode())))
                assert rows[1:] == [["North", "130"], ["South", "80"]]
    assert staff.opens(f"/jobs/{job_id}").status_code == 200


def test_a_file_that_is_not_there_is_not_found(staff: Person) -> None:
    for path in ("/files/x", "/files/00000000-0000-4000-8000-000000000000"):
        assert staff.opens(path).status_code == 404
        assert staff.opens(f"{path}/provenance.json").status_code == 404


def names(page: str) -> list[str]:
    """Give the jobs of the files on a page, in its order, each once."""
    found = re.findall(r'<td data-role="block"><a href="/jobs/([0-9a-f-]{36})"', page)
    return list(dict.fromkeys(found))


def test_the_list_goes_on_and_comes_back_by_jobs(
    desk: Desk, staff: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.web.file_list.JOBS", 2)
    jobs = [desk.succeeded(staff, formats=("csv", "xlsx")) for _ in range(5)]
    desk.failed(staff)
    path, seen, ways = "/files", [], []
    while path:
        page = staff.client.get(path).text
        seen += names(page)
        ways.append(path)
        older = re.search(r'href="(/files\?before=\d+)"', page)
        path = older.group(1) if older else ""

    assert seen == jobs[::-1]
    assert len(ways) == 3
    assert "2 of 10" in words(page)
    back = re.search(r'href="(/files\?after=\d+)"', page)
    assert back is not None
    assert names(staff.client.get(back.group(1)).text) == jobs[2:0:-1]
    assert names(staff.opens("/files", before="1").text) == jobs[:2:-1]
    assert names(staff.opens("/files", after="999999").text) == jobs[:2:-1]
    assert names(staff.opens("/files", before="x", after="²").text) == jobs[:2:-1]


def test_a_file_is_found_by_its_name_its_job_and_who_asked_for_it(
    desk: Desk, staff: Person, colleague: Person, admin: Person
) -> None:
    mine = desk.succeeded(staff)
    theirs = desk.running(colleague, "orders", name="Müller")
    desk.succeeds(theirs)
    number = desk.fact(theirs).number

    for q in ("müller", number, "jonas", "Orders"):
        assert names(admin.opens("/files", q=q).text) == [theirs]
        assert names(staff.opens("/files", q=q).text) == []
    assert names(admin.opens("/files", q="UMSÄTZE csv").text) == [theirs, mine]
    assert names(admin.opens("/files", person=str(staff.id)).text) == [mine]
    assert names(staff.opens("/files", person=str(colleague.id)).text) == []
    assert "No files match" in words(staff.opens("/files", q="zebra").text)
    assert "No files yet" in words(Person.joins(desk.app, "Nobody Yet").opens("/files").text)


def test_a_file_with_less_than_a_day_left_says_when_it_goes(
    app: Flask, desk: Desk, staff: Person
) -> None:
    job_id = desk.succeeded(staff)

    def fate_in(left: timedelta, zone: str = "UTC") -> str:
        with app.app_context(), transaction() as session:
            person = session.get_one(User, staff.id)
            person.time_zone = zone
            session.execute(update(Artifact).values(expires_at=clock() + left))
        page = words(staff.opens("/files").text)
        found = re.search(r"Deleted (today|tomorrow)", page)
        return found.group(0) if found else ""

    assert fate_in(timedelta(hours=25)) == ""
    now = datetime.now(UTC)
    for zone in ("UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"):
        here = now.astimezone(ZoneInfo(zone))
        midnight = datetime.combine(here.date() + timedelta(days=1), time(), here.tzinfo) - here
        if timedelta(minutes=2) < midnight < timedelta(hours=23, minutes=50):
            assert fate_in(midnight - timedelta(minutes=1), zone) == "Deleted today"
            assert fate_in(midnight + timedelta(minutes=1), zone) == "Deleted tomorrow"
    desk.expires(job_id)
    assert "Deleted" in words(staff.opens("/files").text)


def test_the_list_says_who_has_downloaded_a_file(
    desk: Desk, staff: Person, colleague: Person, admin: Person, job_id: str, path: str
) -> None:
    assert words(staff.opens("/files").text).count("Not downloaded yet") == 2

    others = [Person.joins(desk.app, f"Person {number}", role="admin") for number in range(3)]
    admin.opens(path).close()
    staff.opens(path).close()
    page = words(staff.opens("/files").text)
    assert "umsätze.csv Downloaded by you and Ada Admin" in page
    assert "umsätze.xlsx Not downloaded yet" in page

    others[0].opens(f"/jobs/{job_id}/files.zip").close()
    page = words(admin.opens("/files").text)
    assert "umsätze.csv Downloaded by you , Person 0 and Mara Keller" in page
    assert "umsätze.xlsx Downloaded by Person 0" in page

    for each in others[1:]:
        each.opens(path).close()
    page = words(staff.opens("/files").text)
    assert "umsätze.csv Downloaded by you , Person 2 and 3 others" in page


@pytest.mark.parametrize("zipped", [False, True])
def test_a_file_that_is_deleted_while_it_is_downloaded_comes_whole(
    app: Flask, desk: Desk, staff: Person, zipped: bool
) -> None:
    job_id = desk.succeeded(staff)
    large = bytes(range(256)) * 50_000
    stored = desk.holds(job_id, large)
    path = f"/files/{desk.file(job_id)}"

    with staff.opens(f"/jobs/{job_id}/files.zip" if zipped else path, buffered=False) as answer:
        pieces = answer.iter_encoded()
        begun = next(pieces)
        assert desk.expires(job_id) == 1
        assert not stored.exists()
        data = begun + b"".join(pieces)

    if zipped:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read("umsätze.csv")
    assert data == large
    assert staff.opens(path).status_code == 410


def test_a_zip_whose_files_are_all_deleted_meanwhile_comes_whole(desk: Desk, staff: Person) -> None:
    job_id = desk.succeeded(staff, formats=("csv", "xlsx"))
    large = bytes(range(256)) * 50_000
    desk.holds(job_id, large)

    with staff.opens(f"/jobs/{job_id}/files.zip", buffered=False) as answer:
        pieces = answer.iter_encoded()
        begun = next(pieces)
        assert desk.expires(job_id) == 2
        data = begun + b"".join(pieces)

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.read("umsätze.csv") == large
        assert archive.read("umsätze.xlsx") == BYTES["xlsx"]
