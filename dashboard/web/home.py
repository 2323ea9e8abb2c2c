"""Home: what runs, what is ready, what can be started."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.jobs import Problem, families
from dashboard.web import lists
from dashboard.web.access import signed_in
from dashboard.web.again import again
from dashboard.web.catalogue import catalogue, startable
from dashboard.web.favourites import favourites
from dashboard.web.template import render

bp = Blueprint("home", __name__)


@bp.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """Show home; ?family= and ?q= narrow the catalogue."""
    family = request.args.get("family", "")
    q = request.args.get("q", "").strip()
    kinds = startable()
    failures = lists.unopened_failures(current_user)
    return render(
        "home/index.html",
        failures=failures[: lists.FAILED_ON_HOME],
        more_failures=len(failures) > lists.FAILED_ON_HOME,
        active=lists.active_facts(current_user.id, lists.RUNNING_ON_HOME),
        active_count=lists.active_count(current_user.id),
        files=lists.ready_files(current_user),
        again=[] if family or q else again(),
        families=list(kinds),
        family=family,
        q=q,
        tools=catalogue(kinds, favourites(current_user.id), family=family, q=q),
        problems=problems() if current_user.is_admin else [],
    )


def problems() -> list[Problem]:
    """Give the definitions that cannot be used."""
    return [problem for family in families() for problem in family.problems()]
