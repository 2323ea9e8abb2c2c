"""The pages of letters: all of them, what each said, kept from a draft and used for one."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.extensions import db
from dashboard.kinds.mailings.drafts.content import draft_of
from dashboard.kinds.mailings.drafts.ledger import Changed, save
from dashboard.kinds.mailings.drafts.pages import draft_or_404
from dashboard.kinds.mailings.letters import ledger
from dashboard.kinds.mailings.letters.form import KeepForm
from dashboard.kinds.mailings.letters.ledger import Taken, says_of
from dashboard.mail.writing import Draft
from dashboard.models import Letter, LetterVersion, Mailing, MailingState
from dashboard.web.access import starters_only
from dashboard.web.template import render
from dashboard.words import gettext as _

bp = Blueprint("letters", __name__)

LETTER = "/letters/<int(max=2147483647):letter_id>"
MAILING = "/mailings/<int(max=2147483647):mailing_id>"
NOTHING = Draft("", "")


@bp.get("/letters")
@starters_only
def index() -> ResponseReturnValue:
    """List the letters that are offered, or with ?show=retired the others."""
    retired = request.args.get("show") == "retired"
    return render(
        "kinds/mailings/letters/index.html",
        letters=ledger.letters(retired=retired),
        retired=retired,
    )


@bp.get(LETTER)
@starters_only
def show(letter_id: int) -> ResponseReturnValue:
    """Show what a letter says, and what it said before."""
    letter = _letter_or_404(letter_id)
    versions = ledger.versions_of(letter.id)
    return render("kinds/mailings/letters/show.html", letter=letter, versions=versions)


@bp.post(f"{LETTER}/bring-back")
@starters_only
def bring_back(letter_id: int) -> ResponseReturnValue:
    """Let a letter say again what an older version said."""
    letter = _letter_or_404(letter_id)
    old = _version_or_404(letter_id, request.form.get("version", ""))
    new = ledger.bring_back(letter.id, old.number, by=current_user)
    flash(_("Version %(old)s is back, as version %(new)s.", old=old.number, new=new.number), "good")
    return redirect(url_for("letters.show", letter_id=letter_id), 303)


@bp.post(f"{LETTER}/retire")
@starters_only
def retire(letter_id: int) -> ResponseReturnValue:
    """Offer a letter no more, or (offered=1) once more."""
    offered = request.form.get("offered") == "1"
    letter = ledger.retire(_letter_or_404(letter_id).id, by=current_user, offered=offered)
    text = (
        _("“%(title)s” is offered again.", title=letter.title)
        if offered
        else _("“%(title)s” is offered no more. Its versions stay.", title=letter.title)
    )
    flash(text, "good")
    return redirect(url_for("letters.show", letter_id=letter_id), 303)


@bp.route(f"{MAILING}/letter", methods=["GET", "POST"])
@starters_only
def keep(mailing_id: int) -> ResponseReturnValue:
    """Keep what a draft says as a new letter, or as a new version of one."""
    mailing = draft_or_404(mailing_id)
    form = KeepForm(request.form if request.form else None, ledger.letters(), mailing.title)
    if request.method == "GET" or not form.validate():
        return _asked(form, mailing)
    says = draft_of(mailing)
    if says == NOTHING:
        form.form_errors.append(_("There is nothing to keep: write a subject or a message first."))
        return _asked(form, mailing)
    if form.letter.data:
        version = ledger.add_version(int(form.letter.data), says, by=current_user)
        values = {"title": version.letter.title, "version": version.number}
        flash(_("“%(title)s” is saved as version %(version)s.", **values), "good")
    else:
        try:
            letter = ledger.add(" ".join((form.title.data or "").split()), says, by=current_user)
        except Taken:
            form.title.errors = [
                _("There is a template of this name. Choose it above, or enter another name.")
            ]
            return _asked(form, draft_or_404(mailing_id))
        flash(_("The template “%(title)s” is saved.", title=letter.title), "good")
    return redirect(url_for("drafts.edit", mailing_id=mailing_id), 303)


@bp.route(f"{MAILING}/letter/use", methods=["GET", "POST"])
@starters_only
def use(mailing_id: int) -> ResponseReturnValue:
    """Let a draft say what a letter says; asks before something else is lost by that."""
    mailing = draft_or_404(mailing_id)
    if mailing.state != MailingState.DRAFT:
        return redirect(url_for("drafts.edit", mailing_id=mailing.id), 303)
    chosen = None
    if request.method == "POST":
        letter_id, _dot, number = request.form.get("letter", "").partition(".")
        letter = (
            _letter_or_404(int(letter_id))
            if letter_id.isdecimal() and len(letter_id) < 10
            else None
        )
        if letter is None:
            flash(_("Choose a template."), "bad")
            return redirect(url_for("letters.use", mailing_id=mailing.id), 303)
        chosen = _version_or_404(letter.id, number)
        is_lost = draft_of(mailing) not in (NOTHING, says_of(chosen))
        if not is_lost or request.form.get("sure") == str(mailing.version):
            return _use(mailing, chosen)
    return render(
        "kinds/mailings/letters/use.html", mailing=mailing, letters=ledger.letters(), chosen=chosen
    )


def _use(mailing: Mailing, chosen: LetterVersion) -> ResponseReturnValue:
    says, title = says_of(chosen), chosen.letter.title
    values = {"subject": says.subject, "body": says.body, "html": says.html, "text": says.text}
    try:
        save(mailing.id, mailing.version, by=current_user, **values)
    except Changed:
        flash(_("The mailing was changed meanwhile. Look at it, then choose again."), "bad")
    else:
        flash(_("The mailing says what “%(title)s” says.", title=title), "good")
    return redirect(url_for("drafts.edit", mailing_id=mailing.id), 303)


def _asked(form: KeepForm, mailing: Mailing) -> ResponseReturnValue:
    page = render("kinds/mailings/letters/keep.html", form=form, mailing=mailing)
    return (page, 422) if form.errors or form.form_errors else page


def _letter_or_404(letter_id: int) -> Letter:
    letter = db.session.get(Letter, letter_id)
    if letter is None:
        abort(404, _("There is no such template."))
    return letter


def _version_or_404(letter_id: int, number: str) -> LetterVersion:
    known = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    version = db.session.get(LetterVersion, (letter_id, known))
    if version is None:
        abort(404, _("There is no such version."))
    return version
