"""The support bundle: what helps, for whom, and nothing that must not leave the desk."""

import json
import uuid
import zipfile
from io import BytesIO

import pytest
from flask import Flask

from dashboard.models import LogLine, clock, transaction
from dashboard.web import support
from dashboard.web.redaction import LEFT_OUT, Redaction
from tests.people import Person
from tests.web.desk import Desk

PASSWORD = "hunter2hunter2"
URL = f"postgresql://reader:{PASSWORD}@db.example.org/shop"
FOR_ALL = {"README.txt", "story.txt", "log.txt", "job.json", "versions.txt", "definition.txt"}


def bundle(person: Person, job_id: str) -> dict[str, str]:
    """Give the texts of the bundle by their names."""
    answer = person.opens(f"/jobs/{job_id}/support.zip")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert "R-1-support.zip" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert all(name.startswith("R-1-support/") for name in names)
        return {name.split("/", 1)[1]: archive.read(name).decode() for name in names}


@pytest.mark.parametrize("state", ["succeeded", "failed", "cancelled", "deleted"])
def test_every_ended_job_offers_its_bundle(desk: Desk, staff: Person, state: str) -> None:
    job_id = getattr(desk, state)(staff)

    assert f'href="/jobs/{job_id}/support.zip" download' in staff.opens(f"/jobs/{job_id}").text
    texts = bundle(staff, job_id)

    assert set(texts) == FOR_ALL
    assert "Mara Keller <mara.keller@example.org> asked for “Totals”" in texts["story.txt"]
    shown = json.loads(texts["job.json"])
    assert (shown["id"], shown["number"], shown["choices"]) == (job_id, "R-1", {"Formats": "CSV"})
    assert "sqlite 3." in texts["versions.txt"]
    assert "SELECT" in texts["definition.txt"]
    assert "Made " in texts["README.txt"]


def test_the_bundle_is_written_down(desk: Desk, staff: Person) -> None:
    job_id = desk.failed(staff)
    staff.client.head(f"/jobs/{job_id}/support.zip")
    assert desk.audit("job.support") == []

    bundle(staff, job_id)

    (entry,) = desk.audit("job.support")
    assert (entry.user_id, str(entry.job_id)) == (staff.id, job_id)
    assert "Mara Keller downloaded the support bundle" in bundle(staff, job_id)["story.txt"]


def test_tracebacks_addresses_and_keys_are_for_administrators(
    desk: Desk, staff: Person, admin: Person
) -> None:
    job_id = desk.failed(staff)
    bundle(staff, job_id)

    theirs, ours = bundle(staff, job_id), bundle(admin, job_id)

    assert set(ours) == {*FOR_ALL, "technical.txt"}
    assert ours["technical.txt"] == "Traceback: line 1"
    assert "from 127.0.0.1" in ours["story.txt"]
    assert "127.0.0.1" not in "".join(theirs.values())
    assert ", key " in ours["story.txt"]
    assert ", key " not in theirs["story.txt"]


def test_the_definition_is_for_those_who_may_run_it(
    desk: Desk, staff: Person, viewer: Person, admin: Person
) -> None:
    job_id = desk.succeeded(staff)
    data = {"follow-person": str(viewer.id)}
    staff.sends(f"/jobs/{job_id}/people", **data)

    assert "definition.txt" not in bundle(viewer, job_id)
    desk.app.extensions["families"] = ()
    assert "definition.txt" not in bundle(admin, job_id)


@pytest.fixture
def leaky(app: Flask, desk: Desk, staff: Person) -> str:
    """Give a failed job whose log and error hold what they never should."""
    app.config["SOURCES"] = {"shop": URL}
    app.config["CELERY"] = {**app.config["CELERY"], "broker_url": "redis://:br0ker%2Fpass@q:6379/0"}
    job_id = desk.failed(staff, f"Cannot reach {URL} as {PASSWORD}")
    with app.app_context(), transaction() as session:
        for text in (
            f"connect {URL}",
            "redis br0ker/pass refused, and br0ker%2Fpass too",
            "Authorization: Bearer bh_0123456789abcdefghij",
            'curl -H "X-Api-Key: 5f3a9c77" with bh_abcdefghijklmnopqrstuvwxyz',
            "smtps://mailer:l3tter@mail.example.org",
            f"the key is {app.config['SECRET_KEY']}",
            '{"password": "correct horse", "rows": 3}',
            "Cookie: session=abc.def",
            "letter to ada.admin@example.org and jonas.brandt@example.org",
            "letter to customer@elsewhere.example",
        ):
            line = LogLine(job_id=uuid.UUID(job_id), attempt=1, at=clock(), text=text)
            session.add(line)
    return job_id


def test_no_secret_leaves_the_desk_in_it_not_even_for_administrators(
    app: Flask, leaky: str, staff: Person, admin: Person
) -> None:
    for person in (staff, admin):
        whole = "".join(bundle(person, leaky).values())
        for secret in (
            PASSWORD,
            "br0ker",
            "bh_",
            "5f3a9c77",
            "l3tter",
            app.config["SECRET_KEY"],
            "correct horse",
            "abc.def",
        ):
            assert secret not in whole, secret
        assert f'{{"password": "{LEFT_OUT}", "rows": 3}}' in whole
        assert f"smtps://mailer:{LEFT_OUT}@mail.example.org" in whole


def test_e_mail_addresses_are_those_of_people_who_have_a_part_in_the_job(
    desk: Desk, leaky: str, staff: Person, colleague: Person, admin: Person
) -> None:
    story = bundle(staff, leaky)
    log = story["log.txt"]
    assert f"letter to {LEFT_OUT} and {LEFT_OUT}" in log
    assert "customer@elsewhere.example" in log

    data = {"follow-person": str(colleague.id)}
    staff.sends(f"/jobs/{leaky}/people", **data)

    for person in (staff, colleague):
        log = bundle(person, leaky)["log.txt"]
        assert f"letter to {LEFT_OUT} and jonas.brandt@example.org" in log
    assert "letter to ada.admin@example.org" in bundle(admin, leaky)["log.txt"]


def test_ordinary_words_stay_as_they_are(app: Flask) -> None:
    with app.app_context():
        redaction = Redaction(set())
        for text in (
            "Read 300,000 rows in 12.4 s",
            "The table “tokens” is gone.",
            "select secret_santa from gifts where password is not null",
            "https://desk.example.org/jobs/5f3a",
            "ratio: 3, tokenize: yes",
        ):
            assert redaction.of(text) == text


def test_of_a_log_without_an_end_the_newest_lines_are_in_it(
    app: Flask, desk: Desk, staff: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(support, "LOG_LIMIT", 5)
    job_id = desk.failed(staff)
    with app.app_context(), transaction() as session:
        line = {"job_id": uuid.UUID(job_id), "attempt": 1, "at": clock(), "level": "info"}
        session.add_all(LogLine(text=f"line {at}", **line) for at in range(20))

    texts = bundle(staff, job_id)

    for name in ("log.txt", "story.txt"):
        told = [line for line in texts[name].splitlines() if "line " in line]
        assert [line.rpartition(" ")[2] for line in told] == ["15", "16", "17", "18", "19"]
