"""The pages of a draft: written, saved by itself, tried out, with files attached."""

from typing import Final

from flask import Blueprint, abort, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from dashboard import jobs
from dashboard.extensions import csrf, db
from dashboard.jobs import TooManyJobs
from dashboard.kinds.mailings.drafts.acts import row_of, then
from dashboard.kinds.mailings.drafts.attached import MOST_MB, TooMuch, attach as attach_file
from dashboard.kinds.mailings.drafts.fields import seen_of
from dashboard.kinds.mailings.drafts.form import DraftForm
from dashboard.kinds.mailings.drafts.ledger import Changed
from dashboard.kinds.mailings.drafts.page import form_of, page, parts, shown_row
from dashboard.kinds.mailings.drafts.preview import in_brackets
from dashboard.kinds.mailings.drafts.texts import save_texts
from dashboard.kinds.mailings.sight import find_mailing
from dashboard.kinds.mailings.trial.kind import trial
from dashboard.kinds.mailings.words import page_of
from dashboard.logs import request_id
from dashboard.mail.writing import Refusal
from dashboard.models import Mailing, MailingState, Upload
from dashboard.storage import StorageError
from dashboard.web.access import act_as, address, starters_only
from dashboard.web.errors import wants_json
from dashboard.web.template import render
from dashboard.web.uploads import arriving, receive, upload_object
from dashboard.words import gettext as _

bp = Blueprint("drafts", __name__, url_prefix="/mailings/<int(max=2147483647):mailing_id>")

# So much is read of a form: what is too long for an e-mail is refused in a sentence and not lost.
FORM_MOST: Final = 12_000_000  # bytes


@bp.url_value_preprocessor
def _take_long_texts(endpoint: str | None, values: object) -> None:
    request.max_form_memory_size = request.max_content_length = FORM_MOST


@bp.route("/edit", methods=["GET", "POST"])
@starters_only
def edit(mailing_id: int) -> ResponseReturnValue:
    """Write a draft; a script that saves while somebody types (X-Live) gets the parts that follow.

    What somebody else has written meanwhile is shown beside what was sent (409).
    """
    mailing = draft_or_404(mailing_id)
    if mailing.state != MailingState.DRAFT:
        return _no_draft(mailing)
    form = form_of(mailing, request.form if request.method == "POST" else None)
    wanted = request.form.get("then", "")
    form.row.data = str(row_of(wanted, shown_row(form)))
    if request.method == "GET":
        return page(mailing, form)
    try:
        saved = _save(form)
        if saved is None:
            return _answer(mailing, form, 422)
        if "X-Live" in request.headers:
            return parts(saved, form)
        return redirect(then(saved, wanted, shown_row(form)), 303)
    except Changed as changed:
        return _changed(changed.mailing, form)


@bp.post("/test")
@starters_only
def test(mailing_id: int) -> ResponseReturnValue:
    """Save what the form has, where it is sent, and send a test to whoever asks."""
    mailing = draft_or_404(mailing_id)
    if mailing.state != MailingState.DRAFT:
        return _no_draft(mailing)
    form = form_of(mailing, request.form if "version" in request.form else None)
    if "version" in request.form:
        try:
            saved = _save(form)
        except Changed as changed:
            return _changed(changed.mailing, form)
        if saved is None:
            return _answer(mailing, form, 422)
        mailing = saved
    row = shown_row(form)
    here = url_for("drafts.edit", mailing_id=mailing.id, row=row)
    if not (mailing.subject and (mailing.body or (mailing.html and mailing.text))):
        flash(_("Nothing was sent: write a subject and a message first."), "bad")
        return redirect(here, 303)
    seen = seen_of(mailing, current_user, row)
    try:
        values = in_brackets(form.draft(), seen.values)
        started = jobs.start(
            trial,
            {
                "mailing": mailing.id,
                "title": mailing.title,
                "to": current_user.email,
                "values": values,
            },
            by=current_user,
            key=f"mailing-test:{mailing.id}:{form.token.data}",
            request_id=request_id(),
            address=address(),
        )
    except (Refusal, TooManyJobs) as error:
        flash(_("Nothing was sent: %(why)s", why=str(error)), "bad")
        return redirect(here, 303)
    return redirect(f"{here}&test={started.job.id}", 303)


@bp.post("/attachments")
@csrf.exempt  # type: ignore[untyped-decorator]  # Its token is looked at in receive.
@starters_only
def attach(mailing_id: int) -> ResponseReturnValue:
    """Take a file that travels with the mailing; a form goes back, a script gets JSON."""
    user_id = current_user.id
    target = url_for("drafts.edit", mailing_id=mailing_id, _anchor="attachments")
    try:
        upload = receive(arriving(), guarded=True)
        act_as(user_id)
        _attach(mailing_id, upload)
    except HTTPException as error:
        if wants_json() or error.code in (400, 403, 404):
            raise
        act_as(user_id)
        refused = render("uploads/refused.html", error=error.description, target=target)
        return refused, error.code or 400
    if wants_json():
        return jsonify(upload_object(upload)), 201
    return redirect(target, 303)


def draft_or_404(mailing_id: int) -> Mailing:
    """Give the mailing that the person may see; raises 404 else."""
    mailing = find_mailing(mailing_id, current_user)
    if mailing is None:
        abort(404, _("There is no such mailing."))
    return mailing


def _attach(mailing_id: int, upload: Upload) -> None:
    mailing = draft_or_404(mailing_id)
    db.session.refresh(mailing)
    try:
        attach_file(mailing, db.session.merge(upload), by=current_user)
    except TooMuch:
        sentence = _("All files together can have %(limit)s MB at most.", limit=MOST_MB)
        raise RequestEntityTooLarge(sentence) from None
    except Changed:
        abort(409, _("The mailing was changed meanwhile. Send the file again."))
    except (StorageError, OSError):
        abort(503, _("The disk for files does not answer. Try again in a moment."))


def _save(form: DraftForm) -> Mailing | None:
    """Save the texts of *form*; gives None where it is wrong. Raises Changed."""
    if not form.validate():
        return None
    over = request.form.get("over", "")
    version = int(over) if over.isascii() and over.isdigit() and len(over) < 10 else 0
    base = "" if version else form.base.data or ""
    return save_texts(
        form.mailing.id,
        version or form.number("version"),
        base,
        by=current_user,
        **form.values(),
    )


def _answer(
    mailing: Mailing, form: DraftForm, code: int, *, conflict: bool = False
) -> ResponseReturnValue:
    give = parts if "X-Live" in request.headers else page
    return give(mailing, form, conflict=conflict), code


def _changed(mailing: Mailing, form: DraftForm) -> ResponseReturnValue:
    if mailing.state != MailingState.DRAFT:
        return _no_draft(mailing)
    return _answer(mailing, form, 409, conflict=True)


def _no_draft(mailing: Mailing) -> ResponseReturnValue:
    """Lead to where the mailing is watched; whoever has still written something is told."""
    if "X-Live" in request.headers:
        return render(
            "kinds/mailings/drafts/_over.html", mailing=mailing, page=page_of(mailing)
        ), 409
    if request.method == "POST":
        flash(_("This mailing is no draft any more, so nothing was changed."), "bad")
    return redirect(page_of(mailing), 303)
