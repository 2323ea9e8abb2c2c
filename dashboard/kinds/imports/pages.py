"""The pages of imports: what a check has found, the button that imports it, an example file."""

import csv
import io
import logging
import uuid

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard import jobs
from dashboard.config import OWN_LISTS
from dashboard.extensions import db
from dashboard.jobs import Permanent, TooManyJobs, Transient, fact_of
from dashboard.jobs.errors import judge
from dashboard.jobs.kind import Kind
from dashboard.jobs.targets import MIRROR, table_of
from dashboard.kinds.imports import own_file_kind
from dashboard.kinds.imports.at_once import LOOK, NOBODY_KNOWS
from dashboard.kinds.imports.comparing import GONE
from dashboard.kinds.imports.opened import CHECK, Opened
from dashboard.kinds.imports.review import SHOW, first_shown, review
from dashboard.kinds.imports.shelf import shelf
from dashboard.kinds.imports.standing import (
    Standing,
    imported_so_far,
    params_of,
    standing_of,
)
from dashboard.kinds.imports.stored import findings_of
from dashboard.kinds.imports.unfit import Unfit
from dashboard.logs import request_id
from dashboard.models import Job, State
from dashboard.sources import SourceError
from dashboard.sources.writing import Counts
from dashboard.web.access import (
    address,
    changeable_or_404,
    job_or_404,
    kind_or_404,
    may_change,
    signed_in,
)
from dashboard.web.history import cursor
from dashboard.web.template import render
from dashboard.words import gettext as _, told

bp = Blueprint("imports", __name__, url_prefix="/imports")

logger = logging.getLogger(__name__)


@bp.get("/<uuid:job_id>")
@signed_in
def show(job_id: uuid.UUID) -> ResponseReturnValue:
    """Show what a check has found: ?show= is the sort of row, ?after= the row before the page."""
    check = _check_or_404(job_id)
    if check.state != State.SUCCEEDED:
        return redirect(url_for("jobs.show", job_id=check.id))
    counts = check.result["counts"]
    fate = SHOW.get(request.args.get("show", "")) or first_shown(counts)
    found, refusal = None, ""
    try:
        with findings_of(check.id) as findings:
            after = cursor(request.args.get("after")) or 0
            found = review(findings, fate, after=after, count=counts.get(fate, 0))
    except (Permanent, Transient) as error:
        refusal = told(judge(error).failure.what)
    standing = standing_of(check)
    opened = _opened(check)
    return render(
        "kinds/imports/show.html",
        job=fact_of(check),
        opened=opened,
        counts=counts,
        to_import=counts["n"] + counts["c"],
        to_delete=counts.get(GONE, 0),
        found=found,
        refusal=refusal,
        reasons=reasons_of(check.result),
        standing=standing,
        so_far=_so_far(check, opened, standing),
        unknown=f"{_(NOBODY_KNOWS)} {_(LOOK)}",
        may_import=_may_import(check, standing) and found is not None,
        may_be_whole=_may_be_whole(check),
    )


@bp.post("/<uuid:job_id>/start")
@signed_in
def start(job_id: uuid.UUID) -> ResponseReturnValue:
    """Import what a check has found; what is under way or done is shown instead."""
    check = changeable_or_404(_check_or_404(job_id).id)
    standing = standing_of(check)
    if standing.last is not None and not standing.is_broken_off:
        return redirect(url_for("jobs.show", job_id=standing.last.id), 303)
    if standing.undo is not None:
        flash(_("This import was undone. Check the file again to import it."), "bad")
        return redirect(url_for("imports.show", job_id=check.id), 303)
    if check.state != State.SUCCEEDED or standing.kind is None:
        flash(_("This cannot be imported any more. Check the file again."), "bad")
        return redirect(url_for("imports.show", job_id=check.id), 303)
    if standing.is_unknown:
        flash(f"{_(NOBODY_KNOWS)} {_(LOOK)}", "bad")
        return redirect(url_for("imports.show", job_id=check.id), 303)
    kind = kind_or_404(standing.kind.name, unlisted=True)
    if not _may_write(check, kind):
        abort(403)
    # Whoever presses, and however often: one import follows the check, or the one before it.
    last = standing.last.id if standing.last else "first"
    owner = check.requested_by
    try:
        started = jobs.start(
            kind,
            params_of(
                check,
                whole="whole" in request.form and _may_be_whole(check),
                overwrite="overwrite" in request.form,
            ),
            by=current_user,
            key=f"import:{check.id}:{last}",
            notify=check.notify and owner.id == current_user.id,
            follower=owner if owner.role in kind.roles else None,
            tell_follower=check.notify,
            request_id=request_id(),
            address=address(),
        )
    except TooManyJobs as error:
        flash(str(error), "bad")
        return redirect(url_for("imports.show", job_id=check.id), 303)
    return redirect(url_for("jobs.show", job_id=started.job.id), 303)


@bp.post("/<uuid:job_id>/own-file")
@signed_in
def own_file(job_id: uuid.UUID) -> ResponseReturnValue:
    """Make the checked file with what is to be fixed in it; what is made already is shown."""
    check = _check_or_404(job_id)
    if check.state != State.SUCCEEDED:
        return redirect(url_for("jobs.show", job_id=check.id), 303)
    try:
        started = jobs.start(
            kind_or_404(own_file_kind.NAME, unlisted=True),
            own_file_kind.params_of(check),
            by=current_user,
            key=own_file_kind.key_for(check, current_user),
            request_id=request_id(),
            address=address(),
        )
    except TooManyJobs as error:
        flash(str(error), "bad")
        return redirect(url_for("imports.show", job_id=check.id), 303)
    return redirect(url_for("jobs.show", job_id=started.job.id), 303)


@bp.get("/example/<name>.csv")
@signed_in
def example(name: str) -> ResponseReturnValue:
    """Give an empty file with the columns that the table takes."""
    kind = kind_or_404(name)
    opened = shelf().items.get(kind.name)
    if opened is None:
        abort(404)
    try:
        table = table_of(opened.source, opened.table)
    except (SourceError, Permanent) as error:
        abort(503, told(judge(error).failure.what))
    text = io.StringIO()
    csv.writer(text).writerow(each.name for each in table.columns if not each.generated)
    answer = Response(text.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{opened.slug}.csv"'
    return answer


def reasons_of(result: dict[str, object]) -> list[tuple[str, str, int]]:
    """Give column, sentence and number of rows of each reason that a check has counted."""
    kept = result.get("reasons", [])
    assert isinstance(kept, list)
    return [(column, str(Unfit(message, **values)), rows) for column, message, values, rows in kept]


def _check_or_404(job_id: uuid.UUID) -> Job:
    job = job_or_404(job_id)
    if not job.kind.startswith(CHECK) or job.family != "imports":
        abort(404)
    return job


def _opened(check: Job) -> Opened | None:
    return shelf().items.get(check.kind)


def _may_import(check: Job, standing: Standing) -> bool:
    is_settled = standing.is_done or standing.is_under_way or standing.is_unknown or standing.undo
    if standing.kind is None or is_settled:
        return False
    return _may_write(check, standing.kind)


def _may_write(check: Job, kind: Kind) -> bool:
    if check.params["mode"] == MIRROR and not current_user.is_admin:
        return False
    return may_change(check) and current_user.role in kind.roles


def _may_be_whole(check: Job) -> bool:
    """Whether all rows can be written at once: not where the ledger would wait for them all."""
    opened = _opened(check)
    is_own = opened is not None and opened.source == OWN_LISTS
    return not (is_own and db.engine.dialect.name == "sqlite")


def _so_far(check: Job, opened: Opened | None, standing: Standing) -> Counts | None:
    """Give what is imported where an import broke off, or None where nobody can say."""
    if not standing.is_broken_off or standing.is_unknown or opened is None:
        return None
    try:
        return imported_so_far(check, opened.source)
    except (SourceError, Permanent) as error:
        logger.warning("What is imported of %s is not known: %s", check.number, error)
        return None
