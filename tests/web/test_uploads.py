"""A file is kept as it arrives, or not at all; and only for those who may send one."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from dashboard.extensions import db
from dashboard.jobs.uploads import plain_name
from dashboard.models import Upload
from dashboard.storage import StorageError, StorageFull
from dashboard.web import uploads
from tests.people import Person, csrf_of, words
from tests.web.desk import Desk

DATA = b"number;name\r\n1;M\xfcller\r\n" * 20_000  # more than a block
FIELD = b"--x\r\nContent-Disposition: form-data; name=%s\r\n\r\n%s\r\n"
NEXT = "/new/totals?least=3&upload=old"


def sends(
    person: Person, data: bytes = DATA, name: str = "spring list.csv", **more: Any
) -> TestResponse:
    """Send a file by the form, as a browser does: the fields come first."""
    token = csrf_of(person.opens("/account").text)
    form = {"csrf_token": token, "next": NEXT, "file": (io.BytesIO(data), name)}
    return person.client.post("/uploads", data=form, **more)


def scripted(person: Person, data: bytes = DATA, **more: Any) -> TestResponse:
    """Send a file as the script of a page does."""
    return sends(person, data, headers={"Accept": "application/json", "X-Live": "1"}, **more)


def posted(
    person: Person, data: bytes, *, cut: int | None = None, length: int | None = -1
) -> TestResponse:
    """Send a file piece by piece, up to *cut*; *length* is what is told, None for nothing."""
    token = csrf_of(person.opens("/account").text).encode()
    body = FIELD % (b'"csrf_token"', token) + FIELD % (b'"file"; filename="a"', data) + b"--x--"
    more: dict[str, Any] = {"content_length": len(body) if length == -1 else length}
    if length is None:
        more = {"environ_overrides": {"wsgi.input_terminated": True}}
    return person.client.post(
        "/uploads",
        input_stream=io.BytesIO(body[:cut]),
        content_type="multipart/form-data; boundary=x",
        **more,
    )


@pytest.fixture
def kept(app: Flask) -> Callable[[], tuple[list[Path], list[Upload]]]:
    """Give what looks for the stored bytes and the rows of uploads."""

    def look() -> tuple[list[Path], list[Upload]]:
        root = Path(app.extensions["storage"].root)
        files = [path for path in root.rglob("*") if path.is_file()]
        drafts = list((root / ".drafts").glob("*"))
        with app.app_context():
            return files + drafts, list(db.session.scalars(select(Upload)))

    return look


def nothing_is(kept: Any) -> bool:
    """Whether nothing at all is left of what was sent."""
    return bool(kept() == ([], []))


def test_a_form_goes_on_with_the_file_among_its_choices(
    desk: Desk, staff: Person, kept: Any
) -> None:
    answer = sends(staff)

    assert answer.status_code == 303
    parts = urlsplit(answer.location)
    files, (row,) = kept()
    assert (parts.scheme, parts.netloc, parts.path) == ("", "", "/new/totals")
    assert parse_qs(parts.query) == {"least": ["3"], "upload": [str(row.id)]}
    assert [path.read_bytes() for path in files] == [DATA]
    assert (row.name, row.size, row.uploaded_by_id) == ("spring list.csv", len(DATA), staff.id)
    assert row.sha256 == hashlib.sha256(DATA).hexdigest()
    (entry,) = desk.audit("upload.send")
    assert entry.user_id == staff.id
    assert entry.detail == {"upload": str(row.id), "name": row.name, "size": row.size}


def test_it_may_be_larger_than_any_other_form(staff: Person, kept: Any) -> None:
    answer = posted(staff, b"x" * 5_000_000)

    assert answer.status_code == 303
    assert kept()[1][0].size == 5_000_000


def test_a_script_is_told_what_is_kept(staff: Person, kept: Any) -> None:
    answer = scripted(staff, b"a,b\n1,2\n")

    assert answer.status_code == 201
    _, (row,) = kept()
    assert answer.json == {
        "id": str(row.id),
        "name": "spring list.csv",
        "size": 8,
        "sha256": hashlib.sha256(b"a,b\n1,2\n").hexdigest(),
        "expires_at": row.expires_at.isoformat(),
    }


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", ""])
def test_it_never_goes_on_elsewhere(staff: Person, target: str) -> None:
    token = csrf_of(staff.opens("/account").text)
    form = {"csrf_token": token, "next": target, "file": (io.BytesIO(b"1"), "a.csv")}

    answer = staff.client.post("/uploads", data=form)

    assert answer.status_code == 303
    assert answer.location.startswith("/?upload=")


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ("C:\\Users\\mara\\März\\list.csv", "list.csv"),
        ("../../etc/passwd", "passwd"),
        ("a\u202egpj.csv", "agpj.csv"),
        ("Übersicht „neu“ 😀.xlsx", "Übersicht „neu“ 😀.xlsx"),
        ("..", ".."),
        ("\u200e \u2069", "file"),
    ],
)
def test_a_name_is_one_line_without_folders(given: str, known: str) -> None:
    assert plain_name(given) == known


def test_nobodys_words_are_in_a_name_on_the_disk(staff: Person, kept: Any) -> None:
    assert scripted(staff, b"1", name="a/b\u202e.csv").get_json()["name"] == "b.csv"
    (path,), (row,) = kept()
    assert path.name == str(row.id)


def test_a_long_name_keeps_its_ending(staff: Person) -> None:
    name = scripted(staff, b"1", name=f"{'x' * 400}.csv").get_json()["name"]

    assert len(name) == 255
    assert name.endswith("x….csv")


@pytest.mark.parametrize("script", [True, False])
def test_a_file_that_is_too_large_is_refused_in_a_sentence_beside_the_form(
    app: Flask, staff: Person, kept: Any, script: bool
) -> None:
    app.config["MAX_UPLOAD_MB"] = 0.1
    answer = scripted(staff) if script else sends(staff)

    assert answer.status_code == 413
    sentence = "This file is larger than 0.1 MB, the most that this desk takes."
    if script:
        assert answer.mimetype == "application/problem+json"
        assert answer.get_json()["detail"] == sentence
    else:
        assert sentence in words(answer.text)
        assert 'name="next" value="/new/totals?least=3&amp;upload=old"' in answer.text
        assert "<title>Error: The file was not kept" in answer.text
    assert nothing_is(kept)


def test_a_file_of_unknown_length_is_counted(app: Flask, staff: Person, kept: Any) -> None:
    app.config["MAX_UPLOAD_MB"] = 0.1

    assert posted(staff, DATA, length=None).status_code == 413
    assert nothing_is(kept)


def test_a_file_just_within_the_limit_is_kept(app: Flask, staff: Person) -> None:
    app.config["MAX_UPLOAD_MB"] = 0.1

    assert scripted(staff, b"x" * 100_000).status_code == 201
    assert scripted(staff, b"x" * 100_001).status_code == 413


def test_an_empty_file_and_none_at_all_are_refused(staff: Person, kept: Any) -> None:
    empty, none = sends(staff, b""), sends(staff, b"", name="")
    token = csrf_of(staff.opens("/account").text)
    plain = staff.client.post("/uploads", data={"csrf_token": token})

    assert [each.status_code for each in (empty, none, plain)] == [422, 422, 422]
    assert "This file is empty. Choose another one." in words(empty.text)
    assert "Choose a file first." in words(none.text)
    assert "Choose a file first." in words(plain.text)
    assert nothing_is(kept)


@pytest.mark.parametrize("cut", [10, 200, len(DATA) // 2, -20])
@pytest.mark.parametrize("is_told", [True, False])
def test_what_breaks_off_leaves_nothing(staff: Person, kept: Any, cut: int, is_told: bool) -> None:
    answer = posted(staff, DATA, cut=cut, length=len(DATA) + 500 if is_told else None)

    assert answer.status_code == 400
    assert "broke off" in words(answer.text)
    assert nothing_is(kept)


@pytest.mark.parametrize(
    "body",
    [
        b"no form at all",
        b"--x\r\nContent-Type: text/plain\r\n\r\n1\r\n--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="\xff"\r\n\r\n1\r\n--x--',
        b'--x\r\nContent-Disposition: form-data; name="next"\r\n\r\n'
        + b"/" * 100_000
        + b"\r\n--x--",
        b"--x\r\n" + b"A" * 500_000,
        b"",
    ],
)
def test_what_is_no_form_is_refused(staff: Person, kept: Any, body: bytes) -> None:
    answer = staff.client.post(
        "/uploads", data=body, content_type="multipart/form-data; boundary=x"
    )

    assert answer.status_code in {400, 413}
    assert nothing_is(kept)


@pytest.mark.parametrize("token", [None, "forged"])
def test_no_other_site_can_send_a_file(staff: Person, kept: Any, token: str | None) -> None:
    form: dict[str, Any] = {"file": (io.BytesIO(b"1"), "a.csv")}
    if token:
        form = {"csrf_token": token, **form}

    assert staff.client.post("/uploads", data=form).status_code == 400
    assert nothing_is(kept)


def test_a_token_that_comes_after_the_file_is_none(staff: Person, kept: Any) -> None:
    token = csrf_of(staff.opens("/account").text)
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n1\r\n'
        b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n'
        + token.encode()
        + b"\r\n--x--\r\n"
    )
    answer = staff.client.post(
        "/uploads", data=body, content_type="multipart/form-data; boundary=x"
    )

    assert answer.status_code == 400
    assert nothing_is(kept)


def test_who_may_not_start_anything_sends_nothing(viewer: Person, app: Flask, kept: Any) -> None:
    assert sends(viewer).status_code == 403
    assert (
        viewer.calls("POST", "/uploads", data={"file": (io.BytesIO(b"1"), "a")}).status_code == 403
    )
    nobody = app.test_client()
    asked = nobody.post("/uploads", headers={"X-Live": "1"}, data={"file": (io.BytesIO(b"1"), "a")})
    assert asked.status_code == 401
    assert nothing_is(kept)


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (StorageFull("full"), 507, "There is no room left on the disk for files."),
        (StorageError("away"), 503, "The disk for files does not answer."),
    ],
)
def test_a_disk_that_takes_nothing_is_told(
    app: Flask,
    staff: Person,
    kept: Any,
    monkeypatch: pytest.MonkeyPatch,
    error: StorageError,
    code: int,
    sentence: str,
) -> None:
    def refuse(draft: object) -> None:
        raise error

    monkeypatch.setattr("dashboard.storage.local.LocalDraft.commit", refuse)
    answers = sends(staff), scripted(staff)

    assert [answer.status_code for answer in answers] == [code, code]
    assert sentence in words(answers[0].text)
    assert answers[1].get_json()["detail"].startswith(sentence)
    assert nothing_is(kept)


def test_what_will_not_fit_is_refused_before_it_is_read(
    app: Flask, staff: Person, kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.storage.local.LocalStorage.free", lambda storage: 1000)
    monkeypatch.setattr(uploads, "keep_upload", None)

    assert scripted(staff).status_code == 507
    assert nothing_is(kept)


def test_the_bytes_go_where_the_ledger_does_not_take_the_row(
    app: Flask, staff: Person, kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("dashboard.jobs.uploads.audit.record", fails)

    assert scripted(staff).status_code == 500
    assert nothing_is(kept)


class Line:
    """A connection that falls silent after some bytes, and how long it is waited for."""

    def __init__(self, data: bytes) -> None:
        self.data = io.BytesIO(data)
        self.waits: list[float | None] = [None]

    def read(self, size: int) -> bytes:
        """Give what there is; in the end nobody says anything."""
        assert self.waits[-1] == uploads.SILENCE_SECONDS
        if not (found := self.data.read(min(size, 100))):
            raise TimeoutError
        return found

    def gettimeout(self) -> float | None:
        """Give the seconds that it is waited for."""
        return self.waits[-1]

    def settimeout(self, seconds: float | None) -> None:
        """Wait so many seconds from now on."""
        self.waits.append(seconds)


def test_who_falls_silent_is_not_waited_for_for_ever(staff: Person, kept: Any) -> None:
    token = csrf_of(staff.opens("/account").text).encode()
    line = Line(FIELD % (b'"csrf_token"', token) + FIELD % (b'"file"; filename="a"', DATA[:1000]))
    answer = staff.client.post(
        "/uploads",
        content_type="multipart/form-data; boundary=x",
        content_length=10_000,
        environ_overrides={"wsgi.input": line, "gunicorn.socket": line},
    )

    assert answer.status_code == 400
    assert line.waits == [None, uploads.SILENCE_SECONDS, None]
    assert nothing_is(kept)


def test_a_program_sends_a_file_with_its_token(staff: Person, kept: Any, app: Flask) -> None:
    answer = staff.calls("POST", "/uploads", data={"file": (io.BytesIO(DATA), "a.csv")})

    assert answer.status_code == 201
    _, (row,) = kept()
    assert answer.get_json()["id"] == str(row.id)
    assert row.uploaded_by_id == staff.id
    app.config["MAX_UPLOAD_MB"] = 0.1
    for sent, code in ((DATA, 413), (b"", 422)):
        wrong = staff.calls("POST", "/uploads", data={"file": (io.BytesIO(sent), "a.csv")})
        assert (wrong.status_code, wrong.mimetype) == (code, "application/problem+json")
    assert staff.calls("POST", "/uploads", json={}).status_code == 422
