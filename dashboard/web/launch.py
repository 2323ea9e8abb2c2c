"""Starting a job: the form, what it would give, the first rows, joining a colleague's."""

import logging
import secrets
import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from dashboard import jobs
from dashboard.extensions import db
from dashboard.jobs import (
    ChoiceForm,
    Kind,
    Param,
    Permanent,
    TooManyJobs,
    Transient,
    as_kept,
    fact_of,
    relative_of,
)
from dashboard.jobs.document import FORMATS_LABEL
from dashboard.jobs.errors import judge
from dashboard.jobs.same import choice_hash
from dashboard.logs import request_id
from dashboard.models import Job, transaction
from dashboard.sources import SourceError
from dashboard.web.access import address, kind_or_404, signed_in
from dashboard.web.check import before, day_began, look
from dashboard.web.preset_form import PresetForm
from dashboard.web.preset_list import asked_for
from dashboard.web.presets import save_choices
from dashboard.web.start_page import page
from dashboard.web.template import render
from dashboard.words import gettext as _, told

bp = Blueprint("launch", __name__, url_prefix="/new")

logger = logging.getLogger(__name__)


@bp.get("/<name>")
@signed_in
def form(name: str) -> ResponseReturnValue:
    """Show the start form; choices in the query string are filled in."""
    kind = kind_or_404(name)
    known = {"formats"} | {name for param in kind.params for name in (param.name, *param.fields)}
    asked = asked_for(kind)
    if asked is None:
        abort(404, _("These saved choices are not there any more."))
    given = {name: asked.getlist(name) for name in asked.keys() & known}
    unfit = {} if kind.choices else _unfit(kind, given)
    stale = {name for names in unfit.values() for name in names}
    given = {name: each for name, each in given.items() if name not in stale}
    choice = kind.form(initial={"notify": current_user.notify, **_flat(given)})
    return page(kind, choice, unfit=list(unfit))


@bp.post("/<name>")
@signed_in
def start(name: str) -> ResponseReturnValue:
    """Start the job, or give the form back with every wrong field named."""
    kind = kind_or_404(name)
    choice = kind.form(request.form)
    if PresetForm.was_meant():
        return save_choices(kind, choice)
    if not choice.validate():
        return page(kind, choice), 422
    params = as_kept(kind, choice.params(), by=current_user)
    same = None if request.form.get("start_anyway") else jobs.same_under_way(kind, params)
    key = f"form:{current_user.id}:{form_token(choice)}"
    known = jobs.by_key(key)
    if known is not None and known.choice_hash != choice_hash(kind.name, params):
        return page(kind, renewed(choice), refusal=already_started(known)), 409
    if same is not None and known is None:
        return page(kind, choice, same=fact_of(same))
    notify = bool(request.form.get("notify"))
    try:
        started = jobs.start(
            kind,
            params,
            by=current_user,
            key=key,
            notify=notify,
            relative=relative_of(choice),
            request_id=request_id(),
            address=address(),
        )
    except TooManyJobs as error:
        later = {"Retry-After": str(error.retry_after)}
        return page(kind, choice, refusal=str(error)), 429, later
    remember(notify)
    return redirect(url_for("jobs.show", job_id=started.job.id), 303)


def remember(notify: bool) -> None:
    """Let the box for an e-mail begin next time as it was left, on every start form."""
    if current_user.notify != notify:
        with transaction():
            current_user.notify = notify


@bp.post("/<name>/check")
@signed_in
def check(name: str) -> ResponseReturnValue:
    """Say what the choices would give; nothing is started.

    A page that asks while somebody chooses (X-Live) gets the parts that say so, and no complaints.
    """
    kind = kind_or_404(name)
    choice = kind.form(request.form)
    is_right = choice.validate()
    if request.headers.get("X-Live"):
        found = look(kind, choice) if is_right else before(kind, choice)
        return render("launch/_checked.html", kind=kind, ahead=found, wrong=not is_right)
    if not is_right:
        return page(kind, choice), 422
    return page(kind, choice, ahead=look(kind, choice))


@bp.post("/<name>/change")
@signed_in
def change(name: str) -> ResponseReturnValue:
    """Give the form back as a button among its choices has changed them; nothing is started.

    With JavaScript they change in place, so that nobody comes here.
    """
    kind = kind_or_404(name)
    if not kind.choices:
        abort(404)
    return page(kind, kind.form(request.form))


@bp.post("/<name>/preview")
@signed_in
def preview(name: str) -> ResponseReturnValue:
    """Show the first rows that the choices would give; nothing is started."""
    kind = kind_or_404(name)
    if kind.preview is None:
        abort(404)
    choice = kind.form(request.form)
    if not choice.validate():
        return page(kind, choice), 422
    params = as_kept(kind, choice.params(), by=current_user)
    db.session.rollback()  # The source may be slow: nobody waits meanwhile for this connection.
    try:
        rows = kind.preview(params)
    except (SourceError, Permanent, Transient) as error:
        logger.warning("The first rows of %s could not be read: %s", kind.name, error)
        failure = judge(error).failure
        return page(kind, choice, refusal=f"{told(failure.what)} {told(failure.next)}".rstrip())
    return page(kind, choice, preview=rows)


@bp.post("/<name>/join/<uuid:job_id>")
@signed_in
def join(name: str, job_id: uuid.UUID) -> ResponseReturnValue:
    """Follow the same job of a colleague, or use its files, instead of starting another one."""
    kind = kind_or_404(name)
    choice = kind.form(request.form)
    if not choice.validate():
        return page(kind, choice), 422
    # Only a job with the very same choices may be joined: the choices prove the right to see it.
    params = as_kept(kind, choice.params(), by=current_user)
    same = jobs.joinable(job_id, kind, params, since=day_began())
    if same is None:
        flash(_("That job has ended meanwhile, or its files are gone; you can start your own."), "")
        return page(kind, choice)
    notify = bool(request.form.get("notify")) and not same.is_final
    jobs.join(same, by=current_user, notify=notify, address=address())
    return redirect(url_for("jobs.show", job_id=same.id), 303)


def form_token(choice: ChoiceForm) -> str:
    """Give the form's one-time token, which makes pressing twice start one job."""
    token: Any = getattr(choice, "token", None)
    return str(token.data)[:64] if token is not None and token.data else uuid.uuid4().hex


def renewed(choice: ChoiceForm) -> ChoiceForm:
    """Give the form back with a new token: pressed once more, it starts another job."""
    token: Any = getattr(choice, "token", None)
    if token is not None:
        token.data = secrets.token_urlsafe(16)
    return choice


def already_started(job: Job) -> str:
    """Say that the form, as a page of the past still has it, has started *job*."""
    return _(
        "This page was used for %(number)s before, with other choices. "
        "Press again to start one more.",
        number=job.number,
    )


def _unfit(kind: Kind, given: Mapping[str, list[str]]) -> dict[str, set[str]]:
    """Give the labels of what a link chooses and is not there, each with its wrong fields."""
    sent = MultiDict([(name, value) for name, each in given.items() for value in each if value])
    if not sent or not kind.params:
        return {}
    tried = kind.form(sent)
    tried.validate()
    wrong = tried.errors.keys() & sent.keys()  # What was not sent may well be missing.
    found = {}
    for label, *names in [*map(_choice, kind.params), (FORMATS_LABEL, "formats")]:
        if stale := wrong & set(names):
            found[label] = stale
    return found


def _choice(param: Param) -> tuple[str, ...]:
    return param.label, param.name, *param.fields


def _flat(args: dict[str, list[str]]) -> dict[str, Any]:
    """One value as itself, several as a list; formats are always a list."""
    return {
        name: values if len(values) > 1 or name == "formats" else values[0]
        for name, values in args.items()
    }
