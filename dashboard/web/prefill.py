"""Addresses of start forms that have their choices filled in."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import current_app, request, url_for

from dashboard.jobs import Fact, as_chosen, find


def prefill(job: Fact, *, rolled: bool = False) -> str:
    """Give the address of the start form filled with the choices of *job*, exactly as they were.

    With *rolled* its named periods are as they are today: last month is another one then.
    """
    return address_of(job.kind, job.params, job.relative if rolled else {})


def address_of(kind: str, params: Mapping[str, Any], relative: Mapping[str, str]) -> str:
    """Give the address of the start form of *kind* with *params*, the *relative* ones by name.

    It is the same whatever order they come in: ledger and stream have orders of their own.
    """
    # Not by url_for: a choice may be called “name”, as a part of the address is.
    choices = dict(sorted(rolled_on(kind, params, relative).items()))
    given = {name: "" if value is None else value for name, value in choices.items()}
    return f"{url_for('launch.form', name=kind)}?{urlencode(given, doseq=True)}"


def rolled_on(kind: str, params: Mapping[str, Any], relative: Mapping[str, str]) -> dict[str, Any]:
    """Give *params* with the *relative* periods by name in place of their days.

    What was left empty stays in it as well: left out, it would begin with its default.
    """
    found = find(kind)
    ranges = {param.name: param.fields for param in found.params} if found else {}
    named = {name: preset for name, preset in relative.items() if name in ranges}
    rolled = {field for name in named for field in ranges[name]}
    chosen = as_chosen(found, params)
    days = {name: value for name, value in chosen.items() if name not in rolled}
    return {**days, **named}


def whole(path: str) -> str:
    """Give *path* with the address at which staff reach the desk, to be sent to somebody."""
    base = current_app.config["PUBLIC_URL"] or request.url_root
    return f"{base.rstrip('/')}{path}"
