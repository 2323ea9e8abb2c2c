"""Nothing that an operator can set or call is left unsaid."""

import importlib
import re
import shlex
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest
from flask import Flask

from dashboard.config import CELERY_DEFAULTS, SETTINGS

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


def units() -> list[RawConfigParser]:
    """Give the units of docs/systemd.md."""
    found = []
    for block in re.findall(r"```ini\n(.*?)```", (ROOT / "docs/systemd.md").read_text(), re.S):
        unit = RawConfigParser(strict=False)
        unit.read_string(block)
        found.append(unit)
    return found


def test_the_units_of_systemd_start_what_is_here_and_restart_it() -> None:
    assert len(units()) == 4
    for unit in units():
        service = unit["Service"]
        program, *words = shlex.split(service["ExecStart"])
        assert (Path(sys.executable).parent / Path(program).name).exists() or (
            ROOT / Path(program).relative_to("/opt/bellhop")
        ).exists()
        for word in words:
            if word.startswith("make_celery"):
                assert hasattr(importlib.import_module("make_celery"), "flask_app")
            if word.startswith("python:"):
                importlib.import_module(word.removeprefix("python:"))
        assert service["Restart"] == "always"
        assert int(service["TimeoutStopSec"]) >= 10


def test_a_workers_unit_stops_later_than_the_worker_itself() -> None:
    soft = CELERY_DEFAULTS["worker_soft_shutdown_timeout"]
    (worker,) = [unit["Service"] for unit in units() if " worker " in unit["Service"]["ExecStart"]]
    assert worker["Environment"] == "REMAP_SIGTERM=SIGQUIT"
    assert isinstance(soft, float)
    assert int(worker["TimeoutStopSec"]) >= soft + 5
