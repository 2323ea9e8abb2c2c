"""The sign in the tab of a page: what the job does, how far it is, how it ended."""

from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, request, url_for
from flask.typing import ResponseReturnValue

from dashboard.jobs import Fact
from dashboard.web.static import FOREVER, digest
from dashboard.web.template import render_bare

bp = Blueprint("favicon", __name__)

DRAWING = "favicon.svg"
STATES = ("running", "succeeded", "failed")
RUNNING = "state=running"
STEP = 10  # percent; eyes tell no more in a sign of 16 pixels


def init_app(app: Flask) -> None:
    """Give *app* the address of the sign, and templates its addresses."""
    drawing = Path(app.root_path, app.template_folder or "", DRAWING)
    app.extensions["favicon"] = digest(drawing.read_bytes())
    app.register_blueprint(bp)
    app.add_template_global(icon, "tab_icon")
    app.add_template_global(sign_of, "tab_sign")


@bp.get("/icon.svg")
def show() -> ResponseReturnValue:
    """Draw the sign of ?state= and ?percent=; anything else is the desk's plain sign."""
    state = request.args.get("state", "")
    percent = request.args.get("percent", type=int)
    # Without the context of a page: nobody need be signed in, nothing is counted.
    svg = render_bare(
        DRAWING,
        state=state if state in STATES else "",
        percent=None if percent is None else max(0, min(percent, 100)),
    )
    answer = Response(svg, mimetype="image/svg+xml")
    answer.headers["Cache-Control"] = FOREVER
    return answer


def icon(sign: str = "") -> str:
    """Give the address of a *sign* as sign_of() gives it; of the desk's plain one for none."""
    plain = url_for("favicon.show", v=current_app.extensions["favicon"], _external=False)
    return f"{plain}&{sign}" if sign else plain


def sign_of(job: Fact) -> str:
    """Give what the sign of a job's page shows, as the end of its address; needs no context.

    The percent is told in tens, so that a browser asks for few of them and keeps each.
    """
    if not job.is_final:
        percent = job.progress.percent if job.shown_state == "running" else None
        return RUNNING if percent is None else f"{RUNNING}&percent={percent // STEP * STEP}"
    return f"state={job.state}" if job.state in STATES else ""
