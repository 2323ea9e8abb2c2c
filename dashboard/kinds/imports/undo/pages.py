"""The pages of undos: what an import did, what an undo would do, the buttons that look and undo."""

import secrets
import uuid
from typing import Final

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.jobs import Kind, Permanent, Transient, fact_of, find
from dashboard.jobs.errors import judge
from dashboard.kinds.imports.opened import CHECK
from dashboard.kinds.imports.undo.choice import MOST, params_of
from dashboard.kinds.imports.undo.names import UNDO_CHECK, undo_check_kind_of, undo_kind_of
from dashboard.kinds.imports.undo.review import first_shown, review
from dashboard.kinds.imports.undo.standing import (
    imports_of,
    under_way,
    undo_checks_of,
    undos_of,
)
from dashboard.kinds.imports.undo.starting import (
    Unclear,
    begin,
    refused,
    token_of,
    wish_of,
)
from dashboard.kinds.imports.undo.stored import sight_of
from dashboard.models import Job, State
from dashboard.sources.writing import OUTLOOKS
from dashboard.web.access import changeable_or_404, job_or_404, may_change, signed_in
from dashboard.web.history import cursor
from dashboard.web.template import render
from dashboard.words import marked, told

WAIT: Final = marked("This file is being imported at present. Wait, or cancel the import first.")

bp = Blueprint("undo", __name__, url_prefix="/imports")


@bp.get("/<uuid:job_id>/undo")
@signed_in
def ask(job_id: uuid.UUID) -> ResponseReturnValue:
    """Show what was imported of a check, and the button that looks what an undo would do."""
    check = _check_or_404(job_id)
    imports = imports_of(check)
    if not imports:
        return redirect(url_for("imports.show", job_id=check.id))
    looks = undo_checks_of(check)
    undos = undos_of(check)
    kind = find(undo_check_kind_of(check.kind))
    return render(
        "kinds/imports/undo/ask.html",
        job=fact_of(check),
        imports=[fact_of(each) for each in imports],
        undos=[fact_of(each) for each in undos],
        look=fact_of(looks[0]) if looks else None,
        is_busy=under_way((*imports, *undos)) is not None,
        is_kept=bool(check.result.get("prepared")),
        is_open=kind is not None,
        may_undo=_may(check, kind),
        token=secrets.token_urlsafe(16),
    )


@bp.post("/<uuid:job_id>/undo")
@signed_in
def look(job_id: uuid.UUID) -> ResponseReturnValue:
    """Begin to look what an undo would do; a look or an undo that is under way is shown instead."""
    check = changeable_or_404(_check_or_404(job_id).id)
    busy = under_way((*undos_of(check), *undo_checks_of(check)))
    if busy is not None:
        return redirect(url_for("jobs.show", job_id=busy.id), 303)
    here = url_for("undo.ask", job_id=check.id)
    imports = imports_of(check)
    if not imports:
        return redirect(here, 303)
    if under_way(imports) is not None:
        return refused(told(WAIT), here)
    params = {"check": str(check.id), "file": check.params["file"]}
    key = f"undo-check:{check.id}:{token_of()}"
    return begin(undo_check_kind_of(check.kind), params, key, here, notify=False)


@bp.get("/undo/<uuid:job_id>")
@signed_in
def show(job_id: uuid.UUID) -> ResponseReturnValue:
    """Show what an undo would do: ?show= is the sort of row, ?after= the row before the page."""
    seen = _look_or_404(job_id)
    if seen.state != State.SUCCEEDED:
        return redirect(url_for("jobs.show", job_id=seen.id))
    check = job_or_404(uuid.UUID(seen.params["check"]))
    counts = seen.result["counts"]
    asked = request.args.get("show", "")
    outlook = next((each for each in OUTLOOKS if each == asked), None) or first_shown(counts)
    found, refusal = None, ""
    try:
        with sight_of(seen.id) as sight:
            after = cursor(request.args.get("after")) or 0
            found = review(sight, outlook, after=after, count=counts[outlook])
    except (Permanent, Transient) as error:
        refusal = told(judge(error).failure.what)
    last = _undo_after(seen, check)
    busy = under_way((*imports_of(check), *undos_of(check)))
    return render(
        "kinds/imports/undo/show.html",
        job=fact_of(seen),
        check=fact_of(check),
        counts=counts,
        lost=seen.result["lost"],
        found=found,
        refusal=refusal,
        last=fact_of(last) if last else None,
        busy=fact_of(busy) if busy else None,
        may_undo=_may(seen, find(undo_kind_of(check.kind))) and not (last or busy) and not refusal,
        most=MOST,
    )


@bp.post("/undo/<uuid:job_id>/start")
@signed_in
def start(job_id: uuid.UUID) -> ResponseReturnValue:
    """Take back what a look has shown, whole or the chosen rows; what is under way is shown."""
    seen = changeable_or_404(_look_or_404(job_id).id)
    check = job_or_404(uuid.UUID(seen.params["check"]))
    busy = under_way(undos_of(check)) or _undo_after(seen, check)
    if busy is not None:
        return redirect(url_for("jobs.show", job_id=busy.id), 303)
    here = url_for("undo.show", job_id=seen.id)
    if under_way(imports_of(check)) is not None:
        return refused(told(WAIT), here)
    if seen.state != State.SUCCEEDED:
        return redirect(here, 303)
    try:
        wish = wish_of(seen)
    except Unclear as error:
        return refused(str(error), error.back or here)
    params = params_of(seen, wish.numbers, overwrite=wish.overwrite, rows=wish.rows, kept=wish.kept)
    # Whoever presses, and however often: one undo follows a look.
    key = f"undo:{seen.id}"
    return begin(undo_kind_of(check.kind), params, key, here, notify=seen.notify)


def _undo_after(seen: Job, check: Job) -> Job | None:
    """Give the undo that the look *seen* has led to."""
    return next((job for job in undos_of(check) if job.params["seen"] == str(seen.id)), None)


def _may(job: Job, kind: Kind | None) -> bool:
    return kind is not None and may_change(job) and current_user.role in kind.roles


def _check_or_404(job_id: uuid.UUID) -> Job:
    return _job_or_404(job_id, CHECK)


def _look_or_404(job_id: uuid.UUID) -> Job:
    return _job_or_404(job_id, UNDO_CHECK)


def _job_or_404(job_id: uuid.UUID, prefix: str) -> Job:
    job = job_or_404(job_id)
    if not job.kind.startswith(prefix) or job.family != "imports":
        abort(404)
    return job
