"""Jobs without a worker: their kind and the person who asks for them."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask

from dashboard.jobs import Family, Kind, Running
from dashboard.models import Role
from dashboard.web.users import add_user


def work(running: Running) -> None:
    """Count to ten."""
    for done in range(10):
        running.progress(done + 1, 10, "Counting")


def kind(name: str = "count", **changes: Any) -> Kind:
    """Give a kind that needs no form."""

    def no_form(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("This kind is started by tests only.")

    def title(params: Mapping[str, Any]) -> str:
        return f"Count {params.get('what', 'sheep')}"

    def describe(params: Mapping[str, Any]) -> list[tuple[str, str]]:
        return [(key, str(value)) for key, value in params.items()]

    values: dict[str, Any] = {
        "name": name,
        "title": "Count",
        "family": "counts",
        "summary": "Counts.",
        "work": work,
        "form": no_form,
        "title_of": title,
        "describe": describe,
        **changes,
    }
    return Kind(**values)


def with_kinds(app: Flask, *kinds: Kind) -> Flask:
    """Make *kinds* the kinds of the desk."""
    by_name = {each.name: each for each in kinds}
    family = Family("counts", "Counts", "C", "hash", lambda: by_name)
    app.extensions["families"] = (family,)
    return app


@pytest.fixture
def desk(any_app: Flask) -> Flask:
    """Give a desk whose one kind counts, on each database in turn."""
    return with_kinds(any_app, kind())


@pytest.fixture
def mara(desk: Flask) -> int:
    """Give the id of a person."""
    with desk.app_context():
        return add_user("mara@example.org", "Mara", Role.STAFF, "secret secret").id


@pytest.fixture
def jonas(desk: Flask) -> int:
    """Give the id of another person."""
    with desk.app_context():
        return add_user("jonas@example.org", "Jonas", Role.STAFF, "secret secret").id
