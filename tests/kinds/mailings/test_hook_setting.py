"""The secret of the mail services: long enough to be one, and shown to nobody."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from dashboard import create_app
from dashboard.config import ConfigError
from dashboard.web.redaction import Redaction
from tests.kinds.mailings.hooks import SECRET, opened


@pytest.mark.parametrize("wrong", ["short", 12345678901234567890, ["a", "b"], True])
def test_a_desk_does_not_start_with_a_secret_that_can_be_guessed(
    tmp_path: Path, wrong: Any
) -> None:
    with pytest.raises(ConfigError, match="FLASK_MAIL_HOOK_SECRET must be text of at least 16"):
        create_app(INSTANCE_PATH=tmp_path, MAIL_HOOK_SECRET=wrong)


@pytest.mark.parametrize("fine", [None, "", SECRET])
def test_a_desk_starts_without_one(tmp_path: Path, fine: str | None) -> None:
    assert create_app(INSTANCE_PATH=tmp_path, MAIL_HOOK_SECRET=fine).config["BRAND"] == "Bellhop"


def test_the_secret_leaves_the_desk_in_no_file_for_support(app: Flask) -> None:
    with opened(app).app_context():
        assert SECRET not in Redaction(set()).of(f"They sent {SECRET} to us.")
