"""The list of settings that an operator copies."""

import json
import re
from pathlib import Path

import pytest

from dashboard.config import SETTINGS, Setting

ROOT = Path(__file__).parents[1]
LINE = re.compile(r"^# ([A-Z][A-Za-z_]*)=(.*)$", re.MULTILINE)
# Read by the supervisor, by the first start or by compose, not by the app's configuration.
OTHERS = {
    "BELLHOP_ADDRESS",
    "BELLHOP_ADMIN_EMAIL",
    "BELLHOP_ADMIN_PASSWORD",
    "BELLHOP_ADMIN_TOKEN",
    "FLASK_INSTANCE_PATH",
    "POSTGRES_PASSWORD",
}


@pytest.fixture
def shown() -> dict[str, str]:
    """Give the settings that .env.example shows, and their values."""
    return dict(LINE.findall((ROOT / ".env.example").read_text()))


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_shown_with_its_default(setting: Setting, shown: dict[str, str]) -> None:
    names = [name for name in shown if re.sub("__.*", "", name) == f"FLASK_{setting.name}"]
    assert names, f"FLASK_{setting.name} is missing from .env.example"
    if isinstance(setting.default, str):
        assert shown[names[0]] == setting.default
    elif setting.default is not None and not isinstance(setting.default, dict):
        assert json.loads(shown[names[0]]) == setting.default


def test_nothing_else_is_shown(shown: dict[str, str]) -> None:
    known = {f"FLASK_{setting.name}" for setting in SETTINGS} | OTHERS
    assert {re.sub("__.*", "", name) for name in shown} <= known


def test_an_unchanged_copy_changes_nothing() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []
