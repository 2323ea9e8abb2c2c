"""A desk whose shop is small, to make jobs up in."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from dashboard import create_app
from dashboard.demo import load
from dashboard.models import Role, User
from dashboard.web.users import add_user, find_user
from tests.people import PASSWORD

EMAIL = "ada@example.org"


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a small demo shop."""
    path = tmp_path_factory.mktemp("shop") / "shop.db"
    load(path, date.today(), orders=2_000)
    return path


@pytest.fixture
def app(tmp_path: Path, sqlite_ledger: Path, valkey_url: str, shop: Path) -> Flask:
    """Give a desk with that shop, an administrator and no jobs."""
    (tmp_path / "ledger.db").write_bytes(sqlite_ledger.read_bytes())
    app = create_app(
        INSTANCE_PATH=tmp_path,
        REDIS_URL=valkey_url,
        SOURCES={"shop": f"sqlite:///{shop}"},
        TESTING=True,
    )
    with app.app_context():
        add_user(EMAIL, "Ada Admin", Role.ADMIN, PASSWORD)
    return app


def ada() -> User:
    """Give the administrator, in an app context."""
    user = find_user(EMAIL)
    assert user is not None
    return user
