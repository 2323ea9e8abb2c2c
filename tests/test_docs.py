"""Nothing that an operator can set or call is left unsaid."""

from pathlib import Path

import pytest
from flask import Flask

from dashboard.config import SETTINGS

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("file", ["docs/settings.md", ".env.example"])
def test_every_setting_is_explained(file: str) -> None:
    text = (ROOT / file).read_text()
    assert [name for name, *_ in SETTINGS if f"FLASK_{name}" not in text] == []


def test_every_call_of_the_api_is_explained(app: Flask) -> None:
    text = (ROOT / "docs/api.md").read_text()
    with app.app_context():
        rules = [rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")]
    paths = {rule.removeprefix("/api/v1").split("<")[0].rstrip("/") for rule in rules}
    assert [path for path in paths if path not in text] == []


def test_the_readme_names_the_two_commands_and_every_document() -> None:
    text = (ROOT / "README.md").read_text()
    assert "bin/run" in text
    assert "bin/test" in text
    docs = {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")}
    linked = text + "".join(path.read_text() for path in (ROOT / "docs").glob("*.md"))
    assert [doc for doc in docs if Path(doc).name not in linked] == []
