"""People at a job: who follows it, who may see it, whose it is."""

import uuid
from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select
from wtforms import SelectField

from dashboard.extensions import db
from dashboard.jobs import fact_of, find, people
from dashboard.jobs.people import Refused
from dashboard.models import Job, User
from dashboard.web.access import address, changeable_or_404, job_or_404, signed_in
from dashboard.web.form import SpeakingForm
from dashboard.web.hub import tell_rights
from dashboard.web.template import render
from dashboard.words import gettext as _

bp = Blueprint("people", __name__, url_prefix="/jobs/<uuid:job_id>")


class PersonForm(SpeakingForm):
    """One of several people."""

    person = SelectField(choices=[], validate_choice=False)

    def offer(self, users: list[User], label: str, hint: str) -> "PersonForm":
        """Let one of *users* be chosen."""
        names = [user.name for user in users]
        self.users = {str(user.id): user for user in users}
        self.person.label.text, self.person.description = label, hint
        self.person.choices = [("", _("Choose a person"))] + [
            (number, user.name if names.count(user.name) == 1 else f"{user.name} ({user.email})")
            for number, user in self.users.items()
        ]
        return self

    @property
    def chosen(self) -> User | None:
        """The person who was chosen, or None."""
        return self.users.get(self.person.data or "")


@bp.get("/people")
@signed_in
def index(job_id: uuid.UUID) -> ResponseReturnValue:
    """Show who is at the job, with forms to let somebody follow it and to hand it over."""
    job = changeable_or_404(job_id)
    return _page(job, _forms(job))


@bp.post("/people")
@signed_in
def add(job_id: uuid.UUID) -> ResponseReturnValue:
    """Let a colleague follow the job."""

    def let_follow(person: User) -> str:
        people.follow(job_id, person=person, by=current_user, address=address())
        return _("%(name)s follows this job now.", name=person.name)

    return _chosen(job_id, "follow", let_follow)


@bp.post("/hand-over")
@signed_in
def hand_over(job_id: uuid.UUID) -> ResponseReturnValue:
    """Make the job somebody else's."""

    def give(person: User) -> str:
        people.hand_over(job_id, to=person, by=current_user, address=address())
        return _("This is the job of %(name)s now.", name=person.name)

    return _chosen(job_id, "hand", give)


@bp.post("/people/remove")
@signed_in
def remove(job_id: uuid.UUID) -> ResponseReturnValue:
    """Let a colleague follow the job no longer."""
    job = changeable_or_404(job_id)
    number = request.form.get("person", "")
    follower = number in {str(person.id) for person in fact_of(job).people}
    person = db.session.get(User, int(number)) if follower else None
    if person is None:
        flash(_("That person does not follow this job."), "")
    elif people.unfollow(job_id, person=person, by=current_user, address=address()):
        tell_rights(person.id)
        flash(_("%(name)s follows this job no longer.", name=person.name), "good")
    return redirect(url_for("people.index", job_id=job_id), 303)


@bp.post("/follow")
@signed_in
def follow(job_id: uuid.UUID) -> ResponseReturnValue:
    """Follow the job: an administrator sees it among their own from now on."""
    job_or_404(job_id)
    try:
        people.follow(job_id, person=current_user, by=current_user, address=address())
    except Refused:
        flash(_("This is your job."), "")
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@bp.post("/unfollow")
@signed_in
def unfollow(job_id: uuid.UUID) -> ResponseReturnValue:
    """Follow the job no longer; whoever saw it for that reason only goes home."""
    job = job_or_404(job_id)
    left = people.unfollow(job_id, person=current_user, by=current_user, address=address())
    if current_user.is_admin or not left:
        return redirect(url_for("jobs.show", job_id=job_id), 303)
    tell_rights(current_user.id)
    text = _("You no longer follow %(number)s, %(title)s.", number=job.number, title=job.title)
    flash(text, "good")
    return redirect(url_for("home.index"), 303)


@bp.post("/mail")
@signed_in
def mail(job_id: uuid.UUID) -> ResponseReturnValue:
    """Choose whether to get an e-mail when the job has ended: ?wanted=yes or no."""
    job_or_404(job_id)
    wanted = request.form.get("wanted")
    if wanted not in ("yes", "no"):
        abort(400, _("There is no such choice."))
    try:
        people.wish_for_mail(job_id, person=current_user, wanted=wanted == "yes", address=address())
    except Refused as error:
        flash(str(error), "bad")
    return redirect(url_for("jobs.show", job_id=job_id), 303)


def _chosen(job_id: uuid.UUID, name: str, act: Callable[[User], str]) -> ResponseReturnValue:
    """Do *act* with the person chosen in a form, or give the page back with what is wrong (422)."""
    job = changeable_or_404(job_id)
    forms = _forms(job, sent=name)
    try:
        if (person := forms[name].chosen) is None:
            raise Refused(_("Choose a person first."))
        flash(act(person), "good")
    except Refused as error:
        forms[name].person.errors = [str(error)]
        return _page(job, forms), 422
    return redirect(url_for("jobs.show", job_id=job_id), 303)


def _forms(job: Job, sent: str = "") -> dict[str, PersonForm]:
    """Give the two forms of the page; only the one called *sent* has what was sent."""
    query = select(User).where(User.active).order_by(User.name, User.id)
    others = [user for user in db.session.scalars(query) if user.id != job.requested_by_id]
    known = {person.id for person in fact_of(job).people}
    kind = find(job.kind)
    follow, hand = (
        PersonForm(prefix=name) if name == sent else PersonForm(formdata=None, prefix=name)
        for name in ("follow", "hand")
    )
    return {
        "follow": follow.offer(
            [user for user in others if user.id not in known],
            _("Let somebody follow it"),
            _("They see the job and its files."),
        ),
        "hand": hand.offer(
            [user for user in others if user.may_start and (not kind or user.role in kind.roles)],
            _("Hand it over to"),
            _("It becomes their job: they may cancel it or run it again. You go on following it."),
        ),
    }


def _page(job: Job, forms: dict[str, PersonForm]) -> str:
    return render("jobs/people.html", job=fact_of(job), **forms)
