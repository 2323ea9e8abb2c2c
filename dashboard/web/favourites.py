"""Stars: the kinds that a person keeps at the top of their catalogue."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from dashboard.extensions import db
from dashboard.jobs.usual import usual
from dashboard.models import Favourite, transaction
from dashboard.web.access import kind_or_404, signed_in
from dashboard.web.catalogue import Tool
from dashboard.web.template import render

bp = Blueprint("favourites", __name__, url_prefix="/favourites")


@bp.post("/<name>")
@signed_in
def star(name: str) -> ResponseReturnValue:
    """Give the kind a star (?starred=1) or take it away; a page gets the kind's card back."""
    kind = kind_or_404(name)
    starred = request.args.get("starred") == "1"
    mark(current_user.id, name, starred=starred)
    if request.headers.get("HX-Request"):
        tool = Tool(kind, usual([name])[name], starred)
        return render("home/_tool.html", tool=tool)
    return redirect(url_for("home.index", _anchor=f"tool-{name}"), 303)


def mark(person: int, kind: str, *, starred: bool) -> None:
    """Write down whether *kind* has the star of *person*; doing so twice is doing so once."""
    try:
        with transaction() as session:
            own = Favourite.user_id == person, Favourite.kind == kind
            session.execute(delete(Favourite).where(*own))
            if starred:
                session.add(Favourite(user_id=person, kind=kind))
    except IntegrityError:
        pass  # Pressed twice at once: it has been written by the other press.


def favourites(person: int) -> set[str]:
    """Give the names of the kinds with the star of *person*."""
    return set(db.session.scalars(select(Favourite.kind).where(Favourite.user_id == person)))
