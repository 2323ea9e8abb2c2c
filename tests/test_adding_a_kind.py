"""The family in docs/adding-a-kind.md works as it stands there."""

import re
import types
from pathlib import Path

import pytest
from flask import Flask

from dashboard import create_app
from dashboard.jobs import Family
from dashboard.jobs.task import run
from tests.people import Person, words

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def app(tmp_path: Path, sqlite_ledger: Path, valkey_url: str) -> Flask:
    """Give a desk with the family of the document beside its own."""
    (tmp_path / "ledger.db").write_bytes(sqlite_ledger.read_bytes())
    app = create_app(INSTANCE_PATH=tmp_path, REDIS_URL=valkey_url, TESTING=True)
    app.extensions["families"] = (*app.extensions["families"], documented_family())
    return app


def documented_family() -> Family:
    """Give the family that the document's Python makes."""
    text = (ROOT / "docs" / "adding-a-kind.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", text, re.S)
    module = types.ModuleType("greetings")
    exec(compile(code, "docs/adding-a-kind.md", "exec"), module.__dict__)
    family: Family = module.__dict__["family"]
    return family


def test_the_documented_family_works_from_its_form_to_its_file(app: Flask, staff: Person) -> None:
    assert "Says hello three times." in words(staff.opens("/").text)
    refused = staff.sends("/new/greeting", name="")
    assert refused.status_code == 422
    assert "Enter a name." in words(refused.text)
    started = staff.sends("/new/greeting", name="Jürgen")
    assert started.status_code == 303
    with app.app_context():
        run.apply(args=["reports"]).get()
    page = staff.opens(started.headers["Location"])
    assert "Greeting for Jürgen" in words(page.text)
    assert "1 file, ready" in words(page.text)
    path = re.findall(r'href="(/files/[0-9a-f-]{36})"', page.text)[0]
    assert staff.client.get(path, buffered=True).text == "greeting\n" + 3 * "Hello Jürgen\n"


def test_the_documented_family_works_by_api(app: Flask, staff: Person) -> None:
    answer = staff.calls("POST", "/jobs/greeting", json={"params": {"name": "Ann"}})
    assert answer.status_code == 202
    assert answer.json is not None
    assert answer.json["number"].startswith("G-")
