"""Home: what runs, what is ready, what can be started."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.jobs import Family, Kind, Problem, families
from dashboard.web import lists
from dashboard.web.access import signed_in

bp = Blueprint("home", __name__)


@dataclass(frozen=True)
class Tool:
    """A card of the catalogue: a kind and its usual duration in seconds (None: never run)."""

    kind: Kind
    usual: float | None


@bp.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """Show home; ?family= and ?q= narrow the catalogue."""
    family = request.args.get("family", "")
    q = request.args.get("q", "").strip()
    return render_template(
        "home/index.html",
        failures=lists.unopened_failures(current_user),
        active=lists.active_facts(current_user.id, lists.RUNNING_ON_HOME),
        active_count=lists.active_count(current_user.id),
        files=lists.ready_files(current_user),
        families=families(),
        family=family,
        q=q,
        tools=catalogue(family, q),
        problems=problems() if current_user.is_admin else [],
    )


def catalogue(family: str, q: str) -> list[Tool]:
    """Give the kinds that the person may start, narrowed to a family and a word."""
    found = [
        kind
        for each in families()
        if family in ("", each.name)
        for kind in startable(each).values()
        if q.lower() in f"{kind.title} {kind.summary}".lower()
    ]
    return [Tool(kind, lists.usual(kind.name)[0]) for kind in found]


def startable(family: Family) -> Mapping[str, Kind]:
    """Give the kinds of *family* that the person may start."""
    return {name: kind for name, kind in family.kinds().items() if current_user.role in kind.roles}


def problems() -> list[Problem]:
    """Give the definitions that cannot be used."""
    return [problem for family in families() for problem in family.problems()]
