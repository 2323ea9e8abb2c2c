"""Contact lists: all of them, a new one, one that is changed or deleted."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.jobs.contacts import find, lists
from dashboard.jobs.contacts.fields import TYPES
from dashboard.jobs.contacts.lists import FieldInUse, Gone, Stale
from dashboard.models import ContactList
from dashboard.web.access import address, starters_only
from dashboard.web.list_form import ListForm, form_for, moment_of
from dashboard.web.template import render
from dashboard.words import gettext as _, marked, ngettext, told

bp = Blueprint("contact_lists", __name__, url_prefix="/contacts")

CHANGED = marked(
    "Somebody else has changed this meanwhile, so nothing was saved. Open the page again to see it."
)


@bp.get("")
@starters_only
def index() -> ResponseReturnValue:
    """Show the lists that the person may see."""
    return render("contacts/index.html", lists=find.lists_of(current_user))


@bp.route("/new", methods=["GET", "POST"])
@starters_only
def make() -> ResponseReturnValue:
    """Make a list, or give the form back (422)."""
    form = ListForm()
    if request.method == "GET" or not form.validate():
        return _asked(form, None)
    _look_at_roles(form)
    found = lists.make_list(
        form.title.data or "",
        summary=form.summary.data or "",
        roles=form.roles,
        fields=form.fields.chosen,
        by=current_user,
        address=address(),
    )
    flash(
        _("“%(title)s” is made. Import contacts into it, or add them.", title=found.title), "good"
    )
    return redirect(url_for("contacts.index", list_id=found.id), 303)


@bp.route("/<int(max=2147483647):list_id>/edit", methods=["GET", "POST"])
@starters_only
def edit(list_id: int) -> ResponseReturnValue:
    """Change what a list is called, who sees it, and its fields."""
    found = list_or_404(list_id)
    form = form_for(found)
    if request.method == "GET":
        return _asked(form, found)
    seen = moment_of(form.seen.data)
    if not form.validate():
        return _asked(form, found)
    _look_at_roles(form)
    try:
        if seen is None:
            raise Stale
        lists.change_list(
            found.id,
            seen=seen,
            title=form.title.data or "",
            summary=form.summary.data or "",
            roles=form.roles,
            fields=form.fields.chosen,
            by=current_user,
            address=address(),
        )
    except FieldInUse as error:
        sentence = ngettext(
            "“%(label)s” stays: %(num)s contact has a value there. It can get another name.",
            "“%(label)s” stays: %(num)s contacts have a value there. It can get another name.",
            error.contacts,
            label=error.label,
        )
        form.fields.errors = [sentence]
        return _asked(form, found)
    except Stale:
        form.form_errors.append(told(CHANGED))
        return _asked(form, found, 409)
    except Gone:
        abort(404)
    flash(_("“%(title)s” is saved.", title=form.title.data), "good")
    return redirect(url_for("contacts.index", list_id=list_id), 303)


@bp.get("/<int(max=2147483647):list_id>/delete")
@starters_only
def confirm(list_id: int) -> ResponseReturnValue:
    """Ask before a list is deleted."""
    found = _deletable_or_404(list_id)
    return render("contacts/delete.html", list=found, count=find.count_of(found))


@bp.post("/<int(max=2147483647):list_id>/delete")
@starters_only
def delete(list_id: int) -> ResponseReturnValue:
    """Delete a list with all its contacts."""
    found = _deletable_or_404(list_id)
    title = found.title
    try:
        deleted = lists.delete_list(found.id, by=current_user, address=address())
    except Gone:
        abort(404)
    text = ngettext(
        "“%(title)s” is deleted, with %(num)s contact.",
        "“%(title)s” is deleted, with %(num)s contacts.",
        deleted,
        title=title,
    )
    flash(text, "good")
    return redirect(url_for("contact_lists.index"), 303)


def list_or_404(list_id: int) -> ContactList:
    """Give a list that the person may see; raises 404 else."""
    found = find.list_of(list_id, current_user)
    if found is None:
        abort(404, _("There is no such list."))
    return found


def may_delete(found: ContactList) -> bool:
    """Whether the person may delete a list: whoever made it, or an administrator."""
    return bool(current_user.is_admin or found.made_by_id == current_user.id)


def _deletable_or_404(list_id: int) -> ContactList:
    found = list_or_404(list_id)
    if not may_delete(found):
        abort(403, _("Only the person who made this list may delete it, and administrators."))
    return found


def _look_at_roles(form: ListForm) -> None:
    """Raise 403 for whoever would shut themselves out."""
    if current_user.role not in form.roles:
        abort(403, _("Only administrators may keep a list to themselves."))


def _asked(form: ListForm, found: ContactList | None, code: int = 422) -> ResponseReturnValue:
    types: dict[str, Any] = {name: told(words) for name, words in TYPES.items()}
    page = render("contacts/form.html", form=form, list=found, types=types)
    return (page, code) if form.errors or form.form_errors else page
