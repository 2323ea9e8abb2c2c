"""Notes at a job: the list, and leaving one."""

import uuid

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import TextAreaField, ValidationError
from wtforms.validators import DataRequired

from dashboard.jobs import fact_of, notes
from dashboard.models import NOTE_LIMIT, Job
from dashboard.web.access import address, job_or_404, signed_in
from dashboard.web.filters import number
from dashboard.web.form import SpeakingForm
from dashboard.web.template import render
from dashboard.words import gettext as _, lazy_gettext

bp = Blueprint("notes", __name__, url_prefix="/jobs/<uuid:job_id>/notes")


def plain(text: str | None) -> str | None:
    """Give *text* as it is kept: nothing but words, and lines that end alike."""
    if text is None:
        return None
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign >= " " or sign in "\n\t").strip()


class NoteForm(SpeakingForm):
    """What somebody wants to say to the others at the job."""

    text = TextAreaField(
        lazy_gettext("Leave a note"),
        [DataRequired(lazy_gettext("Write something first"))],
        description=lazy_gettext("Everybody who sees this job can read it."),
        filters=[plain],
    )

    def validate_text(self, field: TextAreaField) -> None:
        """Raise ValidationError for more than is kept."""
        if len(field.data or "") > NOTE_LIMIT:
            raise ValidationError(_("Use at most %(number)s characters", number=number(NOTE_LIMIT)))


@bp.get("")
@signed_in
def index(job_id: uuid.UUID) -> ResponseReturnValue:
    """Show the notes at a job by themselves, with a form for one more."""
    return _page(job_or_404(job_id), NoteForm(formdata=None))


@bp.post("")
@signed_in
def leave(job_id: uuid.UUID) -> ResponseReturnValue:
    """Leave a note, or give the form back with what was typed (422)."""
    job = job_or_404(job_id)
    if not current_user.may_start:
        abort(403, _("You may look at what others share with you, but not leave notes."))
    form = NoteForm()
    if not form.validate():
        return _page(job, form), 422
    left = notes.leave(job.id, by=current_user, text=form.text.data or "", address=address())
    return redirect(url_for("jobs.show", job_id=job_id, _anchor=f"note-{left.id}"), 303)


def _page(job: Job, form: NoteForm) -> str:
    return render("jobs/notes.html", job=fact_of(job), form=form)
